package dev.hfsm.benchmarks;

import java.awt.image.BufferedImage;
import java.io.IOException;

/**
 * What a reduced picture should be: every pixel of the source, resized with a Lanczos filter of
 * three lobes in double precision, rows and columns, edges by leaving out weights that lie outside.
 * Knows how far a picture is from it.
 */
final class ReferencePicture {

  private static final int WINDOW = 8;
  private static final double C1 = 0.01 * 255 * 0.01 * 255;
  private static final double C2 = 0.03 * 255 * 0.03 * 255;

  final int width;
  final int height;
  private final double[][] samples;

  /**
   * How far a picture is away.
   *
   * @param mse mean square error over red, green and blue, of 255 × 255
   * @param ssim mean structural similarity of brightness (Wang et al. 2004), windows of 8 × 8
   */
  record Distance(double mse, double ssim) {}

  private ReferencePicture(int width, int height, double[][] samples) {
    this.width = width;
    this.height = height;
    this.samples = samples;
  }

  /** Of a decoded picture. */
  static ReferencePicture of(BufferedImage source, int width, int height) {
    double[][] planes = new double[3][];
    for (int c = 0; c < 3; c++) {
      planes[c] = resized(plane(source, c), source.getWidth(), source.getHeight(), width, height);
    }
    return new ReferencePicture(width, height, planes);
  }

  private static byte[] plane(BufferedImage image, int channel) {
    int w = image.getWidth();
    byte[] plane = new byte[w * image.getHeight()];
    int[] row = new int[w];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, w, 1, row, 0, w);
      for (int x = 0; x < w; x++) {
        plane[y * w + x] = (byte) (row[x] >> 16 - 8 * channel);
      }
    }
    return plane;
  }

  /** Columns first, so that no more than one source row is held in double precision at a time. */
  private static double[] resized(byte[] plane, int from, int rows, int to, int height) {
    double[] narrow = new double[to * rows];
    for (int x = 0; x < to; x++) {
      Weights across = Weights.of(x, from, to);
      for (int y = 0; y < rows; y++) {
        double sum = 0;
        for (int i = 0; i < across.values.length; i++) {
          sum += across.values[i] * (plane[y * from + across.first + i] & 0xFF);
        }
        narrow[y * to + x] = sum;
      }
    }
    double[] result = new double[to * height];
    for (int y = 0; y < height; y++) {
      Weights down = Weights.of(y, rows, height);
      for (int x = 0; x < to; x++) {
        double sum = 0;
        for (int i = 0; i < down.values.length; i++) {
          sum += down.values[i] * narrow[(down.first + i) * to + x];
        }
        result[y * to + x] = Math.max(0, Math.min(255, sum));
      }
    }
    return result;
  }

  /** What an output sample is made of. */
  private record Weights(int first, double[] values) {

    static Weights of(int output, int from, int to) {
      double step = from / (double) to;
      double centre = (output + 0.5) * step;
      double spread = Math.max(1, step);
      int first = (int) Math.max(0, Math.ceil(centre - 3 * spread - 0.5));
      int last = (int) Math.min(from - 1.0, Math.floor(centre + 3 * spread - 0.5));
      double[] values = new double[last - first + 1];
      double sum = 0;
      for (int i = 0; i < values.length; i++) {
        values[i] = lanczos((first + i + 0.5 - centre) / spread);
        sum += values[i];
      }
      for (int i = 0; i < values.length; i++) {
        values[i] /= sum;
      }
      return new Weights(first, values);
    }

    private static double lanczos(double x) {
      double a = Math.PI * x;
      return x == 0 ? 1 : Math.abs(x) >= 3 ? 0 : 3 * Math.sin(a) * Math.sin(a / 3) / (a * a);
    }
  }

  /** How far a picture of the same size is away. */
  Distance to(BufferedImage picture) throws IOException {
    if (picture.getWidth() != width || picture.getHeight() != height) {
      throw new IOException(
          "expected %d × %d pixels, found %d × %d"
              .formatted(width, height, picture.getWidth(), picture.getHeight()));
    }
    double[] seen = new double[width * height];
    double[] wanted = new double[width * height];
    double squares = 0;
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      picture.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        int i = y * width + x;
        double[] weights = {0.299, 0.587, 0.114};
        for (int c = 0; c < 3; c++) {
          int value = row[x] >> 16 - 8 * c & 0xFF;
          double difference = value - samples[c][i];
          squares += difference * difference;
          seen[i] += weights[c] * value;
          wanted[i] += weights[c] * samples[c][i];
        }
      }
    }
    return new Distance(squares / (3.0 * width * height), ssim(seen, wanted));
  }

  private double ssim(double[] a, double[] b) {
    double sum = 0;
    int count = 0;
    for (int y = 0; y + WINDOW <= height; y += WINDOW / 2) {
      for (int x = 0; x + WINDOW <= width; x += WINDOW / 2) {
        sum += window(a, b, y * width + x);
        count++;
      }
    }
    return sum / count;
  }

  private double window(double[] a, double[] b, int from) {
    double n = WINDOW * WINDOW;
    double meanA = 0;
    double meanB = 0;
    double squaresA = 0;
    double squaresB = 0;
    double products = 0;
    for (int y = 0; y < WINDOW; y++) {
      for (int i = from + y * width; i < from + y * width + WINDOW; i++) {
        meanA += a[i] / n;
        meanB += b[i] / n;
        squaresA += a[i] * a[i] / n;
        squaresB += b[i] * b[i] / n;
        products += a[i] * b[i] / n;
      }
    }
    double varianceA = squaresA - meanA * meanA;
    double varianceB = squaresB - meanB * meanB;
    double covariance = products - meanA * meanB;
    return (2 * meanA * meanB + C1)
        * (2 * covariance + C2)
        / ((meanA * meanA + meanB * meanB + C1) * (varianceA + varianceB + C2));
  }
}
