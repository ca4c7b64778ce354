package dev.hfsm.tck.broken;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.LocalFile;
import dev.hfsm.storage.StorageKey;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Stores that answer wrongly about what they hold. */
final class BrokenReads {

  private BrokenReads() {}

  static Map<String, Supplier<BlobStore>> all() {
    Map<String, Supplier<BlobStore>> all = new LinkedHashMap<>();
    all.put("ranges are ignored", () -> new Ranges((bytes, range) -> stream(bytes, 0, MAX)));
    all.put(
        "the last position of a range is taken for its length",
        () ->
            new Ranges(
                (bytes, range) ->
                    stream(bytes, range.offset(), Math.max(range.length(), range.offset()))));
    all.put(
        "a range has one byte too many",
        () ->
            new Ranges(
                (bytes, range) ->
                    stream(
                        bytes,
                        range.offset(),
                        range.length() == MAX ? MAX : range.offset() + range.length() + 1)));
    all.put(
        "a range from an offset misses its first byte",
        () ->
            new Ranges(
                (bytes, range) ->
                    stream(
                        bytes,
                        range.offset() == 0 ? 0 : range.offset() + 1,
                        BrokenBlobStore.endOf(range))));
    all.put("a range that passes the end is an error", () -> new Ranges(BrokenReads::strict));
    all.put("a range of no length is everything", () -> new Ranges(BrokenReads::zeroIsAll));
    all.put("single bytes are signed", () -> new Streams(Signed::new));
    all.put("skipping leaves the range", () -> new Streams(Skipping::new));
    all.put("an absent blob reads as empty", AbsentIsEmpty::new);
    all.put("a folder counts as a blob", FolderIsBlob::new);
    all.put("stat tells whole blocks", StatInBlocks::new);
    all.put("stat finds keys that only start alike", StatByPrefix::new);
    all.put("the local file is another one", WrongFile::new);
    all.put("every capability is offered", OffersEverything::new);
    all.put("closing twice fails", ClosesOnce::new);
    return all;
  }

  private static final long MAX = Long.MAX_VALUE;

  private static InputStream stream(byte[] bytes, long from, long to) {
    return BrokenBlobStore.stream(bytes, from, to);
  }

  private static InputStream strict(byte[] bytes, ByteRange range) {
    boolean open = range.length() == MAX;
    if (range.offset() >= bytes.length || !open && BrokenBlobStore.endOf(range) > bytes.length) {
      throw new BlobStoreException("416 range not satisfiable", null, false);
    }
    return stream(bytes, range.offset(), BrokenBlobStore.endOf(range));
  }

  private static InputStream zeroIsAll(byte[] bytes, ByteRange range) {
    return stream(bytes, range.offset(), range.length() == 0 ? MAX : BrokenBlobStore.endOf(range));
  }

  private interface Slice {
    InputStream of(byte[] bytes, ByteRange range);
  }

  private static final class Ranges extends BrokenBlobStore {
    private final Slice slice;

    Ranges(Slice slice) {
      this.slice = slice;
    }

    @Override
    public InputStream open(StorageKey key, ByteRange range) {
      byte[] bytes = read(key);
      return range.equals(ByteRange.ALL) && bytes.length > 0
          ? super.open(key, range)
          : slice.of(bytes, range);
    }
  }

  private interface Wrapping {
    InputStream of(InputStream in);
  }

  private static final class Streams extends BrokenBlobStore {
    private final Wrapping wrapping;

    Streams(Wrapping wrapping) {
      this.wrapping = wrapping;
    }

    @Override
    public InputStream open(StorageKey key, ByteRange range) {
      return wrapping.of(super.open(key, range));
    }
  }

  private static final class Signed extends FilterInputStream {
    Signed(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      return (byte) super.read();
    }
  }

  private static final class Skipping extends FilterInputStream {
    Skipping(InputStream in) {
      super(in);
    }

    @Override
    public long skip(long count) throws IOException {
      super.skip(count);
      return count;
    }
  }

  private static final class AbsentIsEmpty extends BrokenBlobStore {
    @Override
    public InputStream open(StorageKey key, ByteRange range) {
      try {
        return super.open(key, range);
      } catch (BlobNotFoundException e) {
        return new ByteArrayInputStream(new byte[0]);
      }
    }
  }

  private static final class FolderIsBlob extends BrokenBlobStore {
    @Override
    public Optional<BlobStat> stat(StorageKey key) {
      return keys(key + "/").isEmpty() ? super.stat(key) : Optional.of(new BlobStat(4096));
    }
  }

  private static final class StatInBlocks extends BrokenBlobStore {
    @Override
    public Optional<BlobStat> stat(StorageKey key) {
      return super.stat(key).map(stat -> new BlobStat((stat.size() + 4095) / 4096 * 4096));
    }
  }

  private static final class StatByPrefix extends BrokenBlobStore {
    @Override
    public Optional<BlobStat> stat(StorageKey key) {
      return keys(key.text()).stream().findFirst().flatMap(super::stat);
    }
  }

  private static final class WrongFile extends BrokenBlobStore {
    @Override
    public <C> Optional<C> capability(Class<C> type) {
      LocalFile wrong = key -> Optional.of(Path.of("no-such-file"));
      return type == LocalFile.class ? Optional.of(type.cast(wrong)) : Optional.empty();
    }
  }

  private static final class OffersEverything extends BrokenBlobStore {
    @Override
    @SuppressWarnings("unchecked")
    public <C> Optional<C> capability(Class<C> type) {
      return Optional.of((C) this);
    }
  }

  private static final class ClosesOnce extends BrokenBlobStore {
    private boolean closed;

    @Override
    public void close() {
      if (closed) {
        closed = false; // so that the suite can clear up
        throw new IllegalStateException("closed already");
      }
      closed = true;
    }
  }
}
