package dev.hfsm;

import dev.hfsm.model.Digest;
import dev.hfsm.model.MediaType;
import dev.hfsm.storage.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Bytes that are stored and can be read: an original or a variant. Thread-safe. */
public abstract sealed class Content permits Original, ReadyVariant {

  Content() {}

  /** What the bytes are. */
  public abstract MediaType mediaType();

  /** Number of bytes. */
  public abstract long size();

  /** Content address of the bytes. */
  public abstract Digest digest();

  /** Opens part of the bytes; the caller closes the stream. */
  public abstract InputStream open(ByteRange range);

  /** Opens all of the bytes; the caller closes the stream. */
  public final InputStream open() {
    return open(ByteRange.ALL);
  }

  /** Writes all of the bytes to {@code out}, which stays open, and says how many there were. */
  public final long transferTo(OutputStream out) throws IOException {
    try (InputStream in = open()) {
      return in.transferTo(out);
    }
  }
}
