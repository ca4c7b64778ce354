package dev.hfsm.imaging.png;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * In what form pixels are stored.
 *
 * @param color the colour type of IHDR
 * @param depth bits of a sample
 * @param palette alpha, red, green, blue of each index, transparent ones first; empty if there is
 *     none
 */
record PngLayout(int color, int depth, int[] palette) {

  static PngLayout plain(int channels) {
    int[] colors = {0, 4, 2, 6};
    return new PngLayout(colors[channels - 1], 8, new int[0]);
  }

  /** Bytes or, below 8 bits, samples that a pixel has in the rows of {@link #convert}. */
  int samples() {
    return switch (color) {
      case 2 -> 3;
      case 4 -> 2;
      case 6 -> 4;
      default -> 1;
    };
  }

  /**
   * Whether rows are filtered: neighbouring indices, or samples that share a byte, are not near
   * each other in value.
   */
  boolean filters() {
    return depth == 8 && color != 3;
  }

  private long bytes(long pixels) {
    long transparent = Arrays.stream(palette).filter(c -> c >>> 24 != 255).count();
    long header = palette.length == 0 ? 0 : 12 + 3L * palette.length + transparent + 12;
    return header + pixels * samples() * depth / 8;
  }

  /**
   * The form with the fewest bytes before compression that every pixel fits into.
   *
   * @param mayBeGrey whether a picture without colours may be stored without them
   */
  static PngLayout smallest(
      byte[] samples, int width, int height, int channels, boolean mayBeGrey) {
    Distinct distinct = new Distinct();
    boolean opaque = true;
    boolean grey = mayBeGrey;
    int pixels = width * height;
    for (int i = 0; i < pixels; i++) {
      int argb = argb(samples, i * channels, channels);
      opaque &= argb >>> 24 == 255;
      grey &= (argb & 0xFF) == (argb >> 8 & 0xFF) && (argb & 0xFF) == (argb >> 16 & 0xFF);
      distinct.add(argb);
    }
    int[] colors = distinct.sorted();
    PngLayout best = plain(grey ? (opaque ? 1 : 2) : (opaque ? 3 : 4));
    if (colors.length == 0) {
      return best;
    }
    if (grey && opaque) {
      best = new PngLayout(0, greyDepth(colors), new int[0]);
    }
    int depth = colors.length <= 2 ? 1 : colors.length <= 4 ? 2 : colors.length <= 16 ? 4 : 8;
    PngLayout indexed = new PngLayout(3, depth, colors);
    return indexed.bytes(pixels) < best.bytes(pixels) ? indexed : best;
  }

  /** The fewest bits with which all of these shades can be said. */
  private static int greyDepth(int[] colors) {
    return IntStream.of(1, 2, 4)
        .filter(d -> Arrays.stream(colors).allMatch(c -> (c & 0xFF) % (255 / ((1 << d) - 1)) == 0))
        .findFirst()
        .orElse(8);
  }

  private static int argb(byte[] samples, int at, int channels) {
    int first = samples[at] & 0xFF;
    return switch (channels) {
      case 1 -> 0xFF << 24 | first * 0x10101;
      case 2 -> (samples[at + 1] & 0xFF) << 24 | first * 0x10101;
      case 3 -> 0xFF << 24 | rgb(samples, at);
      default -> (samples[at + 3] & 0xFF) << 24 | rgb(samples, at);
    };
  }

  private static int rgb(byte[] samples, int at) {
    return (samples[at] & 0xFF) << 16 | (samples[at + 1] & 0xFF) << 8 | samples[at + 2] & 0xFF;
  }

  /** A row of this layout, one byte for each sample whatever its depth. */
  void convert(byte[] from, int at, int channels, byte[] to, int width) {
    for (int x = 0; x < width; x++) {
      int argb = argb(from, at + x * channels, channels);
      switch (color) {
        case 0 -> to[x] = (byte) ((argb & 0xFF) / (255 / ((1 << depth) - 1)));
        case 2 -> {
          to[3 * x] = (byte) (argb >> 16);
          to[3 * x + 1] = (byte) (argb >> 8);
          to[3 * x + 2] = (byte) argb;
        }
        case 3 -> to[x] = (byte) index(argb);
        case 4 -> {
          to[2 * x] = (byte) argb;
          to[2 * x + 1] = (byte) (argb >>> 24);
        }
        default -> {
          to[4 * x] = (byte) (argb >> 16);
          to[4 * x + 1] = (byte) (argb >> 8);
          to[4 * x + 2] = (byte) argb;
          to[4 * x + 3] = (byte) (argb >>> 24);
        }
      }
    }
  }

  private int index(int argb) {
    int low = 0;
    int high = palette.length - 1;
    while (low < high) {
      int middle = low + high >>> 1;
      if (Integer.compareUnsigned(palette[middle], argb) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Up to 256 different colours, by open addressing. */
  private static final class Distinct {
    private static final int FLIP = Integer.MIN_VALUE;
    private static final int SLOTS = 1024;
    private final int[] colors = new int[SLOTS];
    private final boolean[] taken = new boolean[SLOTS];
    private int count;
    private int latest;

    void add(int argb) {
      if (count > 256 || count > 0 && argb == latest) {
        return;
      }
      latest = argb;
      int slot = (argb * 0x9E3779B1 >>> 22) % SLOTS;
      while (taken[slot] && colors[slot] != argb) {
        slot = (slot + 1) % SLOTS;
      }
      if (!taken[slot]) {
        taken[slot] = true;
        colors[slot] = argb;
        count++;
      }
    }

    /** As unsigned numbers, so that transparent ones come first; empty if there are too many. */
    int[] sorted() {
      if (count > 256) {
        return new int[0];
      }
      return IntStream.range(0, SLOTS)
          .filter(i -> taken[i])
          .map(i -> colors[i] ^ FLIP)
          .sorted()
          .map(c -> c ^ FLIP)
          .toArray();
    }
  }
}
