package dev.hfsm.tck.broken;

import dev.hfsm.error.IntegrityException;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.ByteSource.SpooledFile;
import dev.hfsm.storage.StorageKey;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Stores that believe sources, or handle them badly. */
final class BrokenSources {

  private BrokenSources() {}

  static Map<String, Supplier<BlobStore>> all() {
    Map<String, Supplier<BlobStore>> all = new LinkedHashMap<>();
    all.put("the digest is not checked", DigestUnchecked::new);
    all.put("only the first 64 KiB are hashed", HashesTheHead::new);
    all.put("a short source is accepted", AcceptsShort::new);
    all.put("bytes behind the expected size are ignored", ReadsNoFurther::new);
    all.put("an error of the source is taken for its end", SwallowsErrors::new);
    all.put("a source that does not open is stored as empty", UnopenedIsEmpty::new);
    all.put("streams of sources are left open", LeaksStreams::new);
    all.put("a source is read only once", ReadsOnce::new);
    all.put("the source is kept in place of the bytes", KeepsTheSource::new);
    all.put("files are taken over and lost", LosesFiles::new);
    all.put("the measurement of a file is not compared", BelievesFiles::new);
    all.put("the size of a file is not looked at", SizeOfFilesUnchecked::new);
    all.put("a file that is gone is stored as empty", GoneIsEmpty::new);
    return all;
  }

  private static final class DigestUnchecked extends BrokenBlobStore {
    @Override
    public void put(StorageKey key, BlobRef expected, ByteSource content) {
      byte[] bytes = readAll(content);
      if (bytes.length != expected.size()) {
        throw new IntegrityException("wrong size");
      }
      force(key, bytes);
    }
  }

  private static final class HashesTheHead extends BrokenBlobStore {
    @Override
    public void put(StorageKey key, BlobRef expected, ByteSource content) {
      try {
        super.put(key, expected, content);
      } catch (IntegrityException e) {
        byte[] bytes = readAll(content);
        if (bytes.length <= 1 << 16 || bytes.length != expected.size()) {
          throw e;
        }
        force(key, bytes);
      }
    }
  }

  private static final class AcceptsShort extends BrokenBlobStore {
    @Override
    public void put(StorageKey key, BlobRef expected, ByteSource content) {
      byte[] bytes = readAll(content);
      if (bytes.length < expected.size()) {
        force(key, bytes);
      } else {
        super.put(key, expected, content);
      }
    }
  }

  private static final class ReadsNoFurther extends BrokenBlobStore {
    @Override
    public void put(StorageKey key, BlobRef expected, ByteSource content) {
      byte[] bytes;
      try (InputStream in = content.open()) {
        bytes = in.readNBytes((int) expected.size());
      } catch (IOException e) {
        throw new IntegrityException("the source cannot be read", e);
      }
      super.put(key, expected, ByteSource.of(bytes));
    }
  }

  private static final class SwallowsErrors extends BrokenBlobStore {
    @Override
    public void put(StorageKey key, BlobRef expected, ByteSource content) {
      ByteArrayOutputStream read = new ByteArrayOutputStream();
      try (InputStream in = open(content)) {
        in.transferTo(read);
      } catch (IOException e) {
        force(key, read.toByteArray());
        return;
      }
      super.put(key, expected, ByteSource.of(read.toByteArray()));
    }

    private static InputStream open(ByteSource content) {
      try {
        return content.open();
      } catch (IOException e) {
        throw new IntegrityException("the source does not open", e);
      }
    }
  }

  private static final class UnopenedIsEmpty extends BrokenBlobStore {
    @Override
    public void put(StorageKey key, BlobRef expected, ByteSource content) {
      try {
        content.open().close();
        super.put(key, expected, content);
      } catch (IOException e) {
        force(key, new byte[0]);
      }
    }
  }

  private static final class LeaksStreams extends BrokenBlobStore {
    @Override
    public void put(StorageKey key, BlobRef expected, ByteSource content) {
      super.put(
          key,
          expected,
          new ByteSource() {
            @Override
            public long size() {
              return content.size();
            }

            @Override
            public InputStream open() throws IOException {
              return new FilterInputStream(content.open()) {
                @Override
                public void close() {}
              };
            }
          });
    }
  }

  private static final class ReadsOnce extends BrokenBlobStore {
    private final Set<ByteSource> seen =
        Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    @Override
    public void put(StorageKey key, BlobRef expected, ByteSource content) {
      if (seen.add(content)) {
        super.put(key, expected, content);
      } else {
        force(key, new byte[0]);
      }
    }
  }

  private static final class KeepsTheSource extends BrokenBlobStore {
    private final Map<StorageKey, ByteSource> sources = new ConcurrentHashMap<>();

    @Override
    public void put(StorageKey key, BlobRef expected, ByteSource content) {
      super.put(key, expected, content);
      sources.put(key, content);
    }

    @Override
    public InputStream open(StorageKey key, ByteRange range) {
      super.open(key, range);
      return stream(readAll(sources.get(key)), range.offset(), endOf(range));
    }
  }

  /** Does something else with files. */
  private abstract static class PutsFiles extends BrokenBlobStore {
    @Override
    public final void put(StorageKey key, BlobRef expected, ByteSource content) {
      if (content.file().isPresent()) {
        putFile(key, expected, content.file().get());
      } else {
        super.put(key, expected, content);
      }
    }

    abstract void putFile(StorageKey key, BlobRef expected, SpooledFile file);
  }

  private static final class LosesFiles extends PutsFiles {
    @Override
    void putFile(StorageKey key, BlobRef expected, SpooledFile file) {
      sound.put(key, expected, file);
      sound.delete(key);
    }
  }

  private static final class BelievesFiles extends PutsFiles {
    @Override
    void putFile(StorageKey key, BlobRef expected, SpooledFile file) {
      sound.put(key, file.measured(), file);
    }
  }

  private static final class SizeOfFilesUnchecked extends PutsFiles {
    @Override
    void putFile(StorageKey key, BlobRef expected, SpooledFile file) {
      byte[] bytes = readAll(file);
      if (!file.measured().equals(expected)) {
        throw new IntegrityException("another measurement");
      }
      force(key, bytes);
    }
  }

  private static final class GoneIsEmpty extends PutsFiles {
    @Override
    void putFile(StorageKey key, BlobRef expected, SpooledFile file) {
      if (Files.exists(file.path())) {
        sound.put(key, expected, file);
      } else {
        force(key, new byte[0]);
      }
    }
  }
}
