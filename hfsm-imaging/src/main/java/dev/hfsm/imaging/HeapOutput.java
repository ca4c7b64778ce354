package dev.hfsm.imaging;

import dev.hfsm.transform.Budget;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.stream.ImageOutputStreamImpl;

/** What an encoder writes to: a growing array; the budget is consulted as it grows. */
final class HeapOutput extends ImageOutputStreamImpl {

  private final Budget budget;
  private byte[] bytes = new byte[1 << 14];
  private int size;
  private int sinceCheck;

  HeapOutput(Budget budget) {
    this.budget = budget;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  @Override
  public long length() {
    return size;
  }

  @Override
  public int read() {
    bitOffset = 0;
    return streamPos >= size ? -1 : bytes[(int) streamPos++] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    bitOffset = 0;
    if (streamPos >= size) {
      return -1;
    }
    int n = (int) Math.min(length, size - streamPos);
    System.arraycopy(bytes, (int) streamPos, into, offset, n);
    streamPos += n;
    return n;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    flushBits();
    sinceCheck += length;
    if (sinceCheck > 1 << 14) {
      budget.check();
      sinceCheck = 0;
    }
    int end = Math.toIntExact(streamPos + length);
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(end, 2L * end)));
    }
    System.arraycopy(from, offset, bytes, (int) streamPos, length);
    streamPos = end;
    size = Math.max(size, end);
  }
}
