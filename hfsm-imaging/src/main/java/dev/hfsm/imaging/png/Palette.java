package dev.hfsm.imaging.png;

import org.jspecify.annotations.Nullable;

/**
 * What stored samples mean: turns rows of them, one or two bytes each, into rows of straight grey
 * or RGB, with alpha where there is some.
 */
final class Palette {

  private final PngHeader header;

  /** Red, green, blue, alpha of all 256 indices; opaque black where the palette ends. */
  private final byte @Nullable [] colors;

  /** The stored samples that mean transparent. */
  private final int @Nullable [] transparent;

  private final int channels;

  Palette(PngHeader header, byte @Nullable [] palette, byte @Nullable [] transparency) {
    this.header = header;
    boolean indexed = header.color() == 3;
    boolean some = indexed && transparency != null && transparency.length > 0;
    this.colors = indexed && palette != null ? colors(palette, transparency) : null;
    this.transparent =
        (header.color() == 0 || header.color() == 2) ? key(header, transparency) : null;
    int plain = indexed ? 3 : header.stored();
    this.channels = plain + (some || transparent != null ? 1 : 0);
  }

  /** 1 to 4. */
  int channels() {
    return channels;
  }

  private static byte[] colors(byte[] palette, byte @Nullable [] transparency) {
    byte[] colors = new byte[4 * 256];
    for (int i = 0; i < 256; i++) {
      if (3 * i < palette.length) {
        System.arraycopy(palette, 3 * i, colors, 4 * i, 3);
      }
      boolean told = transparency != null && i < transparency.length;
      colors[4 * i + 3] = told ? transparency[i] : -1;
    }
    return colors;
  }

  /** Absent if the chunk does not have the length it should. */
  private static int @Nullable [] key(PngHeader header, byte @Nullable [] transparency) {
    if (transparency == null || transparency.length != 2 * header.stored()) {
      return null;
    }
    int[] key = new int[header.stored()];
    for (int c = 0; c < key.length; c++) {
      int value = (transparency[2 * c] & 0xFF) << 8 | transparency[2 * c + 1] & 0xFF;
      key[c] = value & (1 << header.depth()) - 1;
    }
    return key;
  }

  /** Samples of 0 to 255. */
  void expand(byte[] from, int at, byte[] to, int offset, int n) {
    if (colors != null) {
      indexed(colors, from, at, to, offset, n);
    } else if (transparent == null && header.depth() == 8) {
      System.arraycopy(from, at, to, offset, n * channels);
    } else {
      int q = offset;
      for (int x = 0; x < n; x++) {
        boolean hidden = transparent != null;
        for (int c = 0; c < header.stored(); c++) {
          int sample = sample(from, at, x * header.stored() + c);
          hidden = hidden && transparent != null && transparent[c] == sample;
          to[q++] = (byte) eight(sample);
        }
        if (transparent != null) {
          to[q++] = (byte) (hidden ? 0 : 255);
        }
      }
    }
  }

  /** Samples of 0 to 65535. */
  void expand(byte[] from, int at, short[] to, int offset, int n) {
    int q = offset;
    for (int x = 0; x < n; x++) {
      if (colors != null) {
        for (int c = 0; c < channels; c++) {
          to[q++] = (short) ((colors[4 * (from[at + x] & 0xFF) + c] & 0xFF) * 257);
        }
        continue;
      }
      boolean hidden = transparent != null;
      for (int c = 0; c < header.stored(); c++) {
        int sample = sample(from, at, x * header.stored() + c);
        hidden = hidden && transparent != null && transparent[c] == sample;
        to[q++] = (short) (header.depth() == 16 ? sample : eight(sample) * 257);
      }
      if (transparent != null) {
        to[q++] = (short) (hidden ? 0 : 65_535);
      }
    }
  }

  private int sample(byte[] from, int at, int index) {
    if (header.depth() == 16) {
      return (from[at + 2 * index] & 0xFF) << 8 | from[at + 2 * index + 1] & 0xFF;
    }
    return from[at + index] & 0xFF;
  }

  /** Scaled to 0 to 255; 16 bits are rounded to the nearest. */
  private int eight(int sample) {
    return switch (header.depth()) {
      case 16 -> sample * 255 + 32_895 >> 16;
      case 8 -> sample;
      default -> sample * (255 / ((1 << header.depth()) - 1));
    };
  }

  private void indexed(byte[] table, byte[] from, int at, byte[] to, int offset, int n) {
    int q = offset;
    for (int x = 0; x < n; x++) {
      int color = 4 * (from[at + x] & 0xFF);
      to[q] = table[color];
      to[q + 1] = table[color + 1];
      to[q + 2] = table[color + 2];
      if (channels == 4) {
        to[q + 3] = table[color + 3];
      }
      q += channels;
    }
  }
}
