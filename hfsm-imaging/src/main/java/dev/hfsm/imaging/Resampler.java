package dev.hfsm.imaging;

/**
 * Applies {@link Weights} across and down to rows that come in one after another, and passes on the
 * finished rows in order. Holds a few rows of the result's width, never the picture. Every value is
 * computed in the same order whatever the bands the input came in.
 *
 * <p>The loops are plain and long on purpose: this is where the time goes.
 */
final class Resampler {

  /** Takes finished rows; the array is reused. */
  interface Sink {
    void row(int y, float[] row);
  }

  private final int channels;
  private final int offset;
  private final Weights across;
  private final Weights down;
  private final Sink sink;
  private final boolean scatters;
  private final float[][] kept;
  private final float[] result;
  private int next;
  private int done;
  private int opened;

  /**
   * @param channels samples of a pixel, side by side in a row
   * @param across for the columns
   * @param down for the rows
   * @param offset the first column that rows start with
   */
  Resampler(int channels, Weights across, Weights down, int offset, Sink sink) {
    this.channels = channels;
    this.across = across;
    this.down = down;
    this.offset = offset;
    this.sink = sink;
    int open = down.maxOpen();
    int taps = down.maxTaps();
    this.scatters = open < taps;
    this.kept = new float[scatters ? open : taps][across.count * channels];
    this.result = new float[across.count * channels];
    this.next = down.begin();
  }

  /** Bytes that an instance takes, at most. */
  static long bytes(int channels, Geometry.Axis across, Geometry.Axis down) {
    return 4L * channels * across.count() * 10 + 4096;
  }

  /** The next input row; the first is {@code down.begin()}. */
  void accept(float[] row) {
    int y = next++;
    if (scatters) {
      horizontal(row, result);
      spread(y);
    } else {
      horizontal(row, kept[y % kept.length]);
      gather(y);
    }
  }

  /** Adds the row to every output it has a part in; downscaling keeps few outputs open. */
  private void spread(int y) {
    while (opened < down.count && down.first[opened] <= y) {
      java.util.Arrays.fill(kept[opened % kept.length], 0f);
      opened++;
    }
    for (int o = done; o < opened; o++) {
      int tap = y - down.first[o];
      if (tap < down.taps(o)) {
        add(kept[o % kept.length], result, down.values[down.start[o] + tap]);
      }
    }
    while (done < opened && down.first[done] + down.taps(done) - 1 <= y) {
      sink.row(done, kept[done % kept.length]);
      done++;
    }
  }

  /** Sums up every output whose last row this is; upscaling keeps few inputs. */
  private void gather(int y) {
    while (done < down.count && down.first[done] + down.taps(done) - 1 <= y) {
      java.util.Arrays.fill(result, 0f);
      for (int tap = 0; tap < down.taps(done); tap++) {
        float[] input = kept[(down.first[done] + tap) % kept.length];
        add(result, input, down.values[down.start[done] + tap]);
      }
      sink.row(done, result);
      done++;
    }
  }

  private static void add(float[] sum, float[] row, float weight) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += row[i] * weight;
    }
  }

  private void horizontal(float[] in, float[] out) {
    switch (channels) {
      case 1 -> one(in, out);
      case 3 -> three(in, out);
      default -> four(in, out);
    }
  }

  private void one(float[] in, float[] out) {
    float[] w = across.values;
    for (int o = 0; o < across.count; o++) {
      int p = across.first[o] - offset;
      float a = 0;
      for (int i = across.start[o]; i < across.start[o + 1]; i++) {
        a += in[p++] * w[i];
      }
      out[o] = a;
    }
  }

  private void three(float[] in, float[] out) {
    float[] w = across.values;
    for (int o = 0; o < across.count; o++) {
      int p = (across.first[o] - offset) * 3;
      float a = 0;
      float b = 0;
      float c = 0;
      for (int i = across.start[o]; i < across.start[o + 1]; i++) {
        float v = w[i];
        a += in[p] * v;
        b += in[p + 1] * v;
        c += in[p + 2] * v;
        p += 3;
      }
      out[3 * o] = a;
      out[3 * o + 1] = b;
      out[3 * o + 2] = c;
    }
  }

  private void four(float[] in, float[] out) {
    float[] w = across.values;
    for (int o = 0; o < across.count; o++) {
      int p = (across.first[o] - offset) * 4;
      float a = 0;
      float b = 0;
      float c = 0;
      float d = 0;
      for (int i = across.start[o]; i < across.start[o + 1]; i++) {
        float v = w[i];
        a += in[p] * v;
        b += in[p + 1] * v;
        c += in[p + 2] * v;
        d += in[p + 3] * v;
        p += 4;
      }
      out[4 * o] = a;
      out[4 * o + 1] = b;
      out[4 * o + 2] = c;
      out[4 * o + 3] = d;
    }
  }
}
