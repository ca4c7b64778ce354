package dev.hfsm.imaging.jpeg;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A sequential JPEG made of random coefficients, with any sampling factors, scans and restart
 * intervals, together with what it must decode to by the definition of the transform. Its Huffman
 * tables are the simplest there can be: every code has the same length and is its own symbol.
 */
final class ReferenceJpeg {

  private static final int[] ZIGZAG = zigzag();

  final int width;
  final int height;
  final int[] across;
  final int[] down;
  final byte[] bytes;
  private final int[] quantisation = new int[64];

  /** By component, row of blocks, block: coefficients in zigzag order. */
  private final List<int[][][]> blocks = new ArrayList<>();

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final int hmax;
  private final int vmax;
  private final int interval;
  private final SplittableRandom random;
  private int held;
  private int heldBits;

  /**
   * @param scans the components of each scan
   * @param dense of 100, how many of the coefficients are not zero
   */
  ReferenceJpeg(
      SplittableRandom random,
      int width,
      int height,
      int[] across,
      int[] down,
      List<List<Integer>> scans,
      int interval,
      int dense) {
    this.random = random;
    this.width = width;
    this.height = height;
    this.across = across;
    this.down = down;
    this.interval = interval;
    this.hmax = java.util.Arrays.stream(across).max().orElseThrow();
    this.vmax = java.util.Arrays.stream(down).max().orElseThrow();
    for (int k = 0; k < 64; k++) {
      quantisation[k] = 1 + random.nextInt(8);
    }
    for (int c = 0; c < across.length; c++) {
      int[][][] rows = new int[mcus(height, vmax) * down[c]][mcus(width, hmax) * across[c]][];
      for (int[][] row : rows) {
        for (int x = 0; x < row.length; x++) {
          row[x] = block(dense);
        }
      }
      blocks.add(rows);
    }
    this.bytes = write(scans);
  }

  private static int mcus(int pixels, int factor) {
    return (pixels + 8 * factor - 1) / (8 * factor);
  }

  private int[] block(int dense) {
    int[] block = new int[64];
    block[0] = random.nextInt(-800, 800) / quantisation[0];
    int size = 1 + random.nextInt(random.nextInt(4) == 0 ? 200 : 24);
    for (int k = 1; k < 64; k++) {
      if (random.nextInt(100) < dense) {
        block[k] = random.nextInt(-size, size + 1);
      }
    }
    return block;
  }

  private byte[] write(List<List<Integer>> scans) {
    bytes(0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0);
    bytes(quantisation);
    bytes(0xFF, 0xC0, 0, 8 + 3 * across.length, 8);
    bytes(height >> 8, height & 255, width >> 8, width & 255, across.length);
    for (int c = 0; c < across.length; c++) {
      bytes(c + 1, across[c] << 4 | down[c], 0);
    }
    // 12 codes of 4 bits; 251 codes of 8 bits.
    bytes(0xFF, 0xC4, 0, 31, 0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    bytes(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    bytes(0xFF, 0xC4, 270 >> 8, 270 & 255, 0x10, 0, 0, 0, 0, 0, 0, 0, 251, 0, 0, 0, 0, 0, 0, 0, 0);
    for (int i = 0; i < 251; i++) {
      bytes(i);
    }
    if (interval > 0) {
      bytes(0xFF, 0xDD, 0, 4, interval >> 8, interval & 255);
    }
    for (List<Integer> scan : scans) {
      bytes(0xFF, 0xDA, 0, 6 + 2 * scan.size(), scan.size());
      for (int c : scan) {
        bytes(c + 1, 0);
      }
      bytes(0, 63, 0);
      scan(scan);
    }
    bytes(0xFF, 0xD9);
    return out.toByteArray();
  }

  private void bytes(int... values) {
    for (int value : values) {
      out.write(value);
    }
  }

  private void scan(List<Integer> components) {
    boolean alone = components.size() == 1;
    int first = components.get(0);
    int columns = alone ? samples(width, across[first], hmax, 8) : mcus(width, hmax);
    int rows = alone ? samples(height, down[first], vmax, 8) : mcus(height, vmax);
    columns = alone ? (columns + 7) / 8 : columns;
    rows = alone ? (rows + 7) / 8 : rows;
    int[] before = new int[4];
    for (int m = 0; m < columns * rows; m++) {
      if (interval > 0 && m > 0 && m % interval == 0) {
        flush();
        bytes(0xFF, 0xD0 + (m / interval - 1) % 8);
        before = new int[4];
      }
      int x = m % columns;
      int y = m / columns;
      for (int c : components) {
        int h = alone ? 1 : across[c];
        int v = alone ? 1 : down[c];
        for (int i = 0; i < h * v; i++) {
          int[] block = blocks.get(c)[y * v + i / h][x * h + i % h];
          code(block, before[c]);
          before[c] = block[0];
        }
      }
    }
    flush();
  }

  private void code(int[] block, int before) {
    int difference = block[0] - before;
    int size = 32 - Integer.numberOfLeadingZeros(Math.abs(difference));
    bits(size, 4);
    bits(difference < 0 ? difference - 1 : difference, size);
    int run = 0;
    for (int k = 1; k < 64; k++) {
      if (block[k] == 0) {
        run++;
        continue;
      }
      for (; run > 15; run -= 16) {
        bits(0xF0, 8);
      }
      int bits = 32 - Integer.numberOfLeadingZeros(Math.abs(block[k]));
      bits(run << 4 | bits, 8);
      bits(block[k] < 0 ? block[k] - 1 : block[k], bits);
      run = 0;
    }
    if (run > 0) {
      bits(0, 8);
    }
  }

  private void bits(int value, int count) {
    for (int i = count - 1; i >= 0; i--) {
      held = held << 1 | value >> i & 1;
      if (++heldBits == 8) {
        out.write(held & 0xFF);
        if ((held & 0xFF) == 0xFF) {
          out.write(0);
        }
        heldBits = 0;
      }
    }
  }

  private void flush() {
    while (heldBits > 0) {
      bits(1, 1);
    }
  }

  private static int samples(int pixels, int factor, int largest, int n) {
    return (pixels * factor * n + 8 * largest - 1) / (8 * largest);
  }

  /** The value of a sample by the definition: the transform of the corner of n × n coefficients. */
  double sample(int component, int n, int x, int y) {
    int[] block = blocks.get(component)[y / n][x / n];
    double sum = 0;
    for (int k = 0; k < 64; k++) {
      int u = ZIGZAG[k] & 7;
      int v = ZIGZAG[k] >> 3;
      if (u < n && v < n && block[k] != 0) {
        sum +=
            (u == 0 ? Math.sqrt(0.5) : 1)
                * (v == 0 ? Math.sqrt(0.5) : 1)
                * (block[k] * quantisation[k])
                * Math.cos((2 * (x % n) + 1) * u * Math.PI / (2 * n))
                * Math.cos((2 * (y % n) + 1) * v * Math.PI / (2 * n));
      }
    }
    return Math.max(0, Math.min(255, sum / 4 + 128));
  }

  private static int[] zigzag() {
    int[] order = new int[64];
    int x = 0;
    int y = 0;
    for (int k = 0; k < 64; k++) {
      order[k] = 8 * y + x;
      boolean up = (x + y) % 2 == 0;
      if (up ? x == 7 : y == 7) {
        y += up ? 1 : 0;
        x += up ? 0 : 1;
      } else if (up ? y == 0 : x == 0) {
        x += up ? 1 : 0;
        y += up ? 0 : 1;
      } else {
        x += up ? 1 : -1;
        y += up ? -1 : 1;
      }
    }
    return order;
  }
}
