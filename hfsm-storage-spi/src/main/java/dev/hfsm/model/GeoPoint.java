package dev.hfsm.model;

import dev.hfsm.error.MalformedTextException;

/**
 * A place on earth (WGS 84).
 *
 * @param latitude degrees north, −90 to 90
 * @param longitude degrees east, −180 to 180
 */
public record GeoPoint(double latitude, double longitude) {

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
    int comma = text.indexOf(',');
    try {
      return new GeoPoint(
          Double.parseDouble(text.substring(0, Math.max(comma, 0))),
          Double.parseDouble(text.substring(comma + 1)));
    } catch (IllegalArgumentException e) {
      throw new MalformedTextException("place", "<latitude>,<longitude>", text);
    }
  }

  /** {@code <latitude>,<longitude>} in decimal degrees. */
  @Override
  public String toString() {
    return latitude + "," + longitude;
  }
}
