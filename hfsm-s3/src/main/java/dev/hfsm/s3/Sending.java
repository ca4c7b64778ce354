package dev.hfsm.s3;

import dev.hfsm.error.IntegrityException;
import dev.hfsm.s3.VerifiedStream.Check;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.ByteSource.SpooledFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ContentStreamProvider;

/**
 * A source on its way, which the client opens once for each attempt. Remembers what was wrong with
 * it, whatever the client makes of that, and closes all that was opened. For one thread.
 */
final class Sending implements ContentStreamProvider, AutoCloseable {

  private final BlobRef expected;
  private final ByteSource content;
  private final Check check;
  private final List<VerifiedStream> opened = new ArrayList<>();
  private @Nullable SourceFailure failure;

  private Sending(BlobRef expected, ByteSource content, Check check) {
    this.expected = expected;
    this.content = content;
    this.check = check;
  }

  /**
   * All of whose bytes are hashed here.
   *
   * @throws IntegrityException if the source says itself that it is something else
   */
  static Sending hashed(BlobRef expected, ByteSource content) {
    requireAnnounced(expected, content, file(content));
    return new Sending(expected, content, Check.DIGEST);
  }

  /**
   * To a server that verifies the digest. A file that was measured while it was written is not
   * hashed a second time here.
   *
   * @throws IntegrityException if the source says itself that it is something else
   */
  static Sending verifiedByTheServer(BlobRef expected, ByteSource content) {
    Optional<SpooledFile> file = file(content);
    requireAnnounced(expected, content, file);
    return new Sending(expected, content, file.isPresent() ? Check.COUNT : Check.DIGEST);
  }

  private static Optional<SpooledFile> file(ByteSource content) {
    try {
      return content.file();
    } catch (RuntimeException e) {
      throw new IntegrityException("blob content: the source cannot name its file", e);
    }
  }

  private static void requireAnnounced(
      BlobRef expected, ByteSource content, Optional<SpooledFile> file) {
    long announced;
    try {
      announced = content.size();
    } catch (RuntimeException e) {
      throw new IntegrityException("blob content: the source cannot tell its size", e);
    }
    BlobRef found = file.map(SpooledFile::measured).orElse(expected);
    if (announced != expected.size() || !found.equals(expected)) {
      throw new IntegrityException(
          "blob content: expected "
              + expected
              + ", found a source of "
              + announced
              + " bytes"
              + (file.isPresent() ? " measured as " + found : ""));
    }
  }

  @Override
  public InputStream newStream() {
    return newStream(check);
  }

  private InputStream newStream(Check how) {
    opened.forEach(VerifiedStream::close);
    VerifiedStream verified = new VerifiedStream(expected, open(), how);
    opened.add(verified);
    return new Watched(verified);
  }

  private InputStream open() {
    try {
      return content.open();
    } catch (IOException | RuntimeException e) {
      throw noted(new SourceFailure("the source cannot be opened", e));
    }
  }

  private SourceFailure noted(SourceFailure found) {
    failure = found;
    return found;
  }

  /** Reads and hashes it to its end, for a request that does not. */
  void verify() {
    try (InputStream in = newStream(Check.DIGEST)) {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw noted(new SourceFailure("the source failed", e));
    }
  }

  /** What is wrong with the source, if anything was found so far. */
  Optional<SourceFailure> failure() {
    return Optional.ofNullable(failure);
  }

  /** Whether some attempt passed every byte on, so that the server may have them. */
  boolean wasPassedOnWhole() {
    return opened.stream().anyMatch(VerifiedStream::isWhole);
  }

  @Override
  public void close() {
    opened.forEach(VerifiedStream::close);
  }

  private final class Watched extends InputStream {
    private final VerifiedStream in;

    Watched(VerifiedStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      try {
        return in.read();
      } catch (SourceFailure e) {
        throw noted(e);
      }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        return in.read(target, offset, length);
      } catch (SourceFailure e) {
        throw noted(e);
      }
    }

    @Override
    public void close() {
      in.close();
    }
  }
}
