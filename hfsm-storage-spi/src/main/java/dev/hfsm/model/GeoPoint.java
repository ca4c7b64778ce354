package dev.hfsm.model;

import dev.hfsm.error.MalformedTextException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place on earth (WGS 84).
 *
 * @param latitude degrees north, −90 to 90
 * @param longitude degrees east, −180 to 180
 */
public record GeoPoint(double latitude, double longitude) {

  private static final String DEGREES = "(-?[0-9]{1,3}(?:\\.[0-9]{1,20})?(?:E-?[0-9]{1,3})?)";
  private static final Pattern TEXT = Pattern.compile(DEGREES + "," + DEGREES);

  /** Validates the ranges. */
  public GeoPoint {
    if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
      throw new IllegalArgumentException(
          "expected latitude within ±90 and longitude within ±180, found "
              + latitude
              + ","
              + longitude);
    }
  }

  /**
   * Reads {@code <latitude>,<longitude>} in decimal degrees.
   *
   * @throws MalformedTextException if {@code text} is anything else
   */
  public static GeoPoint parse(String text) {
    Matcher m = TEXT.matcher(text);
    try {
      if (m.matches()) {
        return new GeoPoint(Double.parseDouble(m.group(1)), Double.parseDouble(m.group(2)));
      }
    } catch (IllegalArgumentException e) {
      // out of range: falls through to the one message below
    }
    throw new MalformedTextException("place", "<latitude>,<longitude>", text);
  }

  /** {@code <latitude>,<longitude>} in decimal degrees. */
  @Override
  public String toString() {
    return latitude + "," + longitude;
  }
}
