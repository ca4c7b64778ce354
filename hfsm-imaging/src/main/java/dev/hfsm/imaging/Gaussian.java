package dev.hfsm.imaging;

import java.util.Arrays;

/**
 * A Gaussian blur of rows that come one after another, cut at three standard deviations; at an edge
 * the weights that would lie outside are left out. Holds the rows it reaches, never the picture.
 */
final class Gaussian {

  /** Takes blurred rows, in order; the array is used again. */
  interface Sink {
    void row(int y, float[] row);
  }

  private final int channels;
  private final int width;
  private final int height;
  private final int radius;
  private final float[] kernel;

  /** What a sample across is divided by: the weights that lie inside. */
  private final float[] sums;

  private final float[][] kept;
  private final float[] result;
  private final Sink sink;
  private int next;
  private int done;

  Gaussian(int channels, int width, int height, double sigma, Sink sink) {
    this.channels = channels;
    this.width = width;
    this.height = height;
    this.radius = radius(sigma);
    this.kernel = new float[radius + 1];
    for (int i = 0; i <= radius; i++) {
      double x = i / sigma;
      kernel[i] = (float) StrictMath.exp(-x * x / 2);
    }
    this.sums = new float[width];
    for (int x = 0; x < width; x++) {
      sums[x] = sum(x, width);
    }
    this.kept = new float[2 * radius + 1][width * channels];
    this.result = new float[width * channels];
    this.sink = sink;
  }

  private static int radius(double sigma) {
    return (int) Math.ceil(3 * sigma);
  }

  /** Bytes that an instance takes for rows of up to four channels. */
  static long bytes(int width, double sigma) {
    return 16L * width * (2 * radius(sigma) + 3) + 4096;
  }

  private float sum(int at, int length) {
    float sum = 0;
    for (int i = Math.max(0, at - radius); i <= Math.min(length - 1, at + radius); i++) {
      sum += kernel[Math.abs(i - at)];
    }
    return sum;
  }

  /** The next row; rows come out as soon as all that they depend on went in. */
  void accept(float[] row) {
    int y = next++;
    across(row, kept[y % kept.length]);
    while (done < height && (done + radius <= y || y == height - 1)) {
      down(done);
      sink.row(done++, result);
    }
  }

  private void down(int y) {
    int first = Math.max(0, y - radius);
    int last = Math.min(height - 1, y + radius);
    float sum = sum(y, height);
    Arrays.fill(result, 0f);
    for (int i = first; i <= last; i++) {
      add(result, kept[i % kept.length], 0, 0, result.length, kernel[Math.abs(i - y)] / sum);
    }
  }

  /** Adds the row to itself, shifted by each distance, and divides by the weights that were in. */
  private void across(float[] row, float[] into) {
    Arrays.fill(into, 0f);
    for (int i = -Math.min(radius, width - 1); i <= Math.min(radius, width - 1); i++) {
      int from = Math.max(0, i) * channels;
      int to = Math.max(0, -i) * channels;
      add(into, row, from, to, (width - Math.abs(i)) * channels, kernel[Math.abs(i)]);
    }
    for (int x = 0; x < width; x++) {
      for (int c = 0; c < channels; c++) {
        into[x * channels + c] /= sums[x];
      }
    }
  }

  private static void add(float[] sum, float[] row, int from, int to, int count, float weight) {
    for (int i = 0; i < count; i++) {
      sum[to + i] += row[from + i] * weight;
    }
  }
}
