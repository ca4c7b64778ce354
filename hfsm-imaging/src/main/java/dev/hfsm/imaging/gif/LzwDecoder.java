package dev.hfsm.imaging.gif;

/**
 * Expands the coded pixels of one frame (GIF89a, appendix F). A code that means nothing yet is
 * damage; a table that is full stays as it is until it is cleared, as the specification has it.
 */
final class LzwDecoder {

  private static final int MAX_CODES = 4096;

  private final short[] prefix = new short[MAX_CODES];
  private final byte[] suffix = new byte[MAX_CODES];
  private final short[] length = new short[MAX_CODES];
  private final byte[] string = new byte[MAX_CODES];

  private final Window in;
  private long at;
  private int inBlock;
  private int bits;
  private int count;

  LzwDecoder(Window in) {
    this.in = in;
  }

  /** Takes pixels as they come; answers whether it wants more. */
  interface Sink {
    boolean pixels(byte[] indices, int count);
  }

  /** Decodes from the code size on, until the sink has enough or the data end. */
  void decode(long dataAt, Sink sink) throws GifException {
    int size = in.u8(dataAt);
    if (size < 1 || size > 8) {
      throw new GifException("its code size is " + size);
    }
    at = dataAt + 1;
    inBlock = 0;
    bits = 0;
    count = 0;
    int clear = 1 << size;
    for (int i = 0; i < clear; i++) {
      suffix[i] = (byte) i;
      length[i] = 1;
    }
    int width = size + 1;
    int next = clear + 2;
    int old = -1;
    int code;
    while ((code = code(width)) >= 0 && code != clear + 1) {
      if (code == clear) {
        width = size + 1;
        next = clear + 2;
        old = -1;
        continue;
      }
      if (code > next || code == next && old < 0 || code > clear && code < clear + 2) {
        throw new GifException("damaged: its data hold codes that mean nothing");
      }
      if (old < 0 && code > clear) {
        throw new GifException("damaged: its data hold codes that mean nothing");
      }
      boolean known = code < next;
      int n = expand(known ? code : old);
      if (!known) {
        if (n == MAX_CODES) {
          throw new GifException("damaged: its data hold codes that mean nothing");
        }
        string[n++] = string[0];
      }
      if (old >= 0 && next < MAX_CODES) {
        prefix[next] = (short) old;
        suffix[next] = string[0];
        length[next] = (short) (length[old] + 1);
        next++;
        if (next == 1 << width && width < 12) {
          width++;
        }
      }
      old = code;
      if (!sink.pixels(string, n)) {
        return;
      }
    }
  }

  private int expand(int code) {
    int n = length[code];
    int c = code;
    for (int i = n - 1; i > 0; i--) {
      string[i] = suffix[c];
      c = prefix[c];
    }
    string[0] = suffix[c];
    return n;
  }

  /** The next code; -1 at the end of the data. */
  private int code(int width) throws GifException {
    while (count < width) {
      if (inBlock == 0) {
        inBlock = at < in.size() ? in.u8(at++) : 0;
        if (inBlock == 0) {
          at--;
          return -1;
        }
      }
      bits |= in.u8(at++) << count;
      inBlock--;
      count += 8;
    }
    int code = bits & (1 << width) - 1;
    bits >>>= width;
    count -= width;
    return code;
  }
}
