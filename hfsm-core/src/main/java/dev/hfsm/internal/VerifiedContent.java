package dev.hfsm.internal;

import dev.hfsm.error.IntegrityException;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * Reads a source once and says whether it is what was announced. Errors of the source and errors of
 * the place the bytes go to are kept apart: the former become {@link IntegrityException}, the
 * latter pass through.
 */
public final class VerifiedContent {

  private static final int BLOCK = 64 * 1024;

  private VerifiedContent() {}

  /** Takes bytes as they are read. */
  @FunctionalInterface
  public interface Sink {

    /** Takes the first {@code length} bytes of {@code block}, which is reused afterwards. */
    void accept(byte[] block, int length) throws IOException;
  }

  /**
   * Passes all bytes of {@code content} to {@code sink}. Never passes more bytes than expected, and
   * reads at most one block more. What reached the sink is worth keeping only if this returns.
   *
   * @throws IntegrityException if the source is short, long, fails, or hashes to something else
   * @throws IOException only if the sink threw it
   */
  public static void copy(BlobRef expected, ByteSource content, Sink sink) throws IOException {
    long announced = announcedSize(content);
    if (announced != expected.size()) {
      throw wrongSize(expected, "a source of " + announced);
    }
    MessageDigest hash = Digest.newHash();
    InputStream in = open(content);
    try (Closing closing = new Closing(in)) {
      byte[] block = new byte[BLOCK];
      long count = 0;
      for (int n = read(in, block, count); n >= 0; n = read(in, block, count)) {
        count += n;
        if (count > expected.size()) {
          throw wrongSize(expected, "more than that");
        }
        hash.update(block, 0, n);
        sink.accept(block, n);
      }
      if (count < expected.size()) {
        throw wrongSize(expected, Long.toString(count));
      }
    }
    Digest found = Digest.of(hash.digest());
    if (!found.equals(expected.digest())) {
      throw new IntegrityException(
          "blob content: expected " + expected.digest() + ", found " + found);
    }
  }

  private static IntegrityException wrongSize(BlobRef expected, String found) {
    return new IntegrityException(
        "blob content: expected "
            + expected.size()
            + " bytes of "
            + expected.digest()
            + ", found "
            + found);
  }

  private static long announcedSize(ByteSource content) {
    try {
      return content.size();
    } catch (RuntimeException e) {
      throw new IntegrityException("blob content: the source cannot tell its size", e);
    }
  }

  private static InputStream open(ByteSource content) {
    try {
      return content.open();
    } catch (IOException | RuntimeException e) {
      throw new IntegrityException("blob content: the source cannot be opened", e);
    }
  }

  private static int read(InputStream in, byte[] block, long count) {
    try {
      return in.read(block, 0, block.length);
    } catch (IOException | RuntimeException e) {
      throw new IntegrityException(
          "blob content: the source failed after " + count + " bytes were read", e);
    }
  }

  /** What a source says when it is closed changes nothing about the bytes it gave. */
  private record Closing(InputStream in) implements AutoCloseable {
    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException | RuntimeException e) {
        // The bytes were verified, or a better reason is already on its way.
      }
    }
  }
}
