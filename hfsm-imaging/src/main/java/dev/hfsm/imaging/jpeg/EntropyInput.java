package dev.hfsm.imaging.jpeg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The coded data of one scan without its stuffed zeros, through a window. The readers take bits out
 * of {@link #data} on their own and come here only when they have gone beyond {@link #soft}, which
 * leaves enough behind it for any MCU. Past the end of a segment there are zeros, as with libjpeg;
 * whoever used them is told that the data is truncated.
 */
final class EntropyInput {

  /** Reads eight bytes as a big-endian long. */
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** More than ten blocks of 64 coefficients of at most 32 bits, and what is read ahead. */
  private static final int RESERVE = 4096;

  private static final int SIZE = 1 << 15;

  /** Bytes on the heap that an instance needs. */
  static final long BYTES = Window.SIZE + SIZE + 64;

  final byte[] data = new byte[SIZE];

  /** Once a reader is beyond this, it calls {@link #refill} before its next MCU. */
  int soft;

  private final Window window;
  private int filled;
  private boolean ended;
  private long next;

  EntropyInput(JpegInput in, long at) throws JpegException {
    window = new Window(in);
    segment(at);
  }

  private void segment(long at) throws JpegException {
    next = at;
    filled = 0;
    ended = false;
    fill();
  }

  /**
   * Moves the window on.
   *
   * @param position the reader's
   * @return the reader's new position
   */
  int refill(int position) throws JpegException {
    if (ended) {
      throw ended();
    }
    System.arraycopy(data, position, data, 0, filled - position);
    filled -= position;
    fill();
    return 0;
  }

  private JpegException ended() {
    return JpegException.truncated(
        "truncated or damaged: the picture's data ends early, at byte %d of %d"
            .formatted(next, window.size()));
  }

  /** Throws if a reader with {@code bits} unread bits before its position has read too much. */
  void check(int position, int bits) throws JpegException {
    if (ended && 8L * position - bits > 8L * filled) {
      throw ended();
    }
  }

  /** Goes to the data after the next restart marker, which must be of that number. */
  void restart(int number) throws JpegException {
    while (!ended) {
      // What is left over before a marker means nothing.
      filled = 0;
      fill();
    }
    long at = window.marker(next);
    int found = at < 0 ? -1 : window.u8(at + 1);
    if (found != 0xD0 + number) {
      throw JpegException.truncated(
          "truncated or damaged: expected restart marker %d at byte %d, found %s"
              .formatted(
                  number,
                  at < 0 ? window.size() : at,
                  found < 0 ? "the end of the file" : "marker %02X".formatted(found)));
    }
    segment(at + 2);
  }

  /** Copies bytes up to the next marker, or as many as there is room for. */
  private void fill() throws JpegException {
    int room = SIZE - RESERVE;
    while (!ended && filled < room) {
      int p = window.at(next);
      int available = window.end() - p;
      if (available < 2) {
        // A last byte is data only if it could not be the beginning of a marker.
        if (available == 1 && window.bytes[p] != -1) {
          data[filled++] = window.bytes[p];
          next++;
        }
        ended = true;
      } else {
        copy(p, Math.min(available - 1, room - filled));
      }
    }
    if (ended) {
      Arrays.fill(data, filled, filled + RESERVE, (byte) 0);
    }
    // A reader takes eight bytes at a time, so that it may be this far ahead of what it used.
    soft = ended ? filled + 8 : filled - RESERVE;
  }

  /** Copies at most {@code length} bytes, each of which has another one after it. */
  private void copy(int from, int length) {
    final byte[] in = window.bytes;
    final byte[] out = data;
    int p = from;
    int end = from + length;
    int o = filled;
    while (p < end) {
      while (p + 8 <= end) {
        long eight = (long) LONG.get(in, p);
        if ((~eight - 0x0101010101010101L & eight & 0x8080808080808080L) != 0) {
          break;
        }
        LONG.set(out, o, eight);
        p += 8;
        o += 8;
      }
      int stop = Math.min(end, p + 8);
      while (p < stop) {
        byte b = in[p];
        if (b != -1) {
          out[o++] = b;
          p++;
        } else if (in[p + 1] == 0) {
          out[o++] = -1;
          p += 2;
        } else if (in[p + 1] == -1) {
          p++;
        } else {
          ended = true;
          end = p;
          break;
        }
      }
    }
    filled = o;
    next = window.position(p);
  }
}
