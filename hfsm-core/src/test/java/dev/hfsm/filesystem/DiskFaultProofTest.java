package dev.hfsm.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Ingested;
import dev.hfsm.ProofLine;
import dev.hfsm.Upload;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.HfsmException;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whole ingests on a disk that is full, damaged, or takes less than it is given. */
@Execution(ExecutionMode.CONCURRENT)
class DiskFaultProofTest {

  /** How many of an ingest's first disk calls are made to fail. */
  private static final int CALLS = 50;

  private static final int COPIED = (1 << 20) - 1;
  private static final int MOVED = (1 << 20) + 1;
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  @TempDir Path folder;

  private final InstantSource clock = InstantSource.system();
  private int worlds;
  private int runs;
  private int syncs;

  private enum Fault {
    FULL,
    FULL_FOR_GOOD,
    DAMAGED,
    DAMAGED_FOR_GOOD,
    SHORT;

    void strike(FaultyDisk disk, int call) {
      switch (this) {
        case FULL -> disk.failAt(call, FaultyDisk.noSpace());
        case FULL_FOR_GOOD -> disk.failFrom(call, FaultyDisk::noSpace);
        case DAMAGED -> disk.failAt(call, FaultyDisk.damaged());
        case DAMAGED_FOR_GOOD -> disk.failFrom(call, FaultyDisk::damaged);
        case SHORT -> disk.writeShortAt(call);
      }
    }

    boolean isForGood() {
      return this == FULL_FOR_GOOD || this == DAMAGED_FOR_GOOD;
    }
  }

  /** A pipeline over a faulty disk and all that has to be looked at afterwards. */
  private final class World implements AutoCloseable {
    final Path base;
    final FaultyDisk disk = new FaultyDisk();
    final InMemoryLedger ledger = new InMemoryLedger(clock);
    final FileSystemBlobStore store;
    final AssetPipeline assets;

    World() throws IOException {
      base = Files.createDirectory(folder.resolve("world-" + worlds++)).toRealPath();
      store = FileSystemBlobStore.open(base.resolve("store"), disk, clock);
      assets =
          AssetPipeline.builder()
              .ledger(ledger)
              .blobs(store)
              .random(new Random(1))
              .spool(base.resolve("spool"))
              .build();
      // Many small writes, so that there are enough calls to fail.
      disk.writeAtMost(30_000);
      disk.failAt(-1, FaultyDisk.noSpace());
    }

    List<StorageKey> visible() {
      return store.list("raw/", Cursor.START, 10).items();
    }

    byte[] read(StorageKey key) throws IOException {
      try (InputStream in = store.open(key, ByteRange.ALL)) {
        return in.readAllBytes();
      }
    }

    @Override
    public void close() {
      assets.close();
    }
  }

  @Test
  void everyDiskCallOfAnIngestThatFailsEndsInAClearErrorOrInAWholeAsset() throws IOException {
    ProofLine line = new ProofLine("g1", "disk faults");
    byte[] content = new byte[MOVED];
    new Random(line.seed()).nextBytes(content);
    for (Fault fault : Fault.values()) {
      struckAtEveryCall(fault, Arrays.copyOf(content, COPIED), CALLS);
      // A file that is taken over needs far fewer calls than there are to fail.
      struckAtEveryCall(fault, content, 5);
    }
    line.write(
        0,
        "no space, input/output error (once and for good) and short write at each of the first %d"
            + " disk calls of an ingest that copies, and at each call of one that moves: %d ingests,"
            + " %d of them with a failed fsync; no acknowledgement, no open descriptor, nothing partial",
        CALLS,
        runs,
        syncs);
  }

  private void struckAtEveryCall(Fault fault, byte[] content, int atLeast) throws IOException {
    for (int call = 0; call < CALLS; call++) {
      try (World world = new World()) {
        fault.strike(world.disk, call);
        HfsmException error = ingest(world, content);
        if (world.disk.calls.size() <= call) {
          assertThat(call).as("calls of an ingest").isGreaterThanOrEqualTo(atLeast);
          return;
        }
        runs++;
        String at = fault + " at call " + call + ", " + world.disk.calls.get(call);
        syncs += error != null && world.disk.calls.get(call).startsWith("force") ? 1 : 0;
        world.disk.failAt(-1, FaultyDisk.noSpace());
        check(world, fault, content, error, at);
        checkThatItWorksAgain(world, content, at);
      }
    }
  }

  private static @Nullable HfsmException ingest(World world, byte[] content) {
    try {
      Ingested ingested = world.assets.ingest(Upload.of(content));
      assertThat(ingested.outcome()).isEqualTo(Ingested.Outcome.CREATED);
      return null;
    } catch (HfsmException e) {
      return e;
    }
  }

  private void check(
      World world, Fault fault, byte[] content, @Nullable HfsmException error, String at)
      throws IOException {
    boolean acknowledged =
        world.ledger.reader().asset(AssetId.of(Digest.ofContent(content))).isPresent();
    assertThat(acknowledged).as("acknowledged: %s", at).isEqualTo(error == null);
    assertThat(error == null)
        .as("only a short write is made good: %s", at)
        .isEqualTo(fault == Fault.SHORT);
    assertThat(world.disk.open).as("open through the seam: %s", at).isZero();
    assertThat(descriptorsBelow(world.base)).as("open descriptors: %s", at).isEmpty();
    for (StorageKey key : world.visible()) {
      assertThat(world.read(key)).as("visible: %s", at).isEqualTo(content);
    }
    if (error == null) {
      return;
    }
    assertThat(error.getMessage()).as(at).isNotBlank();
    assertThat(files(world.base.resolve("spool"))).as("left in the spool: %s", at).isEmpty();
    if (!fault.isForGood()) {
      assertThat(files(world.base)).as("left on the disk: %s", at).isEmpty();
    } else if (!world.visible().isEmpty()) {
      // It could not be taken back, and that is said.
      assertThat(error).as(at).isInstanceOf(BlobStoreException.class);
      assertThat(error.retryable()).as("outcome open: %s", at).isTrue();
    }
  }

  private static void checkThatItWorksAgain(World world, byte[] content, String at)
      throws IOException {
    AssetId id = world.assets.ingest(Upload.of(content)).id();
    try (InputStream in = world.assets.open(id).open()) {
      assertThat(in.readAllBytes()).as("afterwards: %s", at).isEqualTo(content);
    }
  }

  private static List<Path> files(Path base) throws IOException {
    if (!Files.exists(base)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(base)) {
      // That the store says whose it is stays, whatever becomes of the first upload.
      return files
          .filter(file -> Files.isRegularFile(file) && !file.toString().contains("store-id"))
          .toList();
    }
  }

  /** Where the system can tell. */
  private static List<String> descriptorsBelow(Path base) throws IOException {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return List.of();
    }
    try (Stream<Path> open = Files.list(DESCRIPTORS)) {
      return open.map(DiskFaultProofTest::target)
          .filter(target -> target.startsWith(base.toString()))
          .toList();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException gone) {
      return "";
    }
  }
}
