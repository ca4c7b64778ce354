package dev.hfsm.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Bytes that can be read more than once, so that a failed attempt can be repeated. Thread-safe if
 * the bytes behind it do not change.
 */
public interface ByteSource {

  /** Number of bytes. */
  long size();

  /** A new stream over all the bytes; the caller closes it. */
  InputStream open() throws IOException;

  /**
   * A file holding exactly these bytes that a store may take over by renaming it, instead of
   * copying; afterwards the source can no longer be opened. Empty if there is none.
   */
  default Optional<SpooledFile> file() {
    return Optional.empty();
  }

  /** A source over an array, which must not change. */
  static ByteSource of(byte[] content) {
    return new ByteSource() {
      @Override
      public long size() {
        return content.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(content);
      }
    };
  }

  /**
   * A file and what was measured while it was written. Whoever offers it answers for the
   * measurement, so a store need not read the file again.
   *
   * @param path the file; nobody else writes it
   * @param measured digest and size taken from the very bytes written
   */
  record SpooledFile(Path path, BlobRef measured) implements ByteSource {
    @Override
    public long size() {
      return measured.size();
    }

    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(path);
    }

    @Override
    public Optional<SpooledFile> file() {
      return Optional.of(this);
    }
  }
}
