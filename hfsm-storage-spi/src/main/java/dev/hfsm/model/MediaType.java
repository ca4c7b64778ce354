package dev.hfsm.model;

import dev.hfsm.error.MalformedTextException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A media type without parameters (RFC 6838), lower case, for instance {@code image/jpeg}.
 *
 * @param text {@code type/subtype}
 */
public record MediaType(String text) {

  private static final Pattern TEXT =
      Pattern.compile("[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}");

  private static final Pattern ANY_CASE = Pattern.compile(TEXT.pattern(), Pattern.CASE_INSENSITIVE);

  public static final MediaType JPEG = new MediaType("image/jpeg");
  public static final MediaType PNG = new MediaType("image/png");
  public static final MediaType GIF = new MediaType("image/gif");
  public static final MediaType WEBP = new MediaType("image/webp");
  public static final MediaType BMP = new MediaType("image/bmp");
  public static final MediaType TIFF = new MediaType("image/tiff");

  /** What bytes are when nothing more is known. */
  public static final MediaType OCTET_STREAM = new MediaType("application/octet-stream");

  /** Validates the form. */
  public MediaType {
    if (!TEXT.matcher(text).matches()) {
      throw new IllegalArgumentException("media type: expected type/subtype, found " + text);
    }
  }

  /**
   * Reads {@code type/subtype}, ignoring case.
   *
   * @throws MalformedTextException if {@code text} is anything else
   */
  public static MediaType parse(String text) {
    // Matched before it is folded: some letters outside ASCII have an ASCII lower case.
    if (!ANY_CASE.matcher(text).matches()) {
      throw new MalformedTextException("media type", "type/subtype", text);
    }
    return new MediaType(text.toLowerCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return text;
  }
}
