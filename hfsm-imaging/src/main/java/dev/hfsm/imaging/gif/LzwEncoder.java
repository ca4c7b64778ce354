package dev.hfsm.imaging.gif;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Codes the pixels of one frame (GIF89a, appendix F). */
final class LzwEncoder {

  private static final int MAX_CODES = 4096;
  private static final int SLOTS = 1 << 14;

  private final int[] keys = new int[SLOTS];
  private final short[] codes = new short[SLOTS];
  private final byte[] block = new byte[256];
  private final OutputStream out;
  private int inBlock;
  private int bits;
  private int count;
  private int width;
  private int next;

  LzwEncoder(OutputStream out) {
    this.out = out;
  }

  /**
   * Writes code size, blocks and their end.
   *
   * @param size bits of an index, 2 to 8
   */
  void encode(byte[] indices, int length, int size) throws IOException {
    int clear = 1 << size;
    out.write(size);
    inBlock = 0;
    bits = 0;
    count = 0;
    reset(size, clear);
    emit(clear);
    int string = indices[0] & 0xFF;
    for (int i = 1; i < length; i++) {
      int pixel = indices[i] & 0xFF;
      // Never 0, which is an empty slot.
      int key = (string << 8 | pixel) + 1;
      int slot = key * 0x9E3779B1 >>> 18;
      while (keys[slot] != 0 && keys[slot] != key) {
        slot = slot + 1 & SLOTS - 1;
      }
      if (keys[slot] == key) {
        string = codes[slot];
        continue;
      }
      emit(string);
      if (next < MAX_CODES) {
        keys[slot] = key;
        codes[slot] = (short) next++;
      } else {
        emit(clear);
        reset(size, clear);
      }
      string = pixel;
    }
    emit(string);
    emit(clear + 1);
    if (count > 0) {
      put(bits & 0xFF);
    }
    flush();
    out.write(0);
  }

  private void reset(int size, int clear) {
    Arrays.fill(keys, 0);
    width = size + 1;
    next = clear + 2;
  }

  private void emit(int code) throws IOException {
    bits |= code << count;
    count += width;
    while (count >= 8) {
      put(bits & 0xFF);
      bits >>>= 8;
      count -= 8;
    }
    // The decoder is one code behind: its table has grown past the width only now.
    if (next > (1 << width) - 1 && width < 12) {
      width++;
    }
  }

  private void put(int b) throws IOException {
    block[++inBlock] = (byte) b;
    if (inBlock == 255) {
      flush();
    }
  }

  private void flush() throws IOException {
    if (inBlock > 0) {
      block[0] = (byte) inBlock;
      out.write(block, 0, inBlock + 1);
      inBlock = 0;
    }
  }
}
