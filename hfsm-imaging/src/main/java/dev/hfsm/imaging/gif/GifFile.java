package dev.hfsm.imaging.gif;

import dev.hfsm.imaging.gif.GifFrame.Disposal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The structure of a GIF: its canvas and its frames, of which no more are looked for than are
 * wanted. Immutable. Damage after the first frame ends the animation there, as viewers do.
 */
public final class GifFile {

  private final Window in;
  private final int width;
  private final int height;
  private final List<GifFrame> frames;
  private final OptionalInt loops;

  private GifFile(Window in, int width, int height, List<GifFrame> frames, OptionalInt loops) {
    this.in = in;
    this.width = width;
    this.height = height;
    this.frames = List.copyOf(frames);
    this.loops = loops;
  }

  /**
   * Reads the structure.
   *
   * @param maxFrames frames beyond that many are left out
   * @param maxPixels frames larger than that end the animation
   * @param check called now and then; throws to stop
   */
  public static GifFile open(GifInput input, int maxFrames, long maxPixels, Runnable check)
      throws GifException {
    Window in = new Window(input);
    if (!in.has(0, "GIF87a") && !in.has(0, "GIF89a")) {
      throw new GifException("it does not start as a GIF");
    }
    return new Walk(in, maxFrames, maxPixels, check).file();
  }

  /** Of the canvas, in pixels. */
  public int width() {
    return width;
  }

  /** Of the canvas, in pixels. */
  public int height() {
    return height;
  }

  /** How many frames there are, at least 1. */
  public int frames() {
    return frames.size();
  }

  /** How often the animation is repeated, 0 for ever; empty if the file does not say. */
  public OptionalInt loops() {
    return loops;
  }

  /** Whether frames can need what was there before them. */
  boolean restores() {
    return frames.stream().anyMatch(f -> f.disposal() == Disposal.RESTORE);
  }

  GifFrame frame(int index) {
    return frames.get(index);
  }

  Window in() {
    return in;
  }

  /** Goes through the blocks. */
  private static final class Walk {

    private final Window in;
    private final int maxFrames;
    private final long maxPixels;
    private final Runnable check;
    private final int flags;
    private final List<GifFrame> frames = new ArrayList<>();
    private OptionalInt loops = OptionalInt.empty();
    private int delay;
    private Disposal disposal = Disposal.KEEP;
    private int transparent = -1;

    Walk(Window in, int maxFrames, long maxPixels, Runnable check) throws GifException {
      this.in = in;
      this.maxFrames = maxFrames;
      this.maxPixels = maxPixels;
      this.check = check;
      this.flags = in.u8(10);
    }

    GifFile file() throws GifException {
      try {
        blocks();
      } catch (GifException e) {
        if (frames.isEmpty()) {
          throw e;
        }
      }
      if (frames.isEmpty()) {
        throw new GifException("it holds no picture");
      }
      GifFrame first = frames.get(0);
      int w = in.u16(6) == 0 ? first.left() + first.width() : in.u16(6);
      int h = in.u16(8) == 0 ? first.top() + first.height() : in.u16(8);
      return new GifFile(in, w, h, frames, loops);
    }

    private void blocks() throws GifException {
      long at = 13 + 3L * colors(flags);
      while (at < in.size() && frames.size() < maxFrames) {
        check.run();
        int kind = in.u8(at);
        if (kind == 0x2C) {
          at = image(at);
        } else if (kind == 0x21) {
          at = extension(at);
        } else {
          // A trailer, or garbage after the last frame, which every viewer takes for one.
          return;
        }
      }
    }

    private static int colors(int flags) {
      return (flags & 0x80) == 0 ? 0 : 2 << (flags & 7);
    }

    private long image(long at) throws GifException {
      int w = in.u16(at + 5);
      int h = in.u16(at + 7);
      int local = in.u8(at + 9);
      int own = colors(local);
      long data = at + 10 + 3L * own;
      long end = in.pastBlocks(data + 1);
      if (w > 0 && h > 0) {
        if ((long) w * h > maxPixels) {
          throw new GifException("a frame is " + w + " × " + h + " pixels");
        }
        frames.add(
            new GifFrame(
                in.u16(at + 1),
                in.u16(at + 3),
                w,
                h,
                delay,
                disposal,
                transparent,
                (local & 0x40) != 0,
                own > 0 ? at + 10 : 13,
                own > 0 ? own : colors(flags),
                data));
      }
      delay = 0;
      disposal = Disposal.KEEP;
      transparent = -1;
      return end;
    }

    private long extension(long at) throws GifException {
      int label = in.u8(at + 1);
      long end = in.pastBlocks(at + 2);
      if (label == 0xF9 && in.u8(at + 2) == 4) {
        int packed = in.u8(at + 3);
        disposal = Disposal.of(packed >> 2 & 7);
        delay = in.u16(at + 4);
        transparent = (packed & 1) == 0 ? -1 : in.u8(at + 6);
      } else if (label == 0xFF
          && (in.has(at + 3, "NETSCAPE2.0") || in.has(at + 3, "ANIMEXTS1.0"))
          && in.u8(at + 14) == 3
          && in.u8(at + 15) == 1) {
        loops = OptionalInt.of(in.u16(at + 16));
      }
      return end;
    }
  }
}
