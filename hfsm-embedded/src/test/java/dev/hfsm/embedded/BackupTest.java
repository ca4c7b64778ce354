package dev.hfsm.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Ingested;
import dev.hfsm.Upload;
import dev.hfsm.custody.AdoptReport;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.Refusal;
import dev.hfsm.custody.ScrubOptions;
import dev.hfsm.custody.ScrubReport;
import dev.hfsm.custody.SweepOptions;
import dev.hfsm.custody.SweepOptions.Allowance;
import dev.hfsm.custody.SweepReport;
import dev.hfsm.error.LedgerException;
import dev.hfsm.model.AssetId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backup and restore as docs/operations.md says, while uploads go on. */
@Timeout(300)
class BackupTest {

  private static final SweepOptions SWEEP = new SweepOptions(Mode.REAL, Allowance.BOUNDED);

  @TempDir Path folder;

  /** Uploads, and what was acknowledged. */
  private static final class Traffic implements AutoCloseable {
    private static final int ENOUGH = 40;

    final Map<AssetId, byte[]> acknowledged = new ConcurrentHashMap<>();
    final CountDownLatch enough = new CountDownLatch(ENOUGH);
    private final AtomicBoolean over = new AtomicBoolean();
    private final Thread[] threads = new Thread[2];

    Traffic(AssetPipeline assets, long seed) {
      for (int i = 0; i < threads.length; i++) {
        Random random = new Random(seed + i);
        threads[i] = new Thread(() -> upload(assets, random));
        threads[i].start();
      }
    }

    private void upload(AssetPipeline assets, Random random) {
      while (!over.get()) {
        byte[] bytes = new byte[1 + random.nextInt(3000)];
        random.nextBytes(bytes);
        Ingested answer = assets.ingest(Upload.of(bytes));
        acknowledged.put(answer.id(), bytes);
        if (random.nextInt(4) == 0) {
          assets.releaseAll(answer.id());
          assets.retain(answer.id(), "kept/" + random.nextInt(1_000_000));
        }
        enough.countDown();
      }
    }

    @Override
    public void close() throws InterruptedException {
      over.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private static void copyLedger(Path data, Path copy) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + data.resolve("ledger.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=30000");
      statement.execute("VACUUM INTO '" + copy.resolve("ledger.db") + "'");
    }
  }

  /** What is deleted meanwhile, a loser's object or an old mark, is left out. */
  private static void copyBytes(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(folder).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            try {
              Files.copy(file, to.resolve(from.relativize(file).toString()));
            } catch (NoSuchFileException gone) {
              return FileVisitResult.CONTINUE;
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
  }

  /**
   * A ledger that was copied during a chore says for as long as its lease that one is under way:
   * who needs it is told to try again.
   */
  private static <T> T patiently(Supplier<T> task) {
    while (true) {
      try {
        return task.get();
      } catch (LedgerException e) {
        if (!e.retryable()) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  private static ScrubReport scrub(AssetPipeline assets) {
    return patiently(() -> assets.maintenance().scrub(ScrubOptions.full(), finding -> {}));
  }

  private static AdoptReport adopt(AssetPipeline assets) {
    return patiently(() -> assets.maintenance().adopt(Mode.REAL, asset -> {}));
  }

  private static SweepReport sweep(AssetPipeline assets) {
    SweepReport report;
    do {
      report = patiently(() -> assets.maintenance().sweep(SWEEP, key -> {}));
    } while (report.refusal() != null && report.refusal().reason() == Refusal.Reason.BUSY);
    return report;
  }

  private static void everyByteIsThere(AssetPipeline assets, Map<AssetId, byte[]> acknowledged)
      throws IOException {
    for (Map.Entry<AssetId, byte[]> each : acknowledged.entrySet()) {
      try (InputStream in = assets.open(each.getKey()).open()) {
        assertThat(in.readAllBytes()).as("%s", each.getKey()).isEqualTo(each.getValue());
      }
    }
  }

  @Test
  void aCopyOfTheLedgerAndThenOfTheBytesIsWholeAlthoughUploadsGoOn() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Path data = folder.resolve("data");
    Path copy = Files.createDirectories(folder.resolve("copy"));
    Map<AssetId, byte[]> before;
    try (AssetPipeline assets = Hfsm.embedded(data).start();
        Traffic traffic = new Traffic(assets, seed)) {
      traffic.enough.await();
      before = Map.copyOf(traffic.acknowledged);
      copyLedger(data, copy);
      copyBytes(data.resolve("blobs/objects"), copy.resolve("blobs/objects"));
    }
    try (AssetPipeline restored = Hfsm.embedded(copy).build()) {
      everyByteIsThere(restored, before);
      ScrubReport scrubbed = scrub(restored);
      assertThat(scrubbed.isClean()).as("%s", scrubbed.examples()).isTrue();
      AdoptReport adopted = adopt(restored);
      assertThat(adopted.failed()).isZero();
      assertThat(sweep(restored).refusal()).isNull();
      everyByteIsThere(restored, before);
    }
  }

  @Test
  void aLedgerFromYesterdayOverTodaysStoreLosesNothingThatWasAcknowledged() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Path data = folder.resolve("data");
    Path copy = Files.createDirectories(folder.resolve("copy"));
    Map<AssetId, byte[]> acknowledged;
    try (AssetPipeline assets = Hfsm.embedded(data).start()) {
      Traffic traffic = new Traffic(assets, seed);
      try (traffic) {
        traffic.enough.await();
        awaitMark(data);
        copyLedger(data, copy);
        int copied = traffic.acknowledged.size(); // or fewer
        while (traffic.acknowledged.size() < copied + 100) {
          Thread.onSpinWait();
        }
      }
      acknowledged = traffic.acknowledged;
    }
    raiseMark(data); // an hour later
    for (String file : new String[] {"ledger.db", "ledger.db-wal", "ledger.db-shm"}) {
      Files.deleteIfExists(data.resolve(file));
    }
    Files.copy(copy.resolve("ledger.db"), data.resolve("ledger.db"));

    try (AssetPipeline restored = Hfsm.embedded(data).build()) {
      SweepReport refused = sweep(restored);
      assertThat(refused.refusal()).isNotNull();
      assertThat(refused.refusal().reason()).isEqualTo(Refusal.Reason.RESTORED);
      assertThat(scrub(restored).isClean()).isTrue();
      AdoptReport adopted = adopt(restored);
      assertThat(adopted.adopted()).isPositive();
      assertThat(adopted.failed() + adopted.damaged()).isZero();
      everyByteIsThere(restored, acknowledged);
      assertThat(sweep(restored).refusal()).isNull();
      everyByteIsThere(restored, acknowledged);
      assertThat(scrub(restored).isClean()).isTrue();
    }
  }

  /** The chore has put the first mark, so it has noted one in the ledger before. */
  private static void awaitMark(Path data) throws IOException {
    long deadline = System.nanoTime() + Duration.ofSeconds(120).toNanos();
    while (marks(data) == 0) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static long marks(Path data) throws IOException {
    Path marks = data.resolve("blobs/objects/hfsm/mark");
    if (!Files.isDirectory(marks)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(marks)) {
      return files.count();
    }
  }

  /** What the chore does an hour later: the number in the name is one higher. */
  private static void raiseMark(Path data) throws IOException {
    Path mark;
    try (Stream<Path> files = Files.list(data.resolve("blobs/objects/hfsm/mark"))) {
      mark = files.findFirst().orElseThrow();
    }
    String name = mark.getFileName().toString();
    String raised = name.replaceFirst("-0000000000000001-", "-0000000000000002-");
    assertThat(raised).isNotEqualTo(name);
    Files.write(mark.resolveSibling(raised), new byte[] {'2'});
  }
}
