package dev.hfsm.imaging.gif;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Writes a GIF from whole pictures, of which only the rectangle that changes is stored, and in it
 * only the pixels that change. Each frame has a palette of its own of at most 256 colours. A pixel
 * is transparent if its alpha is below one half, else it is opaque. Nothing but the pictures, their
 * delays and the number of repetitions is written.
 *
 * <p>For use by one thread. The stream is neither flushed nor closed.
 */
public final class GifWriter {

  /** The longest side that the format knows. */
  public static final int MAX_SIDE = 65_535;

  private static final int KEEP = 1;
  private static final int CLEAR = 2;

  private final OutputStream out;
  private final int width;
  private final int height;
  private final Runnable check;
  private final Quantizer quantizer = new Quantizer();
  private final LzwEncoder lzw;
  private final int[] part;
  private final byte[] indices;

  /** What is seen when the pending frame is drawn, then the pending frame. */
  private int[] base;

  private int[] pending;
  private int[] coming;
  private int pendingDelay = -1;
  private boolean begun;

  /**
   * Begins a file.
   *
   * @param loops how often it is repeated, 0 for ever; empty to be shown once
   * @param check called now and then; throws to stop
   */
  public GifWriter(int width, int height, OptionalInt loops, OutputStream out, Runnable check)
      throws IOException {
    if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
      throw new IllegalArgumentException(
          "gif: expected sides of 1 to 65535, found %d × %d".formatted(width, height));
    }
    this.out = out;
    this.width = width;
    this.height = height;
    this.check = check;
    this.lzw = new LzwEncoder(out);
    int pixels = Math.multiplyExact(width, height);
    this.base = new int[pixels];
    this.pending = new int[pixels];
    this.coming = new int[pixels];
    this.part = new int[pixels];
    this.indices = new byte[pixels];
    begin(loops);
  }

  /** Bytes that a writer takes, without what the stream keeps. */
  public static long bytes(int width, int height) {
    return 17L * width * height + Quantizer.bytes() + (1 << 18);
  }

  private void begin(OptionalInt loops) throws IOException {
    out.write("GIF89a".getBytes(StandardCharsets.US_ASCII));
    u16(width);
    u16(height);
    out.write(new byte[] {0x70, 0, 0});
    if (loops.isPresent()) {
      out.write(new byte[] {0x21, (byte) 0xFF, 11});
      out.write("NETSCAPE2.0".getBytes(StandardCharsets.US_ASCII));
      out.write(new byte[] {3, 1});
      u16(loops.getAsInt());
      out.write(0);
    }
  }

  /**
   * The next picture.
   *
   * @param rgba {@code 4 * width * height} samples, not premultiplied; not kept
   * @param delay how long it is seen, in hundredths of a second
   */
  public void frame(byte[] rgba, int delay) throws IOException {
    int[] next = coming;
    for (int i = 0, p = 0; i < next.length; i++, p += 4) {
      next[i] =
          rgba[p + 3] >= 0
              ? 0
              : 0xFF000000
                  | (rgba[p] & 0xFF) << 16
                  | (rgba[p + 1] & 0xFF) << 8
                  | rgba[p + 2] & 0xFF;
    }
    if (pendingDelay >= 0) {
      write(clears(pending, next));
    }
    coming = pending;
    pending = next;
    pendingDelay = delay;
  }

  /** Completes the file; there has to be a frame. */
  public void finish() throws IOException {
    if (pendingDelay < 0) {
      throw new IllegalStateException("gif: expected a frame, found none");
    }
    write(false);
    out.write(0x3B);
  }

  /** Whether what is opaque becomes transparent, which no frame can do by being drawn. */
  private static boolean clears(int[] from, int[] to) {
    for (int i = 0; i < from.length; i++) {
      if (from[i] != 0 && to[i] == 0) {
        return true;
      }
    }
    return false;
  }

  /** Writes the pending frame; afterwards what is seen is it, or nothing. */
  private void write(boolean clears) throws IOException {
    check.run();
    // Many readers take the first frame for the whole picture.
    Area area = clears || !begun ? new Area(0, 0, width, height) : changed();
    begun = true;
    int n = 0;
    boolean holes = false;
    for (int y = area.top; y < area.bottom; y++) {
      for (int x = area.left; x < area.right; x++) {
        int i = y * width + x;
        int color = pending[i] == base[i] ? 0 : pending[i];
        holes |= color == 0;
        part[n++] = color;
      }
    }
    quantizer.index(part, n, indices, holes ? 255 : 256);
    check.run();
    image(area, n, holes, clears ? CLEAR : KEEP);
    // Whatever the base held is free for the frame after next, which fills all of it.
    int[] free = base;
    base = pending;
    pending = free;
    if (clears) {
      Arrays.fill(base, 0);
    }
  }

  private record Area(int left, int top, int right, int bottom) {}

  private Area changed() {
    int left = width;
    int top = height;
    int right = 0;
    int bottom = 0;
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++, i++) {
        if (pending[i] != base[i]) {
          left = Math.min(left, x);
          right = Math.max(right, x + 1);
          top = Math.min(top, y);
          bottom = y + 1;
        }
      }
    }
    // A frame that changes nothing still takes its time.
    return right == 0 ? new Area(0, 0, 1, 1) : new Area(left, top, right, bottom);
  }

  private void image(Area area, int n, boolean holes, int disposal) throws IOException {
    int colors = quantizer.colors() + (holes ? 1 : 0);
    int bits = 1;
    while (1 << bits < colors) {
      bits++;
    }
    out.write(new byte[] {0x21, (byte) 0xF9, 4, (byte) (disposal << 2 | (holes ? 1 : 0))});
    u16(pendingDelay);
    out.write(holes ? quantizer.colors() : 0);
    out.write(0);
    out.write(0x2C);
    u16(area.left);
    u16(area.top);
    u16(area.right - area.left);
    u16(area.bottom - area.top);
    out.write(0x80 | bits - 1);
    byte[] table = new byte[3 << bits];
    for (int i = 0; i < quantizer.colors(); i++) {
      int color = quantizer.color(i);
      table[3 * i] = (byte) (color >> 16);
      table[3 * i + 1] = (byte) (color >> 8);
      table[3 * i + 2] = (byte) color;
    }
    out.write(table);
    lzw.encode(indices, n, Math.max(2, bits));
  }

  private void u16(int value) throws IOException {
    out.write(value);
    out.write(value >> 8);
  }
}
