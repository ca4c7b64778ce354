package dev.hfsm.imaging.placeholder;

/**
 * A small picture in sRGB, from which placeholders are made. Not copied: must not change.
 *
 * @param width pixels, 1 to {@value #MAX_SIDE}
 * @param height pixels, 1 to {@value #MAX_SIDE}
 * @param rgba red, green, blue and straight alpha of each pixel, row by row
 */
public record Thumbnail(int width, int height, byte[] rgba) {

  /** More pixels change no placeholder, and ThumbHash allows no more. */
  public static final int MAX_SIDE = 100;

  /** Refuses sizes out of range, and arrays of another size. */
  public Thumbnail {
    if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
      throw new IllegalArgumentException(
          "thumbnail: expected sides of 1 to %d pixels, found %d × %d"
              .formatted(MAX_SIDE, width, height));
    }
    if (rgba.length != 4 * width * height) {
      throw new IllegalArgumentException(
          "thumbnail: expected %d bytes, found %d".formatted(4 * width * height, rgba.length));
    }
  }

  int sample(int pixel, int channel) {
    return rgba[4 * pixel + channel] & 0xFF;
  }

  int pixels() {
    return width * height;
  }
}
