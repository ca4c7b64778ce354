package dev.hfsm.store;

import static dev.hfsm.store.Blobs.bytes;
import static dev.hfsm.store.Blobs.flipped;
import static dev.hfsm.store.Blobs.put;
import static dev.hfsm.store.Blobs.read;
import static dev.hfsm.store.Blobs.ref;
import static dev.hfsm.store.Blobs.replace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.filesystem.FileSystemBlobStore;
import dev.hfsm.ledger.Kept;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BatchDelete;
import dev.hfsm.storage.BatchDelete.Undeleted;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.LocalFile;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two stores hold the same, or somebody is told. */
class MirroredBlobStoreTest {

  private static final BlobStoreException DOWN =
      new BlobStoreException("down, as told", null, true);
  private static final BlobStoreException REFUSED =
      new BlobStoreException("refused, as told", null, false);

  private final Watched first = new Watched(new InMemoryBlobStore());
  private final Watched second = new Watched(new InMemoryBlobStore());
  private final MirroredBlobStore mirror = MirroredBlobStore.of(first, second);
  private final byte[] good = bytes(1_000);
  private final StorageKey key = Blobs.raw(good);

  @Test
  void aPutIsInBoth() throws IOException {
    put(mirror, key, good);
    assertThat(read(first.store, key)).isEqualTo(good);
    assertThat(read(second.store, key)).isEqualTo(good);
  }

  @Test
  void aFileIsInBothAndMovedIntoTheSecond(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("upload"), good);
    FileSystemBlobStore a = FileSystemBlobStore.open(folder.resolve("a"));
    FileSystemBlobStore b = FileSystemBlobStore.open(folder.resolve("b"));
    MirroredBlobStore files = MirroredBlobStore.of(a, b);
    files.put(key, ref(good), new ByteSource.SpooledFile(file, ref(good)));
    assertThat(read(a, key)).isEqualTo(good);
    assertThat(read(b, key)).isEqualTo(good);
    assertThat(file).doesNotExist();
    assertThat(files.capability(LocalFile.class).orElseThrow().path(key)).isPresent();
    a.delete(key);
    assertThat(files.capability(LocalFile.class).orElseThrow().path(key)).isPresent();
  }

  @Test
  void aPutThatTheSecondRefusesIsInNeither() {
    for (RuntimeException failure : List.of(DOWN, REFUSED, new IntegrityException("as told"))) {
      second.failing("put", failure);
      assertThatThrownBy(() -> put(mirror, key, good)).isSameAs(failure);
      assertThat(first.store.stat(key)).isEmpty();
      assertThat(second.store.stat(key)).isEmpty();
    }
  }

  @Test
  void aPutThatTheFirstRefusesNeverReachesTheSecond() {
    first.failing("put", REFUSED);
    assertThatThrownBy(() -> put(mirror, key, good)).isSameAs(REFUSED);
    assertThat(second.count("put")).isZero();
  }

  @Test
  void aPutThatCannotBeTakenBackSaysThatItsOutcomeIsUnknown() {
    second.failing("put", REFUSED);
    first.failing("delete", DOWN);
    assertThatThrownBy(() -> put(mirror, key, good))
        .isInstanceOf(BlobStoreException.class)
        .hasMessageContaining(key.text())
        .matches(e -> ((BlobStoreException) e).retryable(), "retryable");
  }

  @Test
  void aReadAsksTheSecondWhenTheFirstHasNoneOrIsDown() throws IOException {
    put(mirror, key, good);
    first.store.delete(key);
    assertThat(read(mirror, key)).isEqualTo(good);
    assertThat(mirror.stat(key)).contains(new BlobStat(1_000));
    for (String call : List.of("open", "stat")) {
      first.failing(call, DOWN);
      assertThat(read(mirror, key)).isEqualTo(good);
      assertThat(mirror.stat(key)).contains(new BlobStat(1_000));
    }
  }

  @Test
  void aStoreThatIsDownIsNeverTakenForOneThatHasNone() {
    for (Watched down : List.of(first, second)) {
      down.failing("open", DOWN);
      assertThatThrownBy(() -> read(mirror, key)).isSameAs(DOWN);
      down.failing("stat", DOWN);
      assertThatThrownBy(() -> mirror.stat(key)).isSameAs(DOWN);
      down.sound();
    }
    assertThatThrownBy(() -> read(mirror, key)).isInstanceOf(BlobNotFoundException.class);
    assertThat(mirror.stat(key)).isEmpty();
  }

  @Test
  void aDeletionIsDoneInBothOrThrows() {
    put(mirror, key, good);
    first.failing("delete", DOWN);
    assertThatThrownBy(() -> mirror.delete(key)).isSameAs(DOWN);
    assertThat(second.store.stat(key)).as("the other was asked all the same").isEmpty();
    first.sound();
    assertThat(mirror.delete(key)).isTrue();
    assertThat(mirror.delete(key)).isFalse();
  }

  @Test
  void deletingManyIsDoneInBothAndSaysWhatIsLeft() {
    StorageKey other = new StorageKey("other");
    put(mirror, key, good);
    put(mirror, other, good);
    second.before(
        (call, k) -> {
          if (call.equals("delete") && k.equals(key)) {
            throw DOWN;
          }
        });
    BatchDelete batch = mirror.capability(BatchDelete.class).orElseThrow();
    assertThat(batch.deleteAll(List.of(key, other)))
        .extracting(Undeleted::key)
        .containsExactly(key);
    assertThat(first.store.stat(key)).isEmpty();
    assertThat(second.store.stat(key)).isPresent();
    second.sound();
    assertThat(batch.deleteAll(List.of(key, other))).isEmpty();
    assertThat(mirror.list("", Cursor.START, 10).items()).isEmpty();
  }

  @Test
  void aListingShowsWhatLiesInEitherOnceAndInOrder() {
    TreeSet<StorageKey> all = new TreeSet<>();
    for (int i = 0; i < 60; i++) {
      StorageKey k = new StorageKey("k/%03d".formatted(i));
      if (i % 3 != 0) {
        put(first, k, good);
      }
      if (i % 3 != 1 || i > 40) {
        put(second, k, good);
      }
      all.add(k);
    }
    for (int limit = 1; limit < 70; limit++) {
      List<StorageKey> seen = new ArrayList<>();
      Cursor after = Cursor.START;
      while (after != null) {
        Page<StorageKey> page = mirror.list("k/", after, limit);
        seen.addAll(page.items());
        after = page.next();
      }
      assertThat(seen).as("pages of %s", limit).containsExactlyElementsOf(all);
    }
    second.failing("list", DOWN);
    assertThatThrownBy(() -> mirror.list("", Cursor.START, 10)).isSameAs(DOWN);
  }

  private Repaired repair(Set<StorageKey> named) {
    return mirror.repair(
        List.of(new Kept(key, ref(good))),
        keys -> keys.stream().filter(named::contains).collect(java.util.stream.Collectors.toSet()));
  }

  @Test
  void aRepairBringsBackWhatIsMissingOrDamagedInOne() throws IOException {
    for (Watched bad : List.of(first, second)) {
      replace(mirror, key, good);
      bad.store.delete(key);
      assertThat(repair(Set.of(key)).copied()).containsExactly(key);
      assertThat(read(bad.store, key)).isEqualTo(good);
      replace(bad.store, key, flipped(good, 500));
      assertThat(repair(Set.of(key)).copied()).containsExactly(key);
      assertThat(read(bad.store, key)).isEqualTo(good);
      replace(bad.store, key, bytes(999));
      assertThat(repair(Set.of(key)).copied()).containsExactly(key);
      assertThat(read(bad.store, key)).isEqualTo(good);
    }
    Repaired nothing = repair(Set.of(key));
    assertThat(nothing).isEqualTo(new Repaired(1, List.of(), List.of(), List.of()));
  }

  @Test
  void aRepairNamesWhatIsLostAndNeverSpreadsDamage() throws IOException {
    put(mirror, key, good);
    replace(first.store, key, flipped(good, 1));
    replace(second.store, key, flipped(good, 2));
    assertThat(repair(Set.of(key)).lost()).containsExactly(key);
    assertThat(read(first.store, key)).isEqualTo(flipped(good, 1));
    assertThat(read(second.store, key)).isEqualTo(flipped(good, 2));
  }

  @Test
  void aRepairTellsWhatCannotBeReadFromWhatIsLost() {
    put(first.store, key, good);
    second.failing("open", DOWN);
    Repaired repaired = repair(Set.of(key));
    assertThat(repaired.failed()).containsExactly(key);
    assertThat(repaired.lost()).isEmpty();
    assertThat(second.count("put")).as("what cannot be read may be sound").isZero();
  }

  @Test
  void whatWasDeletedWhileItWasRepairedDoesNotStay() {
    put(first.store, key, good);
    Repaired repaired = repair(Set.of());
    assertThat(repaired.copied()).isEmpty();
    assertThat(second.store.stat(key)).isEmpty();
  }

  @Test
  void bothAreClosed() {
    mirror.close();
    assertThat(first.isClosed()).isTrue();
    assertThat(second.isClosed()).isTrue();
  }

  @Test
  void whileBlobsMoveOneIsWrittenAndBothAreReadAndCleared() throws IOException {
    BlobStore moving = DualReadBlobStore.of(first, second);
    StorageKey old = put(second.store, bytes(2_000));
    put(moving, key, good);
    assertThat(second.store.stat(key)).isEmpty();
    assertThat(read(moving, key)).isEqualTo(good);
    assertThat(read(moving, old)).isEqualTo(bytes(2_000));
    assertThat(moving.list("", Cursor.START, 10).items()).containsExactlyInAnyOrder(key, old);
    assertThat(moving.delete(old)).isTrue();
    assertThat(second.store.stat(old)).isEmpty();
    assertThat(moving.delete(key)).isTrue();
    second.failing("delete", DOWN);
    assertThatThrownBy(() -> moving.delete(key)).isSameAs(DOWN);
  }
}
