package dev.hfsm.store;

import dev.hfsm.error.IntegrityException;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decrypts while it is read, from some segment on. Nothing of a segment is given before all of it
 * was authenticated. Not thread-safe.
 */
final class OpenedStream extends InputStream {

  /** Makes sure that a blob really ends before the segment that is not there. */
  @FunctionalInterface
  interface EndCheck {
    void verifyEndsBefore(long segment) throws IOException;
  }

  private final InputStream in;
  private final SegmentCipher cipher;
  private final StorageKey key;
  private final EndCheck endCheck;

  /** A segment, and the first byte of the next, which tells that this is not the last. */
  private final byte[] block = new byte[Segments.SEALED + 1];

  private final byte[] plain = new byte[Segments.PLAIN];
  private final long first;
  private long number;
  private int ahead;
  private int skip;
  private long left;
  private int position;
  private int end;
  private boolean last;

  /** What kept the last segment from being opened; no read after that gives more, or an end. */
  private @Nullable Exception failed;

  /**
   * @param in from the first byte of segment {@code first} on, to one byte behind the last segment
   *     wanted or the end of the blob
   * @param skip how many bytes of that segment to leave out
   * @param length how many bytes to give at most
   */
  OpenedStream(
      InputStream in,
      SegmentCipher cipher,
      StorageKey key,
      long first,
      int skip,
      long length,
      EndCheck endCheck) {
    this.in = in;
    this.cipher = cipher;
    this.key = key;
    this.first = first;
    this.number = first;
    this.skip = skip;
    this.left = length;
    this.endCheck = endCheck;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    requireUnfailed();
    while (position == end) {
      if (left == 0 || last) {
        return -1;
      }
      try {
        openNext();
      } catch (IOException | RuntimeException e) {
        failed = e;
        throw e;
      }
    }
    int n = (int) Math.min(Math.min(length, end - position), left);
    System.arraycopy(plain, position, target, offset, n);
    position += n;
    left -= n;
    if (left == 0) {
      position = end;
    }
    return n;
  }

  private void requireUnfailed() throws IOException {
    if (failed instanceof IntegrityException) {
      throw new IntegrityException(String.valueOf(failed.getMessage()), failed);
    }
    if (failed != null) {
      throw new IOException(String.valueOf(failed.getMessage()), failed);
    }
  }

  private void openNext() throws IOException {
    int there = ahead + in.readNBytes(block, ahead, block.length - ahead);
    last = there < block.length;
    if (there == 0 && number == first && first > 0) {
      endCheck.verifyEndsBefore(first);
      return;
    }
    int length = last ? there : Segments.SEALED;
    if (length < Segments.TAG) {
      throw new IntegrityException(
          "blob " + key + ": expected segment " + number + ", found the end of what is stored");
    }
    SegmentCipher.Place place = last ? SegmentCipher.Place.LAST : SegmentCipher.Place.WITHIN;
    end = cipher.open(number, place, block, length, plain);
    position = Math.min(skip, end);
    skip = 0;
    number++;
    if (!last) {
      block[0] = block[Segments.SEALED];
      ahead = 1;
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
