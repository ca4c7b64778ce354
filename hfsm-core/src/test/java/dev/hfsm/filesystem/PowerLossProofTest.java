package dev.hfsm.filesystem;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.ProofLine;
import dev.hfsm.Upload;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What is left of the store when the power fails. Every change that several ingests ask of the disk
 * is recorded; for each prefix of the record a disk that kept only what was synced (and, by lot,
 * some of what was not) is built, and the store opened on it. The ledger counts as synchronous.
 */
@Execution(ExecutionMode.CONCURRENT)
class PowerLossProofTest {

  private static final int SMALL = 3_000;
  private static final int LARGE = (1 << 20) + 5;

  @TempDir Path folder;

  private final InstantSource clock = InstantSource.fixed(Instant.parse("2030-01-01T00:00:00Z"));
  private int folders;

  /** What was asked of the disk, and how far it had come when each put had returned. */
  private record Run(
      Path base,
      RecordingDisk disk,
      Map<StorageKey, Integer> durableAt,
      AtomicReference<Runnable> afterFirstPut) {

    Run(Path base, RecordingDisk disk) {
      this(base, disk, new HashMap<>(), new AtomicReference<>(() -> {}));
    }
  }

  private interface Scenario {
    Run run(int skippedSync) throws IOException;
  }

  /** Ingests into a store of its own; small uploads are copied, the last, large one is moved. */
  private Run ingests(int skippedSync, long seed) throws IOException {
    Random random = new Random(seed);
    Path base = Files.createDirectory(folder.resolve("run-" + folders++)).toRealPath();
    RecordingDisk disk = new RecordingDisk(base, skippedSync);
    Run run = new Run(base, disk);
    InMemoryLedger ledger = new InMemoryLedger(clock);
    FileSystemBlobStore store = FileSystemBlobStore.open(base.resolve("store"), disk, clock);
    try (AssetPipeline assets = pipeline(run, ledger, store)) {
      byte[] first = bytes(random, SMALL);
      assets.ingest(Upload.of(first));
      assets.ingest(Upload.of(neighbour(random, first)));
      assets.ingest(Upload.of(bytes(random, SMALL)));
      assets.ingest(Upload.of(first));
      assets.ingest(Upload.of(bytes(random, LARGE)));
    }
    assertThat(run.durableAt).as("the store's owner and four blobs").hasSize(5);
    return run;
  }

  /** An ingest into directories that another process made and died before it synced them. */
  private Run ingestAmongOthers(int skippedSync, long seed) throws IOException {
    byte[] content = bytes(new Random(seed), SMALL);
    Path base = Files.createDirectory(folder.resolve("run-" + folders++)).toRealPath();
    RecordingDisk disk = new RecordingDisk(base, skippedSync);
    Run run = new Run(base, disk);
    for (String name : List.of("store", "store/objects")) {
      disk.createDirectory(base.resolve(name));
    }
    FileSystemBlobStore store = FileSystemBlobStore.open(base.resolve("store"), disk, clock);
    try (AssetPipeline assets = pipeline(run, new InMemoryLedger(clock), store)) {
      // The first put says whose the store is; the others' directories come after it.
      run.afterFirstPut.set(() -> makeUnsynced(run, content));
      assets.ingest(Upload.of(content));
    }
    return run;
  }

  private static void makeUnsynced(Run run, byte[] content) {
    String hex = Digest.ofContent(content).hex();
    Path directory = run.base.resolve("store/objects");
    try {
      for (String name : List.of("raw", hex.substring(0, 2), hex.substring(2, 4))) {
        directory = directory.resolve(name);
        run.disk.createDirectory(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private AssetPipeline pipeline(Run run, InMemoryLedger ledger, FileSystemBlobStore store) {
    return AssetPipeline.builder()
        .ledger(ledger)
        .blobs(noting(run, store))
        .clock(clock)
        .random(new Random(1))
        .spool(run.base.resolve("spool"))
        .build();
  }

  /** Notes when each put has returned: from then on its blob has to be there. */
  private static BlobStore noting(Run run, BlobStore store) {
    return (BlobStore)
        Proxy.newProxyInstance(
            PowerLossProofTest.class.getClassLoader(),
            new Class<?>[] {BlobStore.class},
            (proxy, method, args) -> {
              Object answer = method.invoke(store, args);
              if (method.getName().equals("put")) {
                run.durableAt.put((StorageKey) args[0], run.disk.size());
                run.afterFirstPut.getAndSet(() -> {}).run();
              }
              return answer;
            });
  }

  private static byte[] bytes(RandomGenerator random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Other bytes whose object lies in the same first directory and in another second one. */
  private static byte[] neighbour(RandomGenerator random, byte[] of) {
    String first = Digest.ofContent(of).hex();
    while (true) {
      byte[] bytes = bytes(random, SMALL);
      String hex = Digest.ofContent(bytes).hex();
      if (hex.startsWith(first.substring(0, 2)) && !hex.startsWith(first.substring(0, 4))) {
        return bytes;
      }
    }
  }

  /** What is wrong after the power failed behind the first {@code changes} changes. */
  private List<String> wrong(Run run, int changes, @Nullable RandomGenerator luck)
      throws IOException {
    SimulatedDisk simulated = new SimulatedDisk(run.base);
    run.disk.changes().subList(0, changes).forEach(simulated::apply);
    Path after = Files.createDirectory(folder.resolve("after-" + folders++));
    List<String> wrong = new ArrayList<>();
    try {
      simulated.crash(after, luck);
      FileSystemBlobStore store = FileSystemBlobStore.open(after.resolve("store"));
      for (StorageKey key : store.list("raw/", Cursor.START, 100).items()) {
        if (!Digest.ofContent(read(store, key))
            .equals(key.parts().orElseThrow().asset().digest())) {
          wrong.add("a partial object under " + key);
        }
      }
      for (StorageKey owner : store.list("hfsm/", Cursor.START, 10).items()) {
        if (!owner.text().contains("/" + new String(read(store, owner), UTF_8) + "-")) {
          wrong.add("a partial note of whose the store is");
        }
      }
      run.durableAt.forEach(
          (key, at) -> {
            if (at <= changes && store.stat(key).isEmpty()) {
              wrong.add("durable and lost: " + key);
            }
          });
    } finally {
      deleteAll(after);
    }
    return wrong;
  }

  private static byte[] read(FileSystemBlobStore store, StorageKey key) throws IOException {
    try (InputStream in = store.open(key, ByteRange.ALL)) {
      return in.readAllBytes();
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void everyPrefixWithUnsyncedDataDroppedKeepsWhatWasCommitted() throws IOException {
    ProofLine line = new ProofLine("g2", "power loss");
    int lots = ProofLine.inShortOrLong(4, 60);
    Random luck = new Random(line.seed());
    int disks = 0;
    int changes = 0;
    for (Scenario scenario : scenarios(line.seed())) {
      Run run = scenario.run(-1);
      for (int prefix = 0; prefix <= run.disk.size(); prefix++, changes++) {
        for (int lot = 0; lot <= lots; lot++, disks++) {
          assertThat(wrong(run, prefix, lot == 0 ? null : luck))
              .as("seed %d, behind %d of %s", line.seed(), prefix, run.disk.changes())
              .isEmpty();
        }
      }
    }
    line.write(
        0,
        "every one of %d prefixes of the recorded disk calls of 6 ingests, each with all unsynced"
            + " data dropped and with %d seeded parts of it surviving: %d disks recovered",
        changes,
        lots,
        disks);
  }

  @Test
  void everySyncIsNeeded() throws IOException {
    ProofLine line = new ProofLine("g3", "every sync is needed");
    int removed = 0;
    for (Scenario scenario : scenarios(line.seed())) {
      int forces = scenario.run(-1).disk.forces();
      for (int i = 0; i < forces; i++, removed++) {
        Run run = scenario.run(i);
        assertThat(isCaught(run, line.seed()))
            .as("leaving out sync %d, %s, is noticed", i, run.disk.leftOut())
            .isTrue();
      }
    }
    line.write(0, "each of %d syncs of 6 ingests left out in turn: noticed every time", removed);
  }

  private boolean isCaught(Run run, long seed) throws IOException {
    for (int prefix = run.disk.size(); prefix >= 0; prefix--) {
      if (!wrong(run, prefix, null).isEmpty() || !wrong(run, prefix, new Random(seed)).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private List<Scenario> scenarios(long seed) {
    return List.of(skipped -> ingests(skipped, seed), skipped -> ingestAmongOthers(skipped, seed));
  }
}
