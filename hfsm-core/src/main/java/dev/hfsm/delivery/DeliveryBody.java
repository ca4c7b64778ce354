package dev.hfsm.delivery;

import dev.hfsm.Content;
import dev.hfsm.ReadyVariant;
import dev.hfsm.storage.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The body of a response. Written at most once, by one thread. */
public abstract sealed class DeliveryBody implements AutoCloseable
    permits DeliveryBody.Bytes, DeliveryBody.Stream, FileBody, MultipartBody {

  private static final Logger LOG = LoggerFactory.getLogger(DeliveryBody.class);

  /** Every piece costs a server a call to the system, so they are not small. */
  static final int BLOCK = 64 * 1024;

  private final long size;

  DeliveryBody(long size) {
    this.size = size;
  }

  /** Number of bytes that {@link #writeTo} writes. */
  public final long size() {
    return size;
  }

  /**
   * Writes all of it; {@code out} stays open.
   *
   * @throws IOException if {@code out} does not take it, or if the bytes break off
   */
  public abstract void writeTo(OutputStream out) throws IOException;

  /**
   * Part of an open file, which is closed with the body.
   *
   * @param name where it can be opened once more for as long as the asset is there; null of a
   *     variant, which may be evicted at any time
   */
  public record FilePart(FileChannel channel, long offset, long length, @Nullable Path name) {}

  /**
   * Where the bytes lie, for who can send a file without copying it; empty if they are no part of a
   * file. It is open, so it can be sent whatever becomes of its name.
   */
  public Optional<FilePart> file() {
    return Optional.empty();
  }

  /** Closes what was opened for it; never throws. */
  @Override
  public void close() {}

  static DeliveryBody none() {
    return new Bytes(new byte[0], 0, 0);
  }

  static DeliveryBody of(byte[] bytes, int from, int length) {
    return new Bytes(bytes, from, length);
  }

  static DeliveryBody of(InputStream in, long size) {
    return new Stream(in, size);
  }

  /** From the store, as a file if it is one. */
  static DeliveryBody of(Content content, ByteRange range, Timing timing) {
    long length = range.lengthIn(content.size());
    return timing.measure(
        "store",
        () ->
            content
                .file()
                .flatMap(file -> FileBody.of(content, file, range.offset(), length))
                .map(body -> counted(body, content, range))
                .orElseGet(() -> of(content.open(range), length)));
  }

  private static DeliveryBody counted(DeliveryBody body, Content content, ByteRange range) {
    if (range.offset() == 0 && content instanceof ReadyVariant variant) {
      variant.countUse(); // opening it would have
    }
    return body;
  }

  /** Something on the heap. */
  static final class Bytes extends DeliveryBody {
    private final byte[] bytes;
    private final int from;

    Bytes(byte[] bytes, int from, int length) {
      super(length);
      this.bytes = bytes;
      this.from = from;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write(bytes, from, (int) size());
    }
  }

  /** Something that is read while it is written. */
  static final class Stream extends DeliveryBody {
    private final InputStream in;

    Stream(InputStream in, long size) {
      super(size);
      this.in = in;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      byte[] block = new byte[(int) Math.min(BLOCK, size())];
      long left = size();
      while (left > 0) {
        int n = in.read(block, 0, (int) Math.min(block.length, left));
        if (n < 0) {
          // The length has been announced: the connection has to end here.
          throw new IOException("expected %d bytes, found %d".formatted(size(), size() - left));
        }
        out.write(block, 0, n);
        left -= n;
      }
    }

    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException e) {
        LOG.debug("could not close a stream after it was served: {}", e.toString());
      }
    }
  }
}
