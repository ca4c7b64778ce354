package dev.hfsm.tck.broken;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.StorageKey;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Stores that delete too much, too little, or say so. */
final class BrokenDeletes {

  private BrokenDeletes() {}

  static Map<String, Supplier<BlobStore>> all() {
    Map<String, Supplier<BlobStore>> all = new LinkedHashMap<>();
    all.put("deleting does nothing", DeletesNothing::new);
    all.put("deleting always says that there was a blob", () -> new Says(true));
    all.put("deleting never says that there was a blob", () -> new Says(false));
    all.put("deleting an absent blob is an error", AbsentIsAnError::new);
    all.put("deleting takes along what starts alike", DeletesByPrefix::new);
    all.put("deleting wipes bytes that are being read", Wipes::new);
    return all;
  }

  private static final class DeletesNothing extends BrokenBlobStore {
    @Override
    public boolean delete(StorageKey key) {
      return stat(key).isPresent();
    }
  }

  private static final class Says extends BrokenBlobStore {
    private final boolean answer;

    Says(boolean answer) {
      this.answer = answer;
    }

    @Override
    public boolean delete(StorageKey key) {
      super.delete(key);
      return answer;
    }
  }

  private static final class AbsentIsAnError extends BrokenBlobStore {
    @Override
    public boolean delete(StorageKey key) {
      if (!super.delete(key)) {
        throw new BlobNotFoundException(key.text());
      }
      return true;
    }
  }

  private static final class DeletesByPrefix extends BrokenBlobStore {
    @Override
    public boolean delete(StorageKey key) {
      boolean found = stat(key).isPresent();
      keys(key.text()).forEach(sound::delete);
      return found;
    }
  }

  private static final class Wipes extends BrokenBlobStore {
    private final Map<StorageKey, byte[]> read = new ConcurrentHashMap<>();

    @Override
    public InputStream open(StorageKey key, ByteRange range) {
      byte[] bytes = read(key);
      read.put(key, bytes);
      return stream(bytes, range.offset(), endOf(range));
    }

    @Override
    public boolean delete(StorageKey key) {
      byte[] bytes = read.remove(key);
      if (bytes != null) {
        Arrays.fill(bytes, (byte) 0);
      }
      return super.delete(key);
    }
  }
}
