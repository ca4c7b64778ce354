package dev.hfsm.imaging.png;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Expands a zlib stream (RFC 1950 and 1951) piece by piece. In plain Java because it is faster than
 * the JDK's: photographs are mostly literals, of which two are taken in one look-up where they fit.
 * The stream's own checksum is not looked at, since that of the chunks covers the same bytes.
 *
 * <p>Every index that comes from the file is checked when tables are built, or by Java. The loop
 * over symbols is long and plain: time goes here. For use by one thread.
 */
final class Inflate {

  /** Where compressed bytes come from. */
  interface Input {
    /**
     * Reads at least one byte.
     *
     * @return how many, or 0 at the end
     */
    int read(byte[] into, int at, int length) throws IOException;
  }

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int BLOCK = 1 << 15;
  private static final int WINDOW = 1 << 15;

  /** More than one round of the loop reads ahead of its place. */
  private static final int AHEAD = 40;

  /** More than one round of the loop writes. */
  private static final int ROUND = 320;

  /** Bytes of the arrays that an instance holds. */
  static final int BYTES = 3 * WINDOW + ROUND + BLOCK + 2 * AHEAD + (1 << 15);

  private enum State {
    STREAM_HEADER,
    BLOCK_HEADER,
    STORED,
    CODED,
    DONE,
    DAMAGED
  }

  private final Input input;
  private final DeflateCodes codes = new DeflateCodes();
  private final byte[] in = new byte[BLOCK + 2 * AHEAD];
  private final byte[] out = new byte[3 * WINDOW + ROUND];
  private State state = State.STREAM_HEADER;
  private boolean last;
  private int stored;

  /** The next byte that is not in {@link #bits}, and the end of those that were read. */
  private int pos;

  private int limit;
  private boolean ended;

  /** Bits of the stream, lowest first; those from {@link #count} on are not to be relied on. */
  private long bits;

  private int count;

  /** What was expanded and what of it was taken. */
  private int made;

  private int taken;

  Inflate(Input input) {
    this.input = input;
  }

  /** Takes the next bytes; throws if there are fewer, or if what they are made of is damaged. */
  void fully(byte[] into, int at, int length) throws IOException {
    int done = 0;
    while (done < length) {
      if (taken == made) {
        expand(length - done);
      }
      int n = Math.min(length - done, made - taken);
      System.arraycopy(out, taken, into, at + done, n);
      taken += n;
      done += n;
    }
  }

  /** How many bytes were read beyond what was needed so far. */
  int unused() {
    return limit - pos + (count >>> 3);
  }

  private void expand(int wanted) throws IOException {
    if (made > 2 * WINDOW) {
      System.arraycopy(out, made - WINDOW, out, 0, WINDOW);
      made = WINDOW;
      taken = WINDOW;
    }
    while (made == taken) {
      switch (state) {
        case STREAM_HEADER -> streamHeader();
        case BLOCK_HEADER -> blockHeader();
        case STORED -> copy();
        case CODED -> symbols(Math.min(out.length - ROUND, made + wanted));
        case DONE -> throw early();
        case DAMAGED -> throw corrupt();
      }
    }
  }

  private void streamHeader() throws IOException {
    int method = take(8);
    int flags = take(8);
    if ((method & 15) != 8 || method >> 4 > 7 || (flags & 32) != 0) {
      throw corrupt();
    }
    if ((method << 8 | flags) % 31 != 0) {
      throw corrupt();
    }
    state = State.BLOCK_HEADER;
  }

  private void blockHeader() throws IOException {
    if (last) {
      state = State.DONE;
      return;
    }
    last = take(1) == 1;
    switch (take(2)) {
      case 0 -> {
        take(count & 7);
        int length = take(16);
        if (length != (take(16) ^ 0xFFFF)) {
          throw corrupt();
        }
        stored = length;
        state = State.STORED;
      }
      case 1 -> {
        codes.fixed();
        state = State.CODED;
      }
      case 2 -> {
        codes.read(this);
        state = State.CODED;
      }
      default -> throw corrupt();
    }
  }

  private static PngException early() {
    return PngException.malformed("its data end too early");
  }

  static PngException corrupt() {
    return PngException.malformed("its data are corrupt");
  }

  /** The next 0 to 16 bits. */
  int take(int n) throws IOException {
    if (count < n) {
      refill();
      if (count < n) {
        throw early();
      }
    }
    int value = (int) bits & (1 << n) - 1;
    bits >>>= n;
    count -= n;
    return value;
  }

  /** The next symbol of a code none of whose codes is longer than its table's index. */
  int symbol(CodeTable code) throws IOException {
    if (count < 15) {
      refill();
    }
    int entry = code.table[(int) bits & code.table.length - 1];
    if (entry == CodeTable.LONG) {
      throw corrupt();
    }
    take(entry & 31);
    return entry >>> 8;
  }

  /** At least 16 bits, unless the stream ends. */
  private void refill() throws IOException {
    bits &= (1L << count) - 1;
    while (count <= 48) {
      if (pos == limit) {
        more();
        if (pos == limit) {
          return;
        }
      }
      bits |= (in[pos++] & 0xFFL) << count;
      count += 8;
    }
  }

  /** Keeps what was not used, and what may be given back, and reads on. */
  private void more() throws IOException {
    int keep = Math.min(pos, 8);
    System.arraycopy(in, pos - keep, in, 0, limit - pos + keep);
    limit -= pos - keep;
    pos = keep;
    while (!ended && limit - pos < AHEAD) {
      int n = input.read(in, limit, BLOCK - limit);
      ended = n == 0;
      limit += n;
    }
    if (ended) {
      Arrays.fill(in, limit, limit + AHEAD, (byte) 0);
    }
  }

  private void copy() throws IOException {
    // What was read ahead into the bits comes first, and is whole bytes.
    pos -= count >>> 3;
    bits = 0;
    count = 0;
    int end = out.length - ROUND;
    while (stored > 0 && made < end) {
      if (pos == limit) {
        more();
        if (pos == limit) {
          throw early();
        }
      }
      int n = Math.min(Math.min(stored, end - made), limit - pos);
      System.arraycopy(in, pos, out, made, n);
      pos += n;
      made += n;
      stored -= n;
    }
    state = stored == 0 ? State.BLOCK_HEADER : State.STORED;
  }

  /**
   * Symbols until so much is made, or a little more, or the block ends. What is wrong behind the
   * place that was asked for is said when somebody asks for more.
   */
  private void symbols(int end) throws IOException {
    int[] symbols = codes.symbols.table;
    int[] distances = codes.distances.table;
    byte[] from = in;
    byte[] to = out;
    long b = bits;
    int c = count;
    int p = pos;
    int o = made;
    int sound = o;
    int safe = limit - AHEAD;
    int e = 0;
    while (o < end) {
      if (p > safe) {
        pos = p;
        if (!ended) {
          more();
        } else if (p - (c >>> 3 & 7) > limit) {
          break;
        }
        // At the end zeros follow, enough for a round; each round is then looked at.
        safe = ended ? -1 : limit - AHEAD;
        sound = o;
        p = pos;
      }
      do {
        b |= (long) LONGS.get(from, p) << c;
        p += ~c >>> 3 & 7;
        c |= 56;
        e = symbols[(int) b & DeflateCodes.SYMBOL_MASK];
        if (e >= 0) {
          break;
        }
        SHORTS.set(to, o, (short) (e >>> 8));
        o += (e >>> 30) - 1;
        b >>>= e;
        c -= e;
        e = symbols[(int) b & DeflateCodes.SYMBOL_MASK];
        if (e >= 0) {
          break;
        }
        SHORTS.set(to, o, (short) (e >>> 8));
        o += (e >>> 30) - 1;
        b >>>= e;
        c -= e;
        e = symbols[(int) b & DeflateCodes.SYMBOL_MASK];
        if (e >= 0) {
          break;
        }
        SHORTS.set(to, o, (short) (e >>> 8));
        o += (e >>> 30) - 1;
        b >>>= e;
        c -= e;
        e = symbols[(int) b & DeflateCodes.SYMBOL_MASK];
        if (e >= 0) {
          break;
        }
        SHORTS.set(to, o, (short) (e >>> 8));
        o += (e >>> 30) - 1;
        b >>>= e;
        c -= e;
      } while (o < end && p <= safe);
      if (e < 0) {
        continue;
      }
      b |= (long) LONGS.get(from, p) << c;
      p += ~c >>> 3 & 7;
      c |= 56;
      if ((e & CodeTable.LONG) != 0) {
        e = codes.symbols.find(b);
        if (e < 0) {
          to[o++] = (byte) (e >>> 8);
          b >>>= e;
          c -= e;
          continue;
        }
      }
      b >>>= e;
      c -= e;
      if ((e & DeflateCodes.LENGTH) == 0) {
        state = (e & DeflateCodes.END) == 0 ? State.DAMAGED : State.BLOCK_HEADER;
        break;
      }
      int extra = e >>> 6 & 7;
      int length = (e >>> 9 & 511) + ((int) b & (1 << extra) - 1);
      b >>>= extra;
      c -= extra;
      int d = distances[(int) b & DeflateCodes.DISTANCE_MASK];
      if ((d & CodeTable.LONG) != 0) {
        d = codes.distances.find(b);
      }
      b >>>= d;
      c -= d;
      extra = d >>> 6 & 15;
      int distance = (d >>> 10 & 0x7FFF) + ((int) b & (1 << extra) - 1);
      b >>>= extra;
      c -= extra;
      if (distance > o || distance == 0) {
        state = State.DAMAGED;
        break;
      }
      int source = o - distance;
      int stop = o + length;
      if (distance >= 8) {
        LONGS.set(to, o, (long) LONGS.get(to, source));
        while (o + 8 < stop) {
          o += 8;
          source += 8;
          LONGS.set(to, o, (long) LONGS.get(to, source));
        }
        o = stop;
      } else {
        while (o < stop) {
          to[o++] = to[source++];
        }
      }
    }
    // Whole bytes are given back, so that none of the zeros stays.
    bits = b & (1 << (c & 7)) - 1;
    count = c & 7;
    pos = p - (c >>> 3 & 7);
    made = o;
    if (pos > limit) {
      // Of the last round some is made of zeros.
      made = sound;
      state = State.DONE;
    }
  }
}
