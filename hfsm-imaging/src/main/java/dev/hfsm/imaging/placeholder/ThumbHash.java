package dev.hfsm.imaging.placeholder;

/**
 * ThumbHash as its author defines it (github.com/evanw/thumbhash): the lowest terms of a cosine
 * transform of brightness, two differences of colours and alpha, in about 25 bytes. Knows alpha and
 * the shape of the picture.
 */
public final class ThumbHash {

  private ThumbHash() {}

  /** The binary form; its usual text form is base64. */
  public static byte[] of(Thumbnail picture) {
    int w = picture.width();
    int h = picture.height();
    double[] average = average(picture);
    boolean alpha = average[3] < picture.pixels();
    double[][] planes = planes(picture, average);
    int limit = alpha ? 5 : 7;
    int lx = Math.max(1, (int) Math.round(limit * (double) w / Math.max(w, h)));
    int ly = Math.max(1, (int) Math.round(limit * (double) h / Math.max(w, h)));
    Terms l = Terms.of(planes[0], w, h, Math.max(3, lx), Math.max(3, ly));
    Terms p = Terms.of(planes[1], w, h, 3, 3);
    Terms q = Terms.of(planes[2], w, h, 3, 3);
    boolean landscape = w > h;
    long header =
        Math.round(63 * l.dc)
            | Math.round(31.5 + 31.5 * p.dc) << 6
            | Math.round(31.5 + 31.5 * q.dc) << 12
            | Math.round(31 * l.scale) << 18
            | (alpha ? 1L : 0) << 23
            | (long) (landscape ? ly : lx) << 24
            | Math.round(63 * p.scale) << 27
            | Math.round(63 * q.scale) << 33
            | (landscape ? 1L : 0) << 39;
    Terms a = alpha ? Terms.of(planes[3], w, h, 5, 5) : Terms.NONE;
    int start = alpha ? 6 : 5;
    int count = l.ac.length + p.ac.length + q.ac.length + a.ac.length;
    byte[] hash = new byte[start + (count + 1) / 2];
    for (int i = 0; i < 5; i++) {
      hash[i] = (byte) (header >> 8 * i);
    }
    if (alpha) {
      hash[5] = (byte) (Math.round(15 * a.dc) | Math.round(15 * a.scale) << 4);
    }
    int index = 0;
    for (Terms terms : new Terms[] {l, p, q, a}) {
      for (double f : terms.ac) {
        hash[start + (index >> 1)] |= (byte) (Math.round(15 * f) << ((index & 1) << 2));
        index++;
      }
    }
    return hash;
  }

  /** Red, green, blue weighted by alpha, and the sum of alpha. */
  private static double[] average(Thumbnail picture) {
    double[] average = new double[4];
    for (int i = 0; i < picture.pixels(); i++) {
      double alpha = picture.sample(i, 3) / 255.0;
      for (int c = 0; c < 3; c++) {
        average[c] += alpha / 255 * picture.sample(i, c);
      }
      average[3] += alpha;
    }
    for (int c = 0; c < 3 && average[3] > 0; c++) {
      average[c] /= average[3];
    }
    return average;
  }

  /** Brightness, yellow less blue, red less green, alpha; what is transparent is average. */
  private static double[][] planes(Thumbnail picture, double[] average) {
    double[][] planes = new double[4][picture.pixels()];
    double[] rgb = new double[3];
    for (int i = 0; i < picture.pixels(); i++) {
      double alpha = picture.sample(i, 3) / 255.0;
      for (int c = 0; c < 3; c++) {
        rgb[c] = average[c] * (1 - alpha) + alpha / 255 * picture.sample(i, c);
      }
      planes[0][i] = (rgb[0] + rgb[1] + rgb[2]) / 3;
      planes[1][i] = (rgb[0] + rgb[1]) / 2 - rgb[2];
      planes[2][i] = rgb[0] - rgb[1];
      planes[3][i] = alpha;
    }
    return planes;
  }

  /** The terms of one plane; the varying ones scaled to 0 to 1. */
  private static final class Terms {
    static final Terms NONE = new Terms(0, new double[0], 0);

    final double dc;
    final double[] ac;
    final double scale;

    private Terms(double dc, double[] ac, double scale) {
      this.dc = dc;
      this.ac = ac;
      this.scale = scale;
    }

    static Terms of(double[] plane, int w, int h, int nx, int ny) {
      double dc = 0;
      double scale = 0;
      double[] ac = new double[nx * ny];
      int count = 0;
      for (int cy = 0; cy < ny; cy++) {
        double[] alongY = cosines(h, cy);
        for (int cx = 0; cx * ny < nx * (ny - cy); cx++) {
          double f = term(plane, cosines(w, cx), alongY);
          if (cx > 0 || cy > 0) {
            ac[count++] = f;
            scale = Math.max(scale, Math.abs(f));
          } else {
            dc = f;
          }
        }
      }
      double[] scaled = java.util.Arrays.copyOf(ac, count);
      for (int i = 0; i < count && scale > 0; i++) {
        scaled[i] = 0.5 + 0.5 / scale * scaled[i];
      }
      return new Terms(dc, scaled, scale);
    }

    private static double term(double[] plane, double[] alongX, double[] alongY) {
      double f = 0;
      for (int y = 0; y < alongY.length; y++) {
        for (int x = 0; x < alongX.length; x++) {
          f += plane[y * alongX.length + x] * alongX[x] * alongY[y];
        }
      }
      return f / plane.length;
    }

    private static double[] cosines(int length, int frequency) {
      double[] cosines = new double[length];
      for (int x = 0; x < length; x++) {
        cosines[x] = StrictMath.cos(Math.PI / length * frequency * (x + 0.5));
      }
      return cosines;
    }
  }
}
