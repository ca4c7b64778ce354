package dev.hfsm.transform;

/**
 * A colour in sRGB.
 *
 * @param rgba 8 bits each of red, green, blue and alpha (255 is opaque), red in the highest place
 */
public record Color(int rgba) {

  /** Opaque white. */
  public static final Color WHITE = new Color(0xFFFFFFFF);

  /** Opaque, from {@code 0xRRGGBB}. */
  public static Color rgb(int rgb) {
    return new Color(rgb << 8 | 0xFF);
  }

  /** 0 to 255. */
  public int red() {
    return rgba >>> 24;
  }

  /** 0 to 255. */
  public int green() {
    return rgba >>> 16 & 0xFF;
  }

  /** 0 to 255. */
  public int blue() {
    return rgba >>> 8 & 0xFF;
  }

  /** 0 (transparent) to 255 (opaque). */
  public int alpha() {
    return rgba & 0xFF;
  }

  /** {@code rrggbb}, or {@code rrggbbaa} if not opaque, in lower-case hex. */
  @Override
  public String toString() {
    return alpha() == 255 ? "%06x".formatted(rgba >>> 8) : "%08x".formatted(rgba);
  }
}
