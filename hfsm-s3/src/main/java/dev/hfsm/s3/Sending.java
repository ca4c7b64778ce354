package dev.hfsm.s3;

import dev.hfsm.error.IntegrityException;
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
  private final List<VerifiedStream> opened = new ArrayList<>();
  private @Nullable SourceFailure failure;

  /**
   * @throws IntegrityException if the source says itself that it is something else
   */
  Sending(BlobRef expected, ByteSource content) {
    this.expected = expected;
    this.content = content;
    requireAnnounced();
  }

  private void requireAnnounced() {
    long announced;
    Optional<SpooledFile> file;
    try {
      announced = content.size();
      file = content.file();
    } catch (RuntimeException e) {
      throw new IntegrityException("blob content: the source cannot tell what it is", e);
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
    opened.forEach(VerifiedStream::close);
    VerifiedStream verified = new VerifiedStream(expected, open());
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

  /** Reads it to its end, for a request that does not. */
  void drain() {
    try (InputStream in = newStream()) {
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
