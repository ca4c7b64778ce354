package dev.hfsm.imaging.jpeg;

import java.nio.ByteBuffer;

/**
 * The bytes of one file, which must not change while they are decoded. Only a bounded window is
 * asked for at a time, mostly in ascending order. What an implementation throws comes out of the
 * decoder as it is.
 */
public interface JpegInput {

  /** The length in bytes. */
  long size();

  /**
   * Reads some bytes.
   *
   * @param at where in the file, at most {@link #size()}
   * @param into where to put them
   * @param offset the first index
   * @param length how many at most
   * @return how many, at least 1 unless {@code at} is the end of the file; then 0 or less
   */
  int read(long at, byte[] into, int offset, int length);

  /** The array itself, which is not copied. */
  static JpegInput of(byte[] bytes) {
    return new ArrayInput(bytes);
  }

  /** All bytes of the buffer from 0 to its limit, which may be mapped; its position is not used. */
  static JpegInput of(ByteBuffer buffer) {
    return new BufferInput(buffer.duplicate());
  }

  /** Bytes on the heap, which need no window. */
  record ArrayInput(byte[] bytes) implements JpegInput {

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public int read(long at, byte[] into, int offset, int length) {
      int n = (int) Math.min(length, bytes.length - at);
      System.arraycopy(bytes, (int) at, into, offset, n);
      return n;
    }
  }

  /** Bytes of a buffer. */
  record BufferInput(ByteBuffer buffer) implements JpegInput {

    @Override
    public long size() {
      return buffer.limit();
    }

    @Override
    public int read(long at, byte[] into, int offset, int length) {
      int n = (int) Math.min(length, buffer.limit() - at);
      buffer.get((int) at, into, offset, n);
      return n;
    }
  }
}
