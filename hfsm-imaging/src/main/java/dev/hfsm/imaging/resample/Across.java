package dev.hfsm.imaging.resample;

/**
 * Applies a kernel along rows. The loops are long and plain on purpose: this is where the time of
 * resizing goes, and the samples of several rows or channels side by side are what keeps a
 * processor's units busy.
 */
final class Across {

  private final int count;
  private final int taps;
  private final int stride;
  private final int[] first;
  private final float[] weights;
  private final boolean doubles;

  /**
   * @param kernel placed with {@link Kernel#within}
   */
  Across(Kernel kernel) {
    this.count = kernel.count;
    this.taps = kernel.taps;
    this.stride = kernel.stride;
    this.first = kernel.first;
    this.weights = kernel.weights;
    this.doubles = doubling();
  }

  /** Whether all but the outermost outputs lie a quarter of the way between two samples. */
  private boolean doubling() {
    boolean doubles = count > 2 && taps > 1;
    for (int o = 1; doubles && o < count - 1; o++) {
      int near = o >> 1;
      int other = (o & 1) == 0 ? near - 1 : near + 1;
      doubles = weight(o, near) == 0.75f && weight(o, other) == 0.25f;
    }
    return doubles;
  }

  private float weight(int output, int sample) {
    int tap = sample - first[output];
    return tap < 0 || tap >= taps ? 0 : weights[output * stride + tap];
  }

  void apply(int channels, float[] in, float[] out) {
    switch (channels) {
      case 1 -> one(in, out);
      case 2 -> two(in, out);
      case 3 -> three(in, out);
      default -> four(in, out);
    }
  }

  private void one(float[] in, float[] out) {
    if (doubles) {
      any(in, out, 0, 1);
      twice(in, out, (count - 1) / 2);
      any(in, out, (count - 1) / 2 * 2, count);
    } else {
      any(in, out, 0, count);
    }
  }

  private static void twice(float[] in, float[] out, int pairs) {
    float a = in[0];
    for (int i = 0, o = 1; i < pairs; i++, o += 2) {
      float b = in[i + 1];
      out[o] = a * 0.75f + b * 0.25f;
      out[o + 1] = a * 0.25f + b * 0.75f;
      a = b;
    }
  }

  private void any(float[] in, float[] out, int from, int to) {
    float[] w = weights;
    for (int o = from; o < to; o++) {
      int p = first[o];
      int v = o * stride;
      float s = 0;
      for (int end = v + taps; v < end; v++, p++) {
        s += in[p] * w[v];
      }
      out[o] = s;
    }
  }

  /** Four rows of one channel. */
  void four(float[][] in, float[][] out) {
    if (doubles) {
      for (int row = 0; row < 4; row++) {
        one(in[row], out[row]);
      }
    } else if (taps == 8) {
      eightTaps(in[0], in[1], out[0], out[1]);
      eightTaps(in[2], in[3], out[2], out[3]);
    } else {
      anyTaps(in[0], in[1], in[2], in[3], out);
    }
  }

  private void eightTaps(float[] a, float[] b, float[] outA, float[] outB) {
    float[] w = weights;
    for (int o = 0; o < count; o++) {
      int p = first[o];
      int v = o * stride;
      float w0 = w[v];
      float w1 = w[v + 1];
      float w2 = w[v + 2];
      float w3 = w[v + 3];
      float w4 = w[v + 4];
      float w5 = w[v + 5];
      float w6 = w[v + 6];
      float w7 = w[v + 7];
      outA[o] =
          (a[p] * w0 + a[p + 1] * w1 + (a[p + 2] * w2 + a[p + 3] * w3))
              + (a[p + 4] * w4 + a[p + 5] * w5 + (a[p + 6] * w6 + a[p + 7] * w7));
      outB[o] =
          (b[p] * w0 + b[p + 1] * w1 + (b[p + 2] * w2 + b[p + 3] * w3))
              + (b[p + 4] * w4 + b[p + 5] * w5 + (b[p + 6] * w6 + b[p + 7] * w7));
    }
  }

  private void anyTaps(float[] a, float[] b, float[] c, float[] d, float[][] out) {
    float[] w = weights;
    float[] outA = out[0];
    float[] outB = out[1];
    float[] outC = out[2];
    float[] outD = out[3];
    int quads = taps & ~3;
    for (int o = 0; o < count; o++) {
      int p = first[o];
      int v = o * stride;
      int end = v + taps;
      float sa = 0;
      float sb = 0;
      float sc = 0;
      float sd = 0;
      for (int quad = v + quads; v < quad; v += 4, p += 4) {
        float w0 = w[v];
        float w1 = w[v + 1];
        float w2 = w[v + 2];
        float w3 = w[v + 3];
        sa += a[p] * w0 + a[p + 1] * w1 + (a[p + 2] * w2 + a[p + 3] * w3);
        sb += b[p] * w0 + b[p + 1] * w1 + (b[p + 2] * w2 + b[p + 3] * w3);
        sc += c[p] * w0 + c[p + 1] * w1 + (c[p + 2] * w2 + c[p + 3] * w3);
        sd += d[p] * w0 + d[p + 1] * w1 + (d[p + 2] * w2 + d[p + 3] * w3);
      }
      for (; v < end; v++, p++) {
        float w0 = w[v];
        sa += a[p] * w0;
        sb += b[p] * w0;
        sc += c[p] * w0;
        sd += d[p] * w0;
      }
      outA[o] = sa;
      outB[o] = sb;
      outC[o] = sc;
      outD[o] = sd;
    }
  }

  private void two(float[] in, float[] out) {
    float[] w = weights;
    for (int o = 0; o < count; o++) {
      int p = 2 * first[o];
      int v = o * stride;
      float a = 0;
      float b = 0;
      for (int end = v + taps; v < end; v++, p += 2) {
        float weight = w[v];
        a += in[p] * weight;
        b += in[p + 1] * weight;
      }
      out[2 * o] = a;
      out[2 * o + 1] = b;
    }
  }

  private void three(float[] in, float[] out) {
    float[] w = weights;
    for (int o = 0; o < count; o++) {
      int p = 3 * first[o];
      int v = o * stride;
      float a = 0;
      float b = 0;
      float c = 0;
      for (int end = v + taps; v < end; v++, p += 3) {
        float weight = w[v];
        a += in[p] * weight;
        b += in[p + 1] * weight;
        c += in[p + 2] * weight;
      }
      out[3 * o] = a;
      out[3 * o + 1] = b;
      out[3 * o + 2] = c;
    }
  }

  private void four(float[] in, float[] out) {
    float[] w = weights;
    for (int o = 0; o < count; o++) {
      int p = 4 * first[o];
      int v = o * stride;
      float a = 0;
      float b = 0;
      float c = 0;
      float d = 0;
      for (int end = v + taps; v < end; v++, p += 4) {
        float weight = w[v];
        a += in[p] * weight;
        b += in[p + 1] * weight;
        c += in[p + 2] * weight;
        d += in[p + 3] * weight;
      }
      out[4 * o] = a;
      out[4 * o + 1] = b;
      out[4 * o + 2] = c;
      out[4 * o + 3] = d;
    }
  }
}
