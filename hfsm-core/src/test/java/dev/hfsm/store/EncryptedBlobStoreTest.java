package dev.hfsm.store;

import static dev.hfsm.store.Blobs.bytes;
import static dev.hfsm.store.Blobs.flipped;
import static dev.hfsm.store.Blobs.put;
import static dev.hfsm.store.Blobs.read;
import static dev.hfsm.store.Blobs.ref;
import static dev.hfsm.store.Blobs.replace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.HfsmException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.filesystem.FileSystemBlobStore;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.LocalFile;
import dev.hfsm.storage.StorageKey;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Nobody without the key reads anything, and nobody alters anything unnoticed. */
@Execution(ExecutionMode.CONCURRENT)
class EncryptedBlobStoreTest {

  private static final StorageKey KEY = new StorageKey("raw/01/23/blob-1");
  private static final StorageKey OTHER = new StorageKey("raw/01/23/blob-2");
  private static final int SEGMENT = 1 << 16;
  private static final int SEALED = SEGMENT + 16;
  private static final int HEAD = 88;
  private static final EncryptionKey OLD = EncryptionKey.of("2025", bytes(32));
  private static final EncryptionKey NEW = EncryptionKey.of("2026", Arrays.copyOf(bytes(33), 32));

  private final InMemoryBlobStore disk = new InMemoryBlobStore();
  private final BlobStore store = EncryptedBlobStore.over(disk, EncryptionKeys.of(NEW));

  @Test
  void everySizeAroundTheBordersOfSegmentsReadsBack() throws IOException {
    for (int segments = 0; segments <= 3; segments++) {
      for (int more = -17; more <= 17; more++) {
        int size = segments * SEGMENT + more;
        if (size >= 0) {
          roundTrip(size);
        }
      }
    }
    roundTrip((1 << 20) - 1);
    roundTrip(1 << 20);
    roundTrip((1 << 20) + 1);
    roundTrip(17 * SEGMENT);
  }

  private void roundTrip(int size) throws IOException {
    replaceWithPlain(KEY, bytes(size));
    assertThat(read(store, KEY)).as("%s bytes", size).isEqualTo(bytes(size));
    assertThat(store.stat(KEY)).contains(new BlobStat(size));
    long segments = size == 0 ? 1 : (size - 1L) / SEGMENT + 1;
    assertThat(disk.stat(KEY)).contains(new BlobStat(HEAD + size + 16 * segments));
  }

  private void replaceWithPlain(StorageKey key, byte[] plain) {
    store.delete(key);
    put(store, key, plain);
  }

  @Test
  void nothingOfThePlainBytesLiesInTheStoreBehindAndNoTwoBlobsLookAlike() throws IOException {
    byte[] plain = "the quick brown fox jumps over the lazy dog".getBytes();
    put(store, KEY, plain);
    put(store, OTHER, plain);
    String one = HexFormat.of().formatHex(read(disk, KEY));
    assertThat(one).doesNotContain(HexFormat.of().formatHex("quick".getBytes()));
    assertThat(one.substring(2 * HEAD))
        .isNotEqualTo(HexFormat.of().formatHex(read(disk, OTHER)).substring(2 * HEAD));
  }

  @Test
  void everyRangeIsTheOneOfThePlainBytes() throws IOException {
    int size = 3 * SEGMENT + 1_000;
    byte[] plain = bytes(size);
    put(store, KEY, plain);
    int[] edges = {0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, size - 1, size, size + 1};
    for (int from : edges) {
      for (int to : edges) {
        if (from <= to) {
          assertRange(plain, from, to - from);
        }
      }
      assertRange(plain, from, Long.MAX_VALUE);
    }
    long seed = System.nanoTime();
    System.out.println("ranges of an encrypted blob: seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 300; i++) {
      assertRange(plain, random.nextInt(size + 10), random.nextInt(size));
    }
    assertRange(plain, Long.MAX_VALUE, Long.MAX_VALUE);
    assertRange(plain, 1L << 50, 5);
  }

  private void assertRange(byte[] plain, long offset, long length) throws IOException {
    int from = (int) Math.min(offset, plain.length);
    int to = (int) Math.min(plain.length, length > plain.length ? plain.length : from + length);
    assertThat(read(store, KEY, new ByteRange(offset, length)))
        .as("%s from %s", length, offset)
        .isEqualTo(Arrays.copyOfRange(plain, from, to));
  }

  @Test
  void rangesAtTheEndOfWholeSegmentsAreRight() throws IOException {
    byte[] plain = bytes(2 * SEGMENT);
    put(store, KEY, plain);
    assertRange(plain, 2 * SEGMENT, 1);
    assertRange(plain, 2 * SEGMENT - 1, 1);
    assertRange(plain, 2 * SEGMENT - 1, 2);
    assertRange(plain, 5 * SEGMENT, 1);
  }

  @Test
  void aStreamThatFoundDamageHasNoEnd() throws IOException {
    put(store, KEY, bytes(SEGMENT + 1_000));
    for (int at : new int[] {HEAD + 5, HEAD + SEALED + 5}) {
      byte[] stored = read(disk, KEY);
      replace(disk, KEY, flipped(stored, at));
      try (InputStream in = store.open(KEY, ByteRange.ALL)) {
        assertThatThrownBy(in::readAllBytes).isInstanceOf(IntegrityException.class);
        assertThatThrownBy(in::read).as("the next read").isInstanceOf(IntegrityException.class);
        assertThatThrownBy(in::readAllBytes).isInstanceOf(IntegrityException.class);
      }
      replace(disk, KEY, stored);
    }
  }

  @Test
  void aStreamThatBrokeOffDoesNotCallTheBlobDamaged() throws IOException {
    put(store, KEY, bytes(1_000));
    BlobStore breaking = EncryptedBlobStore.over(new BreakingOnce(disk), EncryptionKeys.of(NEW));
    try (InputStream in = breaking.open(KEY, ByteRange.ALL)) {
      assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
      assertThatThrownBy(in::readAllBytes).as("the next read").isInstanceOf(IOException.class);
    }
  }

  /** Whose streams break off once in the middle of a segment, and could go on behind it. */
  private static final class BreakingOnce extends Decorator {

    BreakingOnce(BlobStore store) {
      super(store);
    }

    @Override
    public InputStream open(StorageKey key, ByteRange range) {
      return new FilterInputStream(super.open(key, range)) {
        private long given;
        private boolean broken;

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
          if (given >= HEAD + 200 && !broken) {
            broken = true;
            throw new IOException("broke off, as told");
          }
          int n = super.read(target, offset, Math.min(length, 100));
          given += Math.max(0, n);
          return n;
        }
      };
    }
  }

  @Test
  void everySingleFlippedByteIsNoticed() throws IOException {
    byte[] plain = bytes(200);
    put(store, KEY, plain);
    byte[] stored = read(disk, KEY);
    for (int at = 0; at < stored.length; at++) {
      replace(disk, KEY, flipped(stored, at));
      assertThatThrownBy(() -> read(store, KEY))
          .as("byte %s of %s flipped", at, stored.length)
          .isInstanceOf(HfsmException.class)
          .hasMessageContaining(KEY.text());
    }
  }

  @Test
  void aFlippedByteOfAnySegmentEndsTheReadInThatSegment() throws IOException {
    byte[] plain = bytes(3 * SEGMENT);
    put(store, KEY, plain);
    byte[] stored = read(disk, KEY);
    for (int segment = 0; segment < 3; segment++) {
      replace(disk, KEY, flipped(stored, HEAD + segment * SEALED + 5));
      try (InputStream in = store.open(KEY, ByteRange.ALL)) {
        assertThat(in.readNBytes(segment * SEGMENT))
            .isEqualTo(Arrays.copyOf(plain, segment * SEGMENT));
        assertThatThrownBy(in::read)
            .isInstanceOf(IntegrityException.class)
            .hasMessageContaining(KEY.text())
            .hasMessageContaining("segment " + segment);
      }
    }
  }

  @Test
  void aBlobThatWasCutOffAnywhereIsNoticed() throws IOException {
    byte[] plain = bytes(3 * SEGMENT);
    put(store, KEY, plain);
    byte[] stored = read(disk, KEY);
    int[] cuts = {
      0,
      1,
      HEAD - 1,
      HEAD,
      HEAD + 1,
      HEAD + 16,
      HEAD + SEALED - 1,
      HEAD + SEALED,
      HEAD + SEALED + 15,
      HEAD + SEALED + 16,
      HEAD + 2 * SEALED,
      stored.length - 1
    };
    for (int cut : cuts) {
      replace(disk, KEY, Arrays.copyOf(stored, cut));
      assertNoticed("cut to " + cut, ByteRange.ALL);
      assertNoticed("cut to " + cut, ByteRange.from(2 * SEGMENT + 7));
      assertNoticed("cut to " + cut, new ByteRange(2 * SEGMENT, 1));
    }
    replace(disk, KEY, Arrays.copyOf(stored, stored.length + 1));
    assertNoticed("a byte longer", ByteRange.ALL);
  }

  private void assertNoticed(String what, ByteRange range) {
    assertThatThrownBy(() -> read(store, KEY, range))
        .as("%s, reading %s", what, range)
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining(KEY.text());
  }

  @Test
  void segmentsThatWereSwappedLeftOutOrDoubledAreNoticed() throws IOException {
    put(store, KEY, bytes(3 * SEGMENT));
    byte[] stored = read(disk, KEY);
    for (int[] order :
        new int[][] {{1, 0, 2}, {0, 2, 1}, {0, 2}, {1, 2}, {0, 0, 2}, {0, 1, 1, 2}}) {
      byte[] other = Arrays.copyOf(stored, HEAD + order.length * SEALED);
      for (int i = 0; i < order.length; i++) {
        System.arraycopy(stored, HEAD + order[i] * SEALED, other, HEAD + i * SEALED, SEALED);
      }
      replace(disk, KEY, other);
      assertNoticed("segments " + Arrays.toString(order), ByteRange.ALL);
    }
  }

  @Test
  void aBlobUnderAnotherKeyAndASegmentOfAnotherBlobAreNoticed() throws IOException {
    put(store, KEY, bytes(2 * SEGMENT));
    put(store, OTHER, bytes(2 * SEGMENT));
    byte[] one = read(disk, KEY);
    byte[] two = read(disk, OTHER);
    replace(disk, KEY, two);
    assertNoticed("the whole of another blob", ByteRange.ALL);
    System.arraycopy(two, HEAD, one, HEAD, SEALED);
    replace(disk, KEY, one);
    assertNoticed("a segment of another blob", ByteRange.ALL);
  }

  @Test
  void afterARotationOldBlobsAreReadWithTheirKeyAndNewOnesUseTheNewOne() throws IOException {
    put(EncryptedBlobStore.over(disk, EncryptionKeys.of(OLD)), KEY, bytes(10));
    BlobStore rotated = EncryptedBlobStore.over(disk, EncryptionKeys.of(NEW, OLD));
    put(rotated, OTHER, bytes(20));
    assertThat(read(rotated, KEY)).isEqualTo(bytes(10));
    assertThat(read(store, OTHER)).isEqualTo(bytes(20));
  }

  @Test
  void aKeyThatIsNotKnownOrNotTheSameIsNoDamage() {
    put(EncryptedBlobStore.over(disk, EncryptionKeys.of(OLD)), KEY, bytes(10));
    assertThatThrownBy(() -> read(store, KEY))
        .isInstanceOf(BlobStoreException.class)
        .hasMessageContaining(KEY.text())
        .hasMessageContaining("2025");
    EncryptionKeys wrong = EncryptionKeys.of(EncryptionKey.of("2025", NEW.secret().getEncoded()));
    assertThatThrownBy(() -> read(EncryptedBlobStore.over(disk, wrong), KEY))
        .isInstanceOf(BlobStoreException.class)
        .hasMessageContaining(KEY.text())
        .hasMessageContaining("another of that name");
  }

  @Test
  void bytesThatWereNeverEncryptedAreNotGivenOut() {
    put(disk, KEY, bytes(10_000));
    assertThatThrownBy(() -> read(store, KEY))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("encrypted");
  }

  @Test
  void aSourceThatGivesOtherBytesTheSecondTimeStoresNothing() {
    byte[] plain = bytes(2 << 20);
    AtomicInteger opened = new AtomicInteger();
    ByteSource fickle =
        new ByteSource() {
          @Override
          public long size() {
            return plain.length;
          }

          @Override
          public InputStream open() {
            boolean first = opened.incrementAndGet() == 1;
            return new ByteArrayInputStream(first ? plain : flipped(plain, 100_000));
          }
        };
    assertThatThrownBy(() -> store.put(KEY, ref(plain), fickle))
        .isInstanceOf(IntegrityException.class);
    assertThat(opened).hasValue(2);
    assertThat(disk.stat(KEY)).isEmpty();
  }

  /** Computed by another implementation; whoever changes the format keeps this readable. */
  @Test
  void whatTheFirstVersionWroteCanBeRead() throws IOException {
    byte[] stored = HexFormat.of().parseHex(VECTOR);
    replace(disk, KEY, stored);
    EncryptionKey key = EncryptionKey.of("vector", HexFormat.of().parseHex("0f".repeat(32)));
    assertThat(read(EncryptedBlobStore.over(disk, EncryptionKeys.of(key)), KEY))
        .isEqualTo("hash first".getBytes());
  }

  private static final String VECTOR =
      "4846534501060000766563746f720000000000000000000000000000000000000000000000000000"
          + "c9091449e0366b01000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
          + "a0a1a2a3a4a5a60048c474976c5276fe23e1a6da986d7d387344341fc326372566e6";

  @Test
  void neitherALocalFileNorANameOfAKeyThatIsNotOneIsLetThrough(@TempDir Path folder) {
    assertThat(
            EncryptedBlobStore.over(FileSystemBlobStore.open(folder), EncryptionKeys.of(NEW))
                .capability(LocalFile.class))
        .isEmpty();
    assertThatThrownBy(() -> EncryptionKey.of("Key 1", bytes(32)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> EncryptionKey.of("short", bytes(16)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32 bytes");
    assertThat(NEW.toString()).isEqualTo("encryption key 2026");
  }
}
