package dev.hfsm.store;

import static dev.hfsm.store.Blobs.bytes;
import static dev.hfsm.store.Blobs.put;
import static dev.hfsm.store.Blobs.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BatchDelete;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.LocalCopies;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was read once is near, never wrong, never too much, and gone when it has to be. */
@Timeout(300)
class CachingBlobStoreTest {

  private static final int ROOM = 100_000;
  private static final int TRAILER = 48;

  @TempDir Path folder;
  private final Watched far = new Watched(new InMemoryBlobStore());
  private CachingBlobStore cache;

  @BeforeEach
  void open() {
    cache = CachingBlobStore.open(far, folder, ROOM);
  }

  @AfterEach
  void close() {
    cache.close();
  }

  /** As another process would find the folder. */
  private void reopen(long room) {
    cache.close();
    cache = CachingBlobStore.open(far, folder, room);
  }

  private List<Path> files(String kind) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("hfsm-cache-1").resolve(kind))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void whatWasReadOnceIsReadFromHere() throws IOException {
    StorageKey key = put(far, bytes(5_000));
    for (int i = 0; i < 3; i++) {
      assertThat(read(cache, key)).isEqualTo(bytes(5_000));
    }
    assertThat(read(cache, key, new ByteRange(100, 50)))
        .isEqualTo(Arrays.copyOfRange(bytes(5_000), 100, 150));
    assertThat(far.count("open")).isEqualTo(1);
  }

  @Test
  void aRangeBringsTheWholeBlobSoThatTheNextOneIsHere() throws IOException {
    StorageKey key = put(far, bytes(5_000));
    assertThat(read(cache, key, new ByteRange(4_990, 100)))
        .isEqualTo(Arrays.copyOfRange(bytes(5_000), 4_990, 5_000));
    assertThat(read(cache, key, new ByteRange(0, 10))).isEqualTo(Arrays.copyOf(bytes(5_000), 10));
    assertThat(far.count("open")).isEqualTo(1);
  }

  @Test
  void whatALedgerSaysAboutItselfIsNotKept() throws IOException {
    StorageKey note = new StorageKey("hfsm/store-id/ledger-one");
    far.put(note, new BlobRef(Digest.ofContent(bytes(10)), 10), ByteSource.of(bytes(10)));
    for (int i = 0; i < 2; i++) {
      assertThat(read(cache, note)).isEqualTo(bytes(10));
    }
    assertThat(far.count("open")).isEqualTo(2);
    assertThat(files("copies")).isEmpty();
  }

  @Test
  void copiesNeverTakeMoreThanTheRoomAndTheLongestUnusedGoFirst() throws IOException {
    List<StorageKey> keys = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      keys.add(put(far, bytes(10_000 + i)));
      read(cache, keys.get(i));
      read(cache, keys.get(0));
      assertThat(cache.bytes()).isLessThanOrEqualTo(ROOM);
      assertThat(sizes()).isEqualTo(cache.bytes());
    }
    long before = far.count("open");
    read(cache, keys.get(0));
    read(cache, keys.get(29));
    assertThat(far.count("open")).as("used all the time, and just now").isEqualTo(before);
    read(cache, keys.get(1));
    assertThat(far.count("open")).as("longest unused").isEqualTo(before + 1);
  }

  private long sizes() throws IOException {
    long sum = 0;
    for (Path file : files("copies")) {
      sum += Files.size(file);
    }
    return sum;
  }

  @Test
  void aBlobThatWouldTakeTooMuchOfTheRoomIsPassedThrough() throws IOException {
    StorageKey key = put(far, bytes(ROOM / 8 + 1));
    assertThat(read(cache, key)).isEqualTo(bytes(ROOM / 8 + 1));
    assertThat(read(cache, key)).isEqualTo(bytes(ROOM / 8 + 1));
    assertThat(cache.bytes()).isZero();
    assertThat(far.count("open")).isEqualTo(2);
  }

  @Test
  void manyWhoReadTheSameAtTheSameTimeFetchItOnce() throws Exception {
    StorageKey key = put(far, bytes(10_000));
    int readers = 16;
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch fetching = new CountDownLatch(1);
    far.before(
        (call, k) -> {
          if (call.equals("open")) {
            fetching.countDown();
            await(goOn);
          }
        });
    ExecutorService threads = Executors.newFixedThreadPool(readers);
    try {
      List<Future<byte[]>> reading =
          IntStream.range(0, readers)
              .mapToObj(i -> threads.submit(() -> read(cache, key)))
              .toList();
      await(fetching);
      goOn.countDown();
      for (Future<byte[]> one : reading) {
        assertThat(one.get()).isEqualTo(bytes(10_000));
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(far.count("open")).isEqualTo(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void deletingDropsTheCopy() throws IOException {
    StorageKey key = put(far, bytes(5_000));
    read(cache, key);
    assertThat(cache.delete(key)).isTrue();
    assertThat(files("copies")).isEmpty();
    assertThat(cache.bytes()).isZero();
    assertThatThrownBy(() -> read(cache, key)).isInstanceOf(BlobNotFoundException.class);
  }

  @Test
  void aFetchThatADeletionOvertakesLeavesNoCopy() throws IOException {
    StorageKey key = put(far, bytes(5_000));
    far.before(
        (call, k) -> {
          if (call.equals("open")) {
            far.sound();
            far.store.stat(key).orElseThrow();
            cache.delete(key); // as another thread would, while the first is on its way
            put(far.store, key, bytes(5_000)); // the far store gives what it had begun to give
          }
        });
    assertThat(read(cache, key)).isEqualTo(bytes(5_000));
    far.store.delete(key);
    assertThat(files("copies")).isEmpty();
    assertThatThrownBy(() -> read(cache, key)).isInstanceOf(BlobNotFoundException.class);
  }

  @Test
  void aDeletionThatFailsFarAwayDropsTheCopyAllTheSame() throws IOException {
    StorageKey key = put(far, bytes(5_000));
    read(cache, key);
    far.failing("delete", new BlobStoreException("down, as told", null, true));
    assertThatThrownBy(() -> cache.delete(key)).isInstanceOf(BlobStoreException.class);
    assertThat(files("copies")).isEmpty();
  }

  @Test
  void deletingManyDropsTheirCopies() throws IOException {
    StorageKey one = put(far, bytes(5_000));
    StorageKey two = put(far, bytes(5_001));
    StorageKey three = put(far, bytes(5_002));
    for (StorageKey key : List.of(one, two, three)) {
      read(cache, key);
    }
    BatchDelete batch = cache.capability(BatchDelete.class).orElseThrow();
    assertThat(batch.deleteAll(List.of(one, three))).isEmpty();
    assertThat(files("copies")).hasSize(1);
    assertThatThrownBy(() -> read(cache, one)).isInstanceOf(BlobNotFoundException.class);
    assertThat(read(cache, two)).isEqualTo(bytes(5_001));
  }

  @Test
  void copiesOutliveTheProcess() throws IOException {
    StorageKey key = put(far, bytes(5_000));
    read(cache, key);
    reopen(ROOM);
    assertThat(cache.bytes()).isEqualTo(5_000 + TRAILER);
    assertThat(read(cache, key)).isEqualTo(bytes(5_000));
    assertThat(read(cache, key)).isEqualTo(bytes(5_000));
    assertThat(far.count("open")).isEqualTo(1);
  }

  @Test
  void aCopyThatACrashHasSpoiltIsFetchedAgain() throws IOException {
    byte[] good = bytes(5_000);
    StorageKey key = put(far, good);
    read(cache, key);
    Path copy = files("copies").get(0);
    byte[] stored = Files.readAllBytes(copy);
    List<byte[]> spoilt =
        List.of(
            new byte[0],
            new byte[TRAILER],
            Arrays.copyOf(stored, 4_096),
            Arrays.copyOf(stored, stored.length - 1),
            Arrays.copyOf(stored, stored.length + 7),
            new byte[stored.length],
            Blobs.flipped(stored, 0),
            Blobs.flipped(stored, 5_003));
    for (byte[] other : spoilt) {
      Files.write(copy, other);
      long before = far.count("open");
      reopen(ROOM);
      assertThat(read(cache, key)).as("a copy of %s bytes", other.length).isEqualTo(good);
      assertThat(far.count("open")).isEqualTo(before + 1);
    }
  }

  @Test
  void aCopyOfAnotherKeyIsNotTakenForThisOne() throws IOException {
    StorageKey one = put(far, bytes(5_000));
    StorageKey two = put(far, bytes(5_001));
    read(cache, one);
    Path copy = files("copies").get(0);
    byte[] stored = Files.readAllBytes(copy);
    read(cache, two);
    Path other = files("copies").stream().filter(f -> !f.equals(copy)).findFirst().orElseThrow();
    Files.write(other, stored);
    reopen(ROOM);
    assertThat(read(cache, two)).isEqualTo(bytes(5_001));
  }

  @Test
  void whatWasBeingWrittenWhenTheLastProcessDiedIsClearedAway() throws IOException {
    cache.close();
    Files.write(folder.resolve("hfsm-cache-1/tmp/half"), bytes(1_000));
    cache = CachingBlobStore.open(far, folder, ROOM);
    assertThat(files("tmp")).isEmpty();
  }

  @Test
  void lessRoomThanBeforeIsKeptToAtOnce() throws IOException {
    for (int i = 0; i < 8; i++) {
      read(cache, put(far, bytes(10_000 + i)));
    }
    reopen(25_000);
    assertThat(cache.bytes()).isBetween(20_000L, 25_000L);
    assertThat(files("copies")).hasSize(2);
  }

  @Test
  void filesOfOthersAreLeftAlone() throws IOException {
    Path mine = Files.writeString(folder.resolve("notes.txt"), "mine");
    Path inside = folder.resolve("hfsm-cache-1/copies/zz");
    Files.createDirectories(inside);
    Path strange = Files.writeString(inside.resolve("a~b"), "strange");
    Files.writeString(inside.resolveSibling("stray"), "strange");
    reopen(1_000);
    assertThat(mine).exists();
    assertThat(strange).exists();
  }

  @Test
  void aFolderServesOneAtATime() {
    assertThatThrownBy(() -> CachingBlobStore.open(far, folder, ROOM))
        .isInstanceOf(BlobStoreException.class)
        .hasMessageContaining("give each process its own");
    cache.close();
    cache = CachingBlobStore.open(far, folder, ROOM);
  }

  @Test
  void whatTheCacheCannotKeepIsReadAllTheSame() throws IOException {
    StorageKey key = put(far, bytes(5_000));
    for (Path gone : List.of(folder.resolve("hfsm-cache-1/tmp"))) {
      Files.delete(gone);
    }
    assertThat(read(cache, key)).isEqualTo(bytes(5_000));
    assertThat(cache.bytes()).isZero();
    Files.createDirectory(folder.resolve("hfsm-cache-1/tmp"));
    read(cache, key);
    assertThat(cache.bytes()).isPositive();
  }

  @Test
  void whatWasWrittenAndCannotBeKeptDoesNotStayWhereNobodyCountsIt() throws IOException {
    Path copies = folder.resolve("hfsm-cache-1/copies");
    Files.delete(copies);
    Files.createFile(copies); // so that no folder can be made in it, as on a disk that is full
    StorageKey key = put(far, bytes(5_000));
    assertThat(read(cache, key)).isEqualTo(bytes(5_000));
    assertThat(cache.bytes()).isZero();
    assertThat(files("tmp")).isEmpty();
    Files.delete(copies);
    read(cache, key);
    assertThat(cache.bytes()).isPositive();
  }

  @Test
  void aCopyThatSomebodyClearedAwayIsFetchedAgain() throws IOException {
    StorageKey key = put(far, bytes(5_000));
    read(cache, key);
    Files.delete(files("copies").get(0));
    assertThat(read(cache, key)).isEqualTo(bytes(5_000));
    assertThat(far.count("open")).isEqualTo(2);
  }

  @Test
  void aFetchThatFailsFailsOnlyWhoAskedThen() throws IOException {
    StorageKey key = put(far, bytes(5_000));
    far.failing("open", new BlobStoreException("down, as told", null, true));
    assertThatThrownBy(() -> read(cache, key)).isInstanceOf(BlobStoreException.class);
    far.sound();
    assertThat(read(cache, key)).isEqualTo(bytes(5_000));
    assertThat(files("tmp")).isEmpty();
  }

  @Test
  void aFarStoreThatIsDownDoesNotHideWhatIsHere() throws IOException {
    StorageKey key = put(far, bytes(5_000));
    read(cache, key);
    far.before(
        (call, k) -> {
          throw new BlobStoreException("down, as told", null, true);
        });
    assertThat(read(cache, key)).isEqualTo(bytes(5_000));
  }

  @Test
  void copiesOfWhatNobodyNamesAnyMoreAreDropped() throws IOException {
    List<StorageKey> keys = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      keys.add(put(far, bytes(1_000 + i)));
      read(cache, keys.get(i));
    }
    Set<StorageKey> named = Set.copyOf(keys.subList(0, 3));
    LocalCopies copies = cache.capability(LocalCopies.class).orElseThrow();
    long dropped =
        copies.keepOnly(
            asked -> asked.stream().filter(named::contains).collect(Collectors.toSet()));
    assertThat(dropped).isEqualTo(5);
    assertThat(files("copies")).hasSize(3);
  }

  @Test
  void whoeverHasToSeeWhatReallyLiesThereReadsPastTheCopies() throws IOException {
    StorageKey key = put(far, bytes(5_000));
    read(cache, key);
    far.store.delete(key);
    BlobStore outer =
        MirroredBlobStore.of(
            VerifyingBlobStore.over(cache, ExpectedDigests.inKeys()), new InMemoryBlobStore());
    assertThat(read(outer, key)).isEqualTo(bytes(5_000));
    BlobStore origin = outer.capability(LocalCopies.class).orElseThrow().origin();
    assertThatThrownBy(() -> read(origin, key)).isInstanceOf(BlobNotFoundException.class);
  }

  @Test
  void aReaderGoesOnWithACopyThatIsEvictedMeanwhile() throws IOException {
    StorageKey key = put(far, bytes(12_000));
    read(cache, key);
    try (InputStream in = cache.open(key, ByteRange.ALL)) {
      assertThat(in.read()).isEqualTo(bytes(12_000)[0] & 0xff);
      for (int i = 0; i < 12; i++) {
        read(cache, put(far, bytes(11_000 + i)));
      }
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes(12_000), 1, 12_000));
    }
  }
}
