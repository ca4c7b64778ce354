package dev.hfsm.imaging.jpeg;

import dev.hfsm.imaging.jpeg.ScanHeader.Part;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Decodes a sequential scan, row by row (T.81, F.2). Of each block the coefficients up to the last
 * one that is needed are decoded; the rest are skipped several at a time.
 */
final class SequentialScan {

  /** Two runs may go beyond the last coefficient by 15 each, an end of block by 128. */
  private static final int ROOM = 64 + 2 * 16 + HuffmanTable.END;

  private static final int FAST_SHIFT = 64 - HuffmanTable.FAST_BITS;
  private static final int SKIP_SHIFT = 64 - HuffmanTable.SKIP_BITS;

  /** In an entry plus the coefficient it starts at: the block ended, or is overrun. */
  private static final int STOP = (64 | HuffmanTable.END) << 6;

  private static final int OVERRUN = 64 << 6;

  private final EntropyInput in;
  private final int interval;
  private final int mcus;

  /** By block of an MCU. */
  private final Lane[] lanes;

  private final HuffmanTable[] dc;
  private final HuffmanTable[] ac;
  private final long[][] pairs;
  private final char[][] skips;
  private final int[] owner;
  private final int[] dx;
  private final int[] dy;
  private final int[] mcuAcross;
  private final int[] mcuDown;

  private final int[] predictors = new int[4];
  private final int[] co = new int[ROOM];
  private final boolean interleaved;

  private int left;
  private int restarts;
  private int position;
  private int count;
  private long bits;
  private long damage;

  SequentialScan(JpegInput input, JpegFrame frame, ScanHeader scan, List<Lane> all)
      throws JpegException {
    in = new EntropyInput(input, scan.at());
    interval = scan.interval() == 0 ? Integer.MAX_VALUE : scan.interval();
    left = interval;
    interleaved = scan.interleaved();
    int blocks = 0;
    for (Part part : scan.parts()) {
      Lane lane = all.get(part.component());
      blocks += interleaved ? lane.across * lane.down : 1;
    }
    lanes = new Lane[blocks];
    dc = new HuffmanTable[blocks];
    ac = new HuffmanTable[blocks];
    pairs = new long[blocks][];
    skips = new char[blocks][];
    owner = new int[blocks];
    dx = new int[blocks];
    dy = new int[blocks];
    mcuAcross = new int[blocks];
    mcuDown = new int[blocks];
    int b = 0;
    for (Part part : scan.parts()) {
      Lane lane = all.get(part.component());
      int h = interleaved ? lane.across : 1;
      int v = interleaved ? lane.down : 1;
      for (int i = 0; i < h * v; i++) {
        lanes[b] = lane;
        dc[b] = Objects.requireNonNull(part.dc());
        ac[b] = Objects.requireNonNull(part.ac());
        pairs[b] = ac[b].pairs();
        skips[b] = ac[b].skip();
        owner[b] = part.component();
        dx[b] = i % h;
        dy[b] = i / h;
        mcuAcross[b] = h;
        mcuDown[b] = v;
        b++;
      }
    }
    mcus = interleaved ? frame.mcusAcross() : lanes[0].blocksAcross;
  }

  /** Codes without a meaning that were met, and taken as zeros as libjpeg does. */
  long damage() {
    return damage;
  }

  /** Decodes what a row of MCUs of the frame covers. */
  void group(int group) throws JpegException {
    if (interleaved) {
      row(group);
      return;
    }
    Lane lane = lanes[0];
    int end = Math.min((group + 1) * lane.down, lane.blocksDown);
    for (int y = group * lane.down; y < end; y++) {
      row(y);
    }
  }

  /** Says that no more rows will be asked for, and that these were all. */
  void end() throws JpegException {
    in.check(position, count);
  }

  private void restart() throws JpegException {
    in.check(position, count);
    in.restart(restarts++ & 7);
    Arrays.fill(predictors, 0);
    left = interval;
    position = 0;
    count = 0;
    bits = 0;
  }

  /**
   * One row of MCUs of the scan. Long and plain because it is where the time goes. {@code w} holds
   * the next bits at its top, at least {@code n} of them; taking eight bytes and keeping the whole
   * ones costs less than asking whether more are needed.
   */
  private void row(int y) throws JpegException {
    final EntropyInput input = in;
    final byte[] d = input.data;
    final int[] c = co;
    final Lane[] lane = lanes;
    final int[] wanted = new int[lane.length];
    final float[][][] strips = new float[lane.length][][];
    for (int b = 0; b < lane.length; b++) {
      wanted[b] = lane[b].wanted(y * mcuDown[b] + dy[b]);
      strips[b] = lane[b].strip(y * mcuDown[b] + dy[b]);
    }
    int p = position;
    int n = count;
    long w = bits;
    for (int x = 0; x < mcus; x++) {
      if (left == 0) {
        position = p;
        count = n;
        restart();
        p = 0;
        n = 0;
        w = 0;
      }
      left--;
      if (p > input.soft) {
        p = input.refill(p);
      }
      for (int b = 0; b < lane.length; b++) {
        final int bx = x * mcuAcross[b] + dx[b];
        final int lx = bx - lane[b].left;
        final int last = lx >= 0 && lx < wanted[b] ? lane[b].last : -1;

        w |= (long) EntropyInput.LONG.get(d, p) >>> n;
        p += 63 - n >>> 3;
        n |= 56;
        int e = dc[b].fast[(int) (w >>> FAST_SHIFT)];
        if (e != 0) {
          w <<= e;
          n -= e & 63;
          predictors[owner[b]] += e >> 16;
        } else {
          e = dc[b].symbol((int) (w >>> 48));
          damage += e >>> 8 == 17 ? 1 : 0;
          w <<= e >>> 8;
          n -= e >>> 8;
          int size = e & 15;
          int raw = (int) (w >>> 1 >>> 63 - size);
          w <<= size;
          n -= size;
          predictors[owner[b]] += HuffmanTable.extend(raw, size);
        }
        int k = 1;
        if (last > 0) {
          final long[] pair = pairs[b];
          for (int i = 1; i <= last; i++) {
            c[i] = 0;
          }
          while (k <= last) {
            if (n < 32) {
              w |= (long) EntropyInput.LONG.get(d, p) >>> n;
              p += 63 - n >>> 3;
              n |= 56;
            }
            long two = pair[(int) (w >>> FAST_SHIFT)];
            if (two != 0) {
              k += (int) (two >>> 12) & 0xFF;
              c[k - 1] = (short) (two >>> 32);
              if ((k & 64) == 0) {
                w <<= two;
                n -= (int) two & 63;
                k += (int) (two >>> 20) & 0xFF;
                c[k - 1] = (int) (two >> 48);
              } else {
                // The first was the last of the block, and the second one is of another.
                w <<= two >>> 6;
                n -= (int) (two >>> 6) & 63;
              }
            } else {
              e = ac[b].symbol((int) (w >>> 48));
              damage += e >>> 8 == 17 ? 1 : 0;
              w <<= e >>> 8;
              n -= e >>> 8;
              int size = e & 15;
              int run = e >>> 4 & 15;
              if (size == 0) {
                k += run == 15 ? 16 : HuffmanTable.END;
              } else {
                int raw = (int) (w >>> 64 - size);
                w <<= size;
                n -= size;
                k += run + 1;
                c[k - 1] = HuffmanTable.extend(raw, size);
              }
            }
          }
        }
        if (last >= 0) {
          c[0] = predictors[owner[b]];
          final int at = lx & Idct.LANES - 1;
          final int end = k >= HuffmanTable.END ? k - HuffmanTable.END : Math.min(k, 64);
          Idct.collect(lane[b].side(), c, end, strips[b], at);
          if (at == Idct.LANES - 1 || lx == wanted[b] - 1) {
            lane[b].collected(strips[b], bx - at, bx + 1, y * mcuDown[b] + dy[b]);
          }
        }
        final char[] skip = skips[b];
        while (k < 64) {
          w |= (long) EntropyInput.LONG.get(d, p) >>> n;
          p += 63 - n >>> 3;
          n |= 56;
          // The low six bits count the bits that were used, the others the coefficients.
          int sum = k << 6;
          int t = 0;
          for (int i = 0; i < 4; i++) {
            e = skip[(int) (w >>> SKIP_SHIFT)];
            t = sum + e;
            if ((t & STOP) != 0) {
              break;
            }
            w <<= e;
            sum = t;
          }
          if ((t & STOP) == 0) {
            n -= sum & 63;
            k = sum >>> 6;
          } else if ((t & OVERRUN) == 0) {
            w <<= e;
            n -= t & 63;
            k = 64;
          } else {
            n -= sum & 63;
            k = sum >>> 6;
            if (n < 32) {
              w |= (long) EntropyInput.LONG.get(d, p) >>> n;
              p += 63 - n >>> 3;
              n |= 56;
            }
            e = ac[b].fast[(int) (w >>> FAST_SHIFT)];
            if (e != 0) {
              w <<= e;
              n -= e & 63;
              k += e >>> 6 & 0xFF;
            } else {
              e = ac[b].symbol((int) (w >>> 48));
              damage += e >>> 8 == 17 ? 1 : 0;
              int size = e & 15;
              int length = (e >>> 8) + size;
              w <<= length;
              n -= length;
              k += size == 0 && (e & 0xF0) != 0xF0 ? HuffmanTable.END : (e >>> 4 & 15) + 1;
            }
          }
        }
      }
    }
    position = p;
    count = n;
    bits = w;
  }
}
