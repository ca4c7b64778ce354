package dev.hfsm.tck.broken;

import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.StorageKey;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Stores that spoil sound bytes, or show them too early. */
final class BrokenPuts {

  private BrokenPuts() {}

  static Map<String, Supplier<BlobStore>> all() {
    Map<String, Supplier<BlobStore>> all = new LinkedHashMap<>();
    all.put("empty blobs are dropped", () -> new Keeping(size -> size, 1));
    all.put("blobs of one byte are dropped", () -> new Keeping(size -> size == 1 ? 0 : size, 0));
    all.put("only whole buffers are kept", () -> new Keeping(s -> s > 8192 ? s & ~8191 : s, 0));
    all.put("only 4 MiB are kept", () -> new Keeping(size -> Math.min(size, 4 << 20), 0));
    all.put("a put is visible while under way", () -> new InPlace(true));
    all.put("a failed put leaves what it has", () -> new InPlace(false));
    all.put("a failed put clears the folder", ClearsTheFolder::new);
    all.put("what a second thread puts is lost", KnowsOnePutter::new);
    return all;
  }

  private interface Cut {
    int apply(int size);
  }

  private static final class Keeping extends BrokenBlobStore {
    private final Cut cut;
    private final int atLeast;

    Keeping(Cut cut, int atLeast) {
      this.cut = cut;
      this.atLeast = atLeast;
    }

    @Override
    public void put(StorageKey key, BlobRef expected, ByteSource content) {
      super.put(key, expected, content);
      byte[] bytes = read(key);
      if (bytes.length < atLeast) {
        delete(key);
      } else if (cut.apply(bytes.length) != bytes.length) {
        force(key, Arrays.copyOf(bytes, cut.apply(bytes.length)));
      }
    }
  }

  private static final class InPlace extends BrokenBlobStore {
    private final boolean clearsUp;

    InPlace(boolean clearsUp) {
      this.clearsUp = clearsUp;
    }

    @Override
    public void put(StorageKey key, BlobRef expected, ByteSource content) {
      force(key, new byte[(int) expected.size() / 2]);
      try {
        super.put(key, expected, content);
      } catch (RuntimeException e) {
        if (clearsUp) {
          delete(key);
        }
        throw e;
      }
    }
  }

  private static final class ClearsTheFolder extends BrokenBlobStore {
    @Override
    public void put(StorageKey key, BlobRef expected, ByteSource content) {
      try {
        super.put(key, expected, content);
      } catch (RuntimeException e) {
        keys(key.text().substring(0, key.text().lastIndexOf('/') + 1)).forEach(this::delete);
        throw e;
      }
    }
  }

  private static final class KnowsOnePutter extends BrokenBlobStore {
    private final AtomicReference<Thread> putter = new AtomicReference<>();

    @Override
    public void put(StorageKey key, BlobRef expected, ByteSource content) {
      super.put(key, expected, content);
      Thread me = Thread.currentThread();
      if (!putter.compareAndSet(null, me) && !me.equals(putter.get())) {
        delete(key);
      }
    }
  }
}
