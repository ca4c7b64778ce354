package dev.hfsm.imaging;

import com.drew.lang.BufferBoundsException;
import com.drew.lang.RandomAccessReader;
import java.io.IOException;

/** Lets metadata-extractor read a file directly, but only so much of it. */
final class BoundedReader extends RandomAccessReader {

  private final Bytes in;
  private long left;

  BoundedReader(Bytes in, long most) {
    this.in = in;
    this.left = most;
  }

  @Override
  public int toUnshiftedOffset(int localOffset) {
    return localOffset;
  }

  @Override
  public byte getByte(int index) throws IOException {
    validateIndex(index, 1);
    left--;
    return (byte) in.u8(index);
  }

  @Override
  public byte[] getBytes(int index, int count) throws IOException {
    validateIndex(index, count);
    left -= count;
    return in.copy(index, count);
  }

  @Override
  protected void validateIndex(int index, int bytesRequested) throws IOException {
    if (!isValidIndex(index, bytesRequested)) {
      throw new BufferBoundsException("beyond the file or the limit for metadata");
    }
  }

  @Override
  protected boolean isValidIndex(int index, int bytesRequested) {
    return index >= 0
        && bytesRequested >= 0
        && (long) index + bytesRequested <= in.size()
        && bytesRequested <= left;
  }

  @Override
  public long getLength() {
    return in.size();
  }
}
