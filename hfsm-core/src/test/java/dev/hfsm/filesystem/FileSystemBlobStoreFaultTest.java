package dev.hfsm.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.ByteSource.SpooledFile;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What the store does when the disk fails, and in which order it asks the disk for what. */
@Execution(ExecutionMode.CONCURRENT)
class FileSystemBlobStoreFaultTest {

  private static final StorageKey KEY = new StorageKey("shop/raw/01/23/blob-1");
  private static final byte[] BYTES = new byte[150_000];
  private static final BlobRef REF = new BlobRef(Digest.ofContent(BYTES), BYTES.length);

  @TempDir Path folder;

  private final FaultyDisk disk = new FaultyDisk();
  private Path root;
  private FileSystemBlobStore store;

  @BeforeEach
  void openStore() throws IOException {
    Path given = folder.resolve("not/there/yet");
    store = FileSystemBlobStore.open(given, disk, InstantSource.system());
    root = given.toRealPath();
    disk.calls.clear();
  }

  private void put() {
    store.put(KEY, REF, ByteSource.of(BYTES));
  }

  private SpooledFile spooled() throws IOException {
    return new SpooledFile(Files.write(folder.resolve("spooled"), BYTES), REF);
  }

  @Test
  void everyCallThatFailsWithNoSpaceEndsInARetryableErrorAndLeavesNothing() throws IOException {
    everyFailingCall(FaultyDisk::noSpace, true, "the disk is full");
  }

  @Test
  void everyCallThatFailsOnADamagedDiskEndsInARetryableErrorAndLeavesNothing() throws IOException {
    everyFailingCall(FaultyDisk::damaged, true, "Input/output error");
  }

  @Test
  void everyCallThatIsDeniedEndsInALastingErrorAndLeavesNothing() throws IOException {
    everyFailingCall(FaultyDisk::denied, false, "Operation not permitted");
  }

  private void everyFailingCall(Supplier<IOException> failure, boolean retryable, String reason)
      throws IOException {
    put();
    int calls = disk.calls.size();
    assertThat(calls).as("calls of one put: %s", disk.calls).isGreaterThan(10);
    for (int i = 0; i < calls; i++) {
      freshStore("put-" + i);
      disk.failAt(i, failure.get());
      BlobStoreException e = catchThrowableOfType(BlobStoreException.class, this::put);
      assertThat(e).as("when this fails: %s", disk.calls.get(i)).isNotNull();
      assertThat(e).hasMessageContaining(KEY.text()).hasMessageContaining(reason);
      assertThat(e.retryable())
          .as("retryable when this fails: %s", disk.calls.get(i))
          .isEqualTo(retryable);
      assertNothingLeft();
    }
  }

  @Test
  void everyCallThatFailsWhileAFileIsTakenOverLeavesNothingInTheStore() throws IOException {
    store.put(KEY, REF, spooled());
    int calls = disk.calls.size();
    for (int i = 0; i < calls; i++) {
      freshStore("take-" + i);
      SpooledFile file = spooled();
      disk.failAt(i, FaultyDisk.damaged());
      Throwable e = catchThrowableOfType(RuntimeException.class, () -> store.put(KEY, REF, file));
      String call = disk.calls.get(i);
      assertThat(e).as("when this fails: %s", call).isNotNull();
      assertNothingLeft();
      if (e instanceof BlobStoreException b) {
        assertThat(b.retryable())
            .as("retryable when this fails: %s", call)
            .isEqualTo(Files.exists(file.path()));
      } else {
        assertThat(e).isInstanceOf(IntegrityException.class);
        assertThat(file.path()).exists();
      }
    }
  }

  @Test
  void aFileThatCannotBeSyncedIsDiscarded() throws IOException {
    SpooledFile file = spooled();
    failOn("force " + file.path(), () -> store.put(KEY, REF, file));
    assertThat(file.path()).doesNotExist();
  }

  private void failOn(String call, Runnable put) throws IOException {
    put.run();
    int index = disk.calls.indexOf(call);
    assertThat(index).as("%s among %s", call, disk.calls).isNotNegative();
    freshStore("again");
    spooled();
    disk.failAt(index, FaultyDisk.damaged());
    assertThatThrownBy(put::run).isInstanceOf(BlobStoreException.class);
  }

  private void freshStore(String name) throws IOException {
    disk.failAt(-1, FaultyDisk.damaged());
    root = Files.createDirectory(folder.resolve(name)).toRealPath();
    store = FileSystemBlobStore.open(root, disk, InstantSource.system());
    disk.calls.clear();
  }

  private void assertNothingLeft() throws IOException {
    disk.failAt(-1, FaultyDisk.damaged());
    assertThat(disk.open).as("descriptors still open").isZero();
    assertThat(store.stat(KEY)).isEmpty();
    assertThat(store.list("", Cursor.START, 10).items()).isEmpty();
    assertThat(filesUnder(root)).as("files left").isEmpty();
  }

  private static List<Path> filesUnder(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private int indexOf(String start) {
    List<String> found = disk.calls.stream().filter(call -> call.startsWith(start)).toList();
    assertThat(found).as("calls that start with \"%s\"", start).isNotEmpty();
    return disk.calls.indexOf(found.get(0));
  }

  private int lastIndexOf(String start) {
    List<String> found = disk.calls.stream().filter(call -> call.startsWith(start)).toList();
    assertThat(found).as("calls that start with \"%s\"", start).isNotEmpty();
    return disk.calls.lastIndexOf(found.get(found.size() - 1));
  }

  @Test
  void theFileIsSyncedBeforeItIsRenamedAndTheDirectoryAfterwards() {
    put();
    Path target = root.resolve("objects").resolve(KEY.text());
    int rename = indexOf("rename ");
    String[] names = disk.calls.get(rename).split(" ", -1);
    assertThat(names[2]).isEqualTo(target.toString());
    assertThat(disk.calls.indexOf("force " + names[1])).isBetween(0, rename - 1);
    assertThat(lastIndexOf("write ")).isLessThan(disk.calls.indexOf("force " + names[1]));
    assertThat(disk.calls.lastIndexOf("force " + target.getParent()))
        .isEqualTo(disk.calls.size() - 1)
        .isGreaterThan(rename);
  }

  @Test
  void aFileTakenOverIsSyncedBeforeItIsRenamedAndNeverRead() throws IOException {
    SpooledFile file = spooled();
    store.put(KEY, REF, file);
    assertThat(file.path()).doesNotExist();
    int rename = indexOf("rename " + file.path());
    assertThat(disk.calls.indexOf("force " + file.path())).isBetween(0, rename - 1);
    assertThat(disk.calls.get(disk.calls.size() - 1)).startsWith("force " + root);
    assertThat(disk.calls).noneMatch(call -> call.startsWith("open ") || call.startsWith("write"));
  }

  @Test
  void theParentOfEveryNewDirectoryIsSyncedBeforeAnythingIsPutIntoIt() {
    put();
    List<String> made = disk.calls.stream().filter(call -> call.startsWith("mkdir ")).toList();
    assertThat(made).hasSize(4);
    for (String mkdir : made) {
      Path parent = Path.of(mkdir.substring("mkdir ".length())).getParent();
      int at = disk.calls.indexOf(mkdir);
      assertThat(disk.calls.get(at + 1)).isEqualTo("force " + parent);
      assertThat(at).isLessThan(indexOf("rename "));
    }
  }

  @Test
  void aDirectoryThatSomebodyElseMadeIsNotTakenForDurable() throws IOException {
    Path parent = root.resolve("objects").resolve(KEY.text()).getParent();
    Files.createDirectories(parent);
    put();
    assertThat(disk.calls).contains("force " + parent.getParent());
  }

  @Test
  void openingMakesTheRootDurableToo() throws IOException {
    Path deep = folder.resolve("a/b");
    FileSystemBlobStore.open(deep, disk, InstantSource.system());
    assertThat(disk.calls).contains("force " + folder.toRealPath(), "force " + deep.toRealPath());
  }

  @Test
  void shortWritesAreContinued() throws IOException {
    disk.writeAtMost(1_000);
    put();
    try (InputStream in = store.open(KEY, ByteRange.ALL)) {
      assertThat(in.readAllBytes()).isEqualTo(BYTES);
    }
    assertThat(disk.calls.stream().filter(call -> call.startsWith("write ")))
        .hasSizeGreaterThan(149);
  }

  @Test
  void aFileOnAnotherFileSystemIsCopied() throws IOException {
    SpooledFile file = spooled();
    store.put(KEY, REF, file);
    int rename = indexOf("rename ");
    freshStore("other");
    spooled();
    disk.failAt(rename, new AtomicMoveNotSupportedException("a", "b", "cross-device link"));
    store.put(KEY, REF, file);
    assertThat(file.path()).exists();
    assertThat(store.stat(KEY)).isPresent();
    assertThat(filesUnder(root)).hasSize(1);
  }

  @Test
  void aFileThatDoesNotMatchIsLeftToItsOwner() throws IOException {
    SpooledFile file = spooled();
    Files.write(file.path(), new byte[3]);
    assertThatThrownBy(() -> store.put(KEY, REF, file)).isInstanceOf(IntegrityException.class);
    assertThat(file.path()).exists();
    assertNothingLeft();
  }

  @Test
  void aLinkIsNotTakenOverButReadAndVerified() throws IOException {
    SpooledFile file = spooled();
    Path link = Files.createSymbolicLink(folder.resolve("link"), file.path());
    store.put(KEY, REF, new SpooledFile(link, REF));
    assertThat(link).isSymbolicLink();
    assertThat(root.resolve("objects").resolve(KEY.text())).isRegularFile();
    assertThat(Files.isSymbolicLink(root.resolve("objects").resolve(KEY.text()))).isFalse();
  }

  @Test
  void readingARangeReadsNothingElse() throws IOException {
    put();
    try (InputStream in = store.open(KEY, new ByteRange(100_000, 10))) {
      assertThat(in.readAllBytes()).hasSize(10);
    }
    assertThat(disk.bytesRead).isEqualTo(10);
    assertThat(disk.open).isZero();
  }

  @Test
  void aPageEntersOnlyTheDirectoriesItNeeds() {
    for (char c = 'a'; c <= 'j'; c++) {
      store.put(new StorageKey(c + "/x/y"), REF, ByteSource.of(BYTES));
    }
    disk.calls.clear();
    store.list("", new Cursor("c/x/y"), 2);
    assertThat(disk.calls.stream().filter(call -> call.startsWith("names ")))
        .as("the root, c to e, and x in each")
        .hasSize(7);
    disk.calls.clear();
    store.list("f/", Cursor.START, 10);
    assertThat(disk.calls.stream().filter(call -> call.startsWith("names "))).hasSize(3);
  }

  @Test
  void whatIsNoKeyIsNotListed() throws IOException {
    put();
    Path objects = root.resolve("objects");
    Files.createFile(objects.resolve("Upper"));
    Files.createFile(objects.resolve(".hidden"));
    Files.createDirectory(objects.resolve("lost+found"));
    Files.createFile(objects.resolve("lost+found/x"));
    Files.createSymbolicLink(objects.resolve("link"), objects.resolve(KEY.text()));
    assertThat(store.list("", Cursor.START, 10).items()).containsExactly(KEY);
  }

  @Test
  void directoriesThatWereClearedUpByHandAreMadeAgain() throws IOException {
    put();
    store.delete(KEY);
    Files.delete(root.resolve("objects").resolve(KEY.text()).getParent());
    StorageKey next = new StorageKey(KEY + "-next");
    store.put(next, REF, ByteSource.of(BYTES));
    assertThat(store.stat(next)).isPresent();
  }

  @Test
  void aStoreThatIsGoneDoesNotPassForAnEmptyOne() throws IOException {
    Files.delete(root.resolve("objects"));
    assertThatThrownBy(() -> store.stat(KEY)).isInstanceOf(BlobStoreException.class);
    assertThatThrownBy(() -> store.list("", Cursor.START, 1))
        .isInstanceOf(BlobStoreException.class);
  }

  @Test
  void openingRemovesOnlyWhatWasAbandoned() throws IOException {
    Path old = Files.createFile(root.resolve("tmp/old"));
    Path fresh = Files.createFile(root.resolve("tmp/fresh"));
    Instant now = Instant.parse("2026-01-10T00:00:00Z");
    Files.setLastModifiedTime(old, FileTime.from(now.minusSeconds(90_000)));
    Files.setLastModifiedTime(fresh, FileTime.from(now.minusSeconds(80_000)));
    FileSystemBlobStore.open(root, disk, InstantSource.fixed(now));
    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
  }

  @Test
  void denialsOfThePlatformAreLasting() {
    assertThat(DiskErrors.translate("x", new AccessDeniedException("p")).retryable()).isFalse();
  }
}
