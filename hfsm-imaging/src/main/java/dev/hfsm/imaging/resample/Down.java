package dev.hfsm.imaging.resample;

/**
 * Weighted sums of whole rows, four at a time. Written so that the compiler makes vector code of
 * the loops; each sample's sum has the same order of additions either way.
 */
final class Down {

  private Down() {}

  /** {@code sum = a * wa + b * wb + c * wc + d * wd}. */
  static void set(
      float[] sum,
      float[] a,
      float wa,
      float[] b,
      float wb,
      float[] c,
      float wc,
      float[] d,
      float wd,
      int n) {
    for (int i = 0; i < n; i++) {
      sum[i] = a[i] * wa + b[i] * wb + (c[i] * wc + d[i] * wd);
    }
  }

  /** {@code sum += a * wa + b * wb + c * wc + d * wd}. */
  static void add(
      float[] sum,
      float[] a,
      float wa,
      float[] b,
      float wb,
      float[] c,
      float wc,
      float[] d,
      float wd,
      int n) {
    for (int i = 0; i < n; i++) {
      sum[i] += a[i] * wa + b[i] * wb + (c[i] * wc + d[i] * wd);
    }
  }

  static void set(float[] sum, float[] a, float wa, int n) {
    for (int i = 0; i < n; i++) {
      sum[i] = a[i] * wa;
    }
  }

  static void add(float[] sum, float[] a, float wa, float[] b, float wb, int n) {
    for (int i = 0; i < n; i++) {
      sum[i] += a[i] * wa + b[i] * wb;
    }
  }

  static void add(float[] sum, float[] a, float wa, int n) {
    for (int i = 0; i < n; i++) {
      sum[i] += a[i] * wa;
    }
  }

  /** The rows {@code first} and the {@code used - 1} after it, of which a ring keeps the latest. */
  static void gather(float[] sum, float[][] ring, int first, float[] w, int at, int used, int n) {
    int size = ring.length;
    int k = 1;
    if (used >= 4) {
      set(
          sum,
          ring[first % size],
          w[at],
          ring[(first + 1) % size],
          w[at + 1],
          ring[(first + 2) % size],
          w[at + 2],
          ring[(first + 3) % size],
          w[at + 3],
          n);
      k = 4;
    } else {
      set(sum, ring[first % size], w[at], n);
    }
    for (; k + 4 <= used; k += 4) {
      int row = first + k;
      add(
          sum,
          ring[row % size],
          w[at + k],
          ring[(row + 1) % size],
          w[at + k + 1],
          ring[(row + 2) % size],
          w[at + k + 2],
          ring[(row + 3) % size],
          w[at + k + 3],
          n);
    }
    if (k + 2 <= used) {
      int row = first + k;
      add(sum, ring[row % size], w[at + k], ring[(row + 1) % size], w[at + k + 1], n);
      k += 2;
    }
    if (k < used) {
      add(sum, ring[(first + k) % size], w[at + k], n);
    }
  }
}
