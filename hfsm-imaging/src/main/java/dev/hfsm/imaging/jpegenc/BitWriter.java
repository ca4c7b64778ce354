package dev.hfsm.imaging.jpegenc;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Writes entropy-coded bits, with a zero byte stuffed after each FF, and markers between them. */
final class BitWriter {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  static final int BUFFER = 1 << 14;

  /** What one call can add before the buffer is looked at again. */
  private static final int SLACK = 16;

  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER + SLACK];
  private int size;
  private long bits;
  private int count;

  BitWriter(OutputStream out) {
    this.out = out;
  }

  /** The lower {@code length} bits, of which there are 0 to 27; the others have to be zero. */
  void put(int value, int length) throws IOException {
    count += length;
    bits |= (long) value << 64 - count;
    if (count >= 32) {
      spill();
    }
  }

  private void spill() throws IOException {
    int word = (int) (bits >>> 32);
    bits <<= 32;
    count -= 32;
    if ((~word - 0x01010101 & word & 0x80808080) == 0) {
      INT.set(buffer, size, word);
      size += 4;
    } else {
      for (int shift = 24; shift >= 0; shift -= 8) {
        stuffed(word >>> shift);
      }
    }
    if (size >= BUFFER) {
      drain();
    }
  }

  private void stuffed(int value) {
    buffer[size++] = (byte) value;
    if ((byte) value == -1) {
      buffer[size++] = 0;
    }
  }

  /** Fills the last byte up with ones. */
  void align() throws IOException {
    int missing = -count & 7;
    put((1 << missing) - 1, missing);
    while (count > 0) {
      stuffed((int) (bits >>> 56));
      bits <<= 8;
      count -= 8;
    }
    drain();
  }

  /** Bytes as they are; only where no bits are pending. */
  void bytes(byte[] raw) throws IOException {
    drain();
    out.write(raw);
  }

  private void drain() throws IOException {
    out.write(buffer, 0, size);
    size = 0;
  }
}
