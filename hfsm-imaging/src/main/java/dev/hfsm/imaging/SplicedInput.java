package dev.hfsm.imaging;

import java.util.List;
import javax.imageio.stream.ImageInputStreamImpl;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder reads: chosen pieces of the file one after another, so that metadata, comments and
 * trailing data never reach it. Unlike ImageIO's own streams it uses no cache on disk, and it stops
 * when the budget says so, remembering why, because decoders tend to swallow exceptions.
 */
final class SplicedInput extends ImageInputStreamImpl {

  private static final int READS_UNCHECKED = 1 << 12;

  private final Bytes file;
  private final List<Piece> pieces;
  private final long[] starts;
  private final long total;
  private final byte[] buffer = new byte[1 << 15];
  private long bufferStart;
  private int buffered;
  private @Nullable RuntimeException failure;
  private int reads;

  SplicedInput(Bytes file, List<Piece> pieces) {
    this.file = file;
    this.pieces = pieces;
    this.starts = new long[pieces.size()];
    long at = 0;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = at;
      at += pieces.get(i).length();
    }
    this.total = at;
  }

  /** Rethrows what stopped the reading, if the decoder hid it. */
  void rethrowFailure() {
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public long length() {
    return total;
  }

  @Override
  public int read() {
    bitOffset = 0;
    if (!fill()) {
      return -1;
    }
    return buffer[(int) (streamPos++ - bufferStart)] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    bitOffset = 0;
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int from = (int) (streamPos - bufferStart);
    int n = Math.min(length, buffered - from);
    System.arraycopy(buffer, from, into, offset, n);
    streamPos += n;
    return n;
  }

  private boolean fill() {
    // Also of those that go round and round in what is already here, or read on after the end.
    if ((++reads & READS_UNCHECKED - 1) == 0) {
      check();
    }
    if (streamPos >= bufferStart && streamPos < bufferStart + buffered) {
      return true;
    }
    if (streamPos >= total) {
      return false;
    }
    try {
      load();
    } catch (RuntimeException e) {
      failure = failure == null ? e : failure;
      throw e;
    }
    return buffered > 0;
  }

  private void check() {
    try {
      file.budget().check();
    } catch (RuntimeException e) {
      failure = failure == null ? e : failure;
      throw e;
    }
  }

  private void load() {
    file.budget().check();
    bufferStart = streamPos;
    buffered = 0;
    int index = pieceAt(streamPos);
    while (index < starts.length && buffered < buffer.length) {
      Piece piece = pieces.get(index);
      long skip = Math.max(0, bufferStart + buffered - starts[index]);
      int n = (int) Math.min(buffer.length - buffered, piece.length() - skip);
      if (piece instanceof Piece.Range range) {
        int got = file.read(range.offset() + skip, buffer, buffered, n);
        if (got < n) {
          buffered += Math.max(0, got);
          return;
        }
      } else if (piece instanceof Piece.Literal literal) {
        System.arraycopy(literal.bytes(), (int) skip, buffer, buffered, n);
      }
      buffered += n;
      index++;
    }
  }

  private int pieceAt(long position) {
    int low = 0;
    int high = starts.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (starts[middle] <= position) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
