package dev.hfsm.imaging.png;

/** The validated contents of IHDR. */
record PngHeader(int width, int height, int depth, int color, boolean interlaced) {

  static PngHeader parse(byte[] body, PngLimits limits) throws PngException {
    long width = u32(body, 0);
    long height = u32(body, 4);
    int depth = body[8] & 0xFF;
    int color = body[9] & 0xFF;
    boolean valid =
        switch (color) {
          case 0 -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
          case 3 -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
          case 2, 4, 6 -> depth == 8 || depth == 16;
          default -> false;
        };
    if (!valid || body[10] != 0 || body[11] != 0 || (body[12] & 0xFF) > 1) {
      throw PngException.malformed("its header is invalid");
    }
    if (width == 0 || height == 0 || width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
      throw PngException.malformed("it is " + width + " × " + height + " pixels");
    }
    // Eight bytes for a pixel at most, and a row has to fit an array.
    if (width > limits.maxPixels() / height || width > (Integer.MAX_VALUE - 64) / 8) {
      throw new PngException(
          PngException.Reason.TOO_LARGE,
          "it is %d × %d pixels; at most %d pixels are accepted"
              .formatted(width, height, limits.maxPixels()));
    }
    return new PngHeader((int) width, (int) height, depth, color, body[12] == 1);
  }

  static long u32(byte[] b, int at) {
    return (b[at] & 0xFFL) << 24
        | (b[at + 1] & 0xFF) << 16
        | (b[at + 2] & 0xFF) << 8
        | b[at + 3] & 0xFF;
  }

  /** Samples stored for a pixel. */
  int stored() {
    return switch (color) {
      case 2 -> 3;
      case 4 -> 2;
      case 6 -> 4;
      default -> 1;
    };
  }

  int bitsPerPixel() {
    return stored() * depth;
  }

  /** The distance that filters look back. */
  int filterBytes() {
    return Math.max(1, bitsPerPixel() / 8);
  }

  /** Bytes of a row of so many pixels, without its filter type. */
  int rowBytes(int pixels) {
    return (int) (((long) pixels * bitsPerPixel() + 7) / 8);
  }
}
