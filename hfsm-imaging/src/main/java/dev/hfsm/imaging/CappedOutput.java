package dev.hfsm.imaging;

import dev.hfsm.error.LimitExceededException;
import java.io.ByteArrayOutputStream;

/** A growing file that stops where the memory granted for it ends. */
final class CappedOutput extends ByteArrayOutputStream {

  /** An array that grows is there twice, one of them twice as long as needed; then it is copied. */
  static final int COPIES = 3;

  private final long most;

  CappedOutput(long bytes) {
    super(1 << 12);
    this.most = bytes / COPIES;
  }

  @Override
  public synchronized void write(int b) {
    check(1);
    super.write(b);
  }

  @Override
  public synchronized void write(byte[] from, int offset, int length) {
    check(length);
    super.write(from, offset, length);
  }

  private void check(int more) {
    if (count + (long) more > most) {
      throw new LimitExceededException(
          "the variant would take more than " + most + " bytes, for which there is no memory",
          false);
    }
  }
}
