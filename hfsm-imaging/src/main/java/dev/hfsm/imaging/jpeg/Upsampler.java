package dev.hfsm.imaging.jpeg;

/** Brings one component to the size of the picture, row by row, as libjpeg-turbo does it. */
final class Upsampler {

  private final int width;
  private final int height;
  private final int factorX;
  private final int factorY;
  private final boolean smoothX;
  private final boolean smoothY;
  private final int ownX;
  private final int ownY;
  private final JpegPlane plane;
  private final float[] samples;
  private final int[] sums;
  private final int[] row;

  Upsampler(JpegFrame frame, int component, JpegPlanes planes) {
    JpegComponent c = frame.components().get(component);
    plane = planes.plane(component);
    samples = planes.samples(component);
    factorX = frame.across();
    factorY = frame.down();
    ownX = c.across();
    ownY = c.down();
    boolean twiceX = factorX == 2 * ownX;
    boolean twiceY = factorY == 2 * ownY;
    boolean wide = plane.width() > 2;
    smoothX = twiceX && wide && (twiceY || factorY == ownY);
    smoothY = twiceY && (twiceX ? wide : factorX == ownX);
    width = plane.width();
    height = plane.height();
    sums = new int[width];
    row = new int[frame.width() + 2 * factorX];
  }

  private int sample(int x, int y) {
    return (int) (samples[Math.max(0, Math.min(height - 1, y)) * width + x] + 0.5f);
  }

  /** A row of the picture; the array is used again. */
  int[] row(int y) {
    int own = Math.min(height - 1, y * ownY / factorY);
    int weight = 1;
    for (int x = 0; x < width; x++) {
      sums[x] = sample(x, own);
    }
    if (smoothY) {
      int other = (y & 1) == 0 ? own - 1 : own + 1;
      for (int x = 0; x < width; x++) {
        sums[x] = 3 * sums[x] + sample(x, other);
      }
      weight = 4;
    }
    if (smoothX) {
      twice(weight);
    } else {
      int bias = weight == 1 ? 0 : (y & 1) == 0 ? 1 : 2;
      int shift = weight == 1 ? 0 : 2;
      for (int x = 0; x < row.length; x++) {
        row[x] = sums[Math.min(width - 1, x * ownX / factorX)] + bias >> shift;
      }
    }
    return row;
  }

  /** The triangle filter of libjpeg's jdsample.c, with its ordered rounding. */
  private void twice(int weight) {
    int shift = weight == 1 ? 2 : 4;
    int even = weight == 1 ? 1 : 8;
    int odd = weight == 1 ? 2 : 7;
    for (int x = 0; x < width && 2 * x + 1 < row.length; x++) {
      int here = sums[x];
      int before = sums[Math.max(0, x - 1)];
      int after = sums[Math.min(width - 1, x + 1)];
      row[2 * x] = 3 * here + before + even >> shift;
      row[2 * x + 1] = 3 * here + after + odd >> shift;
    }
  }
}
