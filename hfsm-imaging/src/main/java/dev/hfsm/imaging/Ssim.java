package dev.hfsm.imaging;

/**
 * Structural similarity of two grey pictures: Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli,
 * "Image Quality Assessment: From Error Visibility to Structural Similarity" (2004), equation 13
 * with K1 = 0.01 and K2 = 0.03, over windows of 8 × 8 pixels of equal weight, one at every fourth
 * column and row and at the right and lower edge; the mean over all windows.
 */
final class Ssim {

  private static final int WINDOW = 8;
  private static final int STEP = 4;
  private static final double C1 = 0.01 * 255 * 0.01 * 255;
  private static final double C2 = 0.03 * 255 * 0.03 * 255;

  private Ssim() {}

  /**
   * From -1 to 1, which means equal.
   *
   * @param a samples of 0 to 255, row by row
   * @param b of the same size
   */
  static double mean(byte[] a, byte[] b, int width, int height) {
    if (a.length != width * height || b.length != a.length) {
      throw new IllegalArgumentException("ssim: expected two pictures of the same size");
    }
    double sum = 0;
    long count = 0;
    for (int y = 0; y >= 0; y = next(y, height)) {
      for (int x = 0; x >= 0; x = next(x, width)) {
        sum += window(a, b, y * width + x, width, Math.min(WINDOW, width), rows(height));
        count++;
      }
    }
    return sum / count;
  }

  private static int rows(int height) {
    return Math.min(WINDOW, height);
  }

  /** Where the window after the one at {@code at} begins, or -1 after the last. */
  private static int next(int at, int length) {
    int last = Math.max(0, length - WINDOW);
    return at == last ? -1 : Math.min(at + STEP, last);
  }

  private static double window(byte[] a, byte[] b, int from, int stride, int width, int height) {
    int sumA = 0;
    int sumB = 0;
    int squares = 0;
    int products = 0;
    int squaresB = 0;
    for (int y = 0, row = from; y < height; y++, row += stride) {
      for (int i = row; i < row + width; i++) {
        int p = a[i] & 0xFF;
        int q = b[i] & 0xFF;
        sumA += p;
        sumB += q;
        squares += p * p;
        squaresB += q * q;
        products += p * q;
      }
    }
    double n = width * height;
    double meanA = sumA / n;
    double meanB = sumB / n;
    double varianceA = squares / n - meanA * meanA;
    double varianceB = squaresB / n - meanB * meanB;
    double covariance = products / n - meanA * meanB;
    return (2 * meanA * meanB + C1)
        * (2 * covariance + C2)
        / ((meanA * meanA + meanB * meanB + C1) * (varianceA + varianceB + C2));
  }
}
