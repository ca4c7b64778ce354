package dev.hfsm.reliability.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Maintenance;
import dev.hfsm.Upload;
import dev.hfsm.custody.AdoptReport;
import dev.hfsm.custody.CollectOptions;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.Refusal;
import dev.hfsm.custody.ScrubOptions;
import dev.hfsm.custody.ScrubReport;
import dev.hfsm.custody.SweepOptions;
import dev.hfsm.custody.SweepOptions.Allowance;
import dev.hfsm.error.LedgerException;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.StorageKey;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A base backup of PostgreSQL, taken while uploads go on and restored over the store of a later
 * day, as docs/operations.md says. It is taken through the server's own functions, which is what
 * pg_basebackup does, because the server of the tests comes without its tools.
 */
@Timeout(1800)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a running server's files cannot be copied")
class PostgresBackupTest {

  private static final SweepOptions SWEEP = new SweepOptions(Mode.REAL, Allowance.BOUNDED);
  private static final CollectOptions COLLECT = new CollectOptions(Duration.ofDays(1), Mode.REAL);

  /** Between two questions to a ledger that is busy. */
  private static final long MOMENT_NANOS = 10_000_000;

  @TempDir Path folder;
  private final Map<AssetId, byte[]> acknowledged = new ConcurrentHashMap<>();

  @Test
  void aLedgerRestoredFromABaseBackupIsNoticedAndLosesNothingThatWasAcknowledged()
      throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Path copy = folder.resolve("copy");
    Set<AssetId> before;
    try (Server server = Server.start(folder.resolve("server"));
        Node node = Node.open(site(server), 6);
        AssetPipeline assets = node.pipeline().transformer(new Toys()).start()) {
      try (Uploads uploads = new Uploads(assets, seed)) {
        uploads.await(40);
        awaitMark(node);
        before = Set.copyOf(acknowledged.keySet());
        baseBackup(server, copy);
        uploads.await(acknowledged.size() + 40);
      }
      anHourLater(node);
    }
    try (Server restored = Server.start(copy);
        Node node = Node.open(site(restored), 6);
        AssetPipeline assets = node.pipeline().transformer(new Toys()).build()) {
      assertThat(before).allSatisfy(id -> assertThat(assets.find(id)).isPresent());
      assertThat(acknowledged.keySet())
          .as("some came after the backup")
          .anySatisfy(id -> assertThat(assets.find(id)).isEmpty());
      nothingIsLost(assets.maintenance(), assets);
    }
  }

  private void nothingIsLost(Maintenance maintenance, AssetPipeline assets) throws IOException {
    isRestored(refusal(() -> maintenance.collect(COLLECT, asset -> {}).refusal()));
    isRestored(refusal(() -> maintenance.sweep(SWEEP, key -> {}).refusal()));
    ScrubReport scrubbed = patiently(() -> maintenance.scrub(ScrubOptions.full(), finding -> {}));
    assertThat(scrubbed.isClean()).as("%s", scrubbed.examples()).isTrue();
    AdoptReport adopted = patiently(() -> maintenance.adopt(Mode.REAL, asset -> {}));
    assertThat(adopted.adopted()).isPositive();
    assertThat(adopted.failed() + adopted.damaged()).isZero();
    assertThat(refusal(() -> maintenance.sweep(SWEEP, key -> {}).refusal())).isNull();
    for (Map.Entry<AssetId, byte[]> each : acknowledged.entrySet()) {
      try (InputStream in = assets.open(each.getKey()).open()) {
        assertThat(in.readAllBytes()).as("%s", each.getKey()).isEqualTo(each.getValue());
      }
    }
  }

  /**
   * A ledger that was copied during a chore says for as long as its lease that one is under way:
   * who needs it is told to try again.
   */
  private static <T extends @Nullable Object> T patiently(Supplier<T> task) {
    while (true) {
      try {
        return task.get();
      } catch (LedgerException e) {
        if (!e.retryable()) {
          throw e;
        }
        LockSupport.parkNanos(MOMENT_NANOS);
      }
    }
  }

  /** Why something is not done, other than that a chore of the copied ledger is under way. */
  private static @Nullable Refusal refusal(Supplier<@Nullable Refusal> task) {
    Refusal refusal = patiently(task);
    while (refusal != null && refusal.reason() == Refusal.Reason.BUSY) {
      LockSupport.parkNanos(MOMENT_NANOS);
      refusal = patiently(task);
    }
    return refusal;
  }

  private static void isRestored(@Nullable Refusal refusal) {
    assertThat(refusal).isNotNull();
    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.RESTORED);
  }

  private Site site(Server server) {
    return new Site(Postgres.url(server.postgres.getPort(), "postgres"), folder);
  }

  /** A server over a folder, which is at rest once it is closed. */
  private record Server(EmbeddedPostgres postgres, Path data) implements AutoCloseable {

    static Server start(Path data) {
      return new Server(
          Postgres.started(
              () ->
                  Postgres.durable()
                      .setDataDirectory(data)
                      .setCleanDataDirectory(false)
                      .setServerConfig("wal_keep_size", "512MB")),
          data);
    }

    /** Its stopping is given up after five seconds; it goes on with its last checkpoint then. */
    @Override
    public void close() throws IOException {
      postgres.close();
      long since = System.nanoTime();
      while (Files.exists(data.resolve("postmaster.pid"))
          && System.nanoTime() - since < Factory.PATIENCE.toNanos()) {
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  /** See "Making a Base Backup Using the Low Level API" in PostgreSQL's manual. */
  private static void baseBackup(Server server, Path copy) throws SQLException, IOException {
    Path data = server.data;
    try (Connection connection = server.postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_backup_start('backup', true)");
      copy(data, copy, data.resolve("pg_wal"));
      String label;
      try (ResultSet row = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
        row.next();
        label = row.getString(1);
      }
      Files.writeString(copy.resolve("backup_label"), label);
      copy(data.resolve("pg_wal"), copy.resolve("pg_wal"), null);
    }
    Files.deleteIfExists(copy.resolve("postmaster.pid"));
  }

  private static void copy(Path from, Path to, Path without) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes a)
              throws IOException {
            if (dir.equals(without)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Path target = to.resolve(from.relativize(dir).toString());
            if (!Files.exists(target)) {
              Files.createDirectories(
                  target,
                  PosixFilePermissions.asFileAttribute(
                      PosixFilePermissions.fromString("rwx------")));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
            try {
              Files.copy(file, to.resolve(from.relativize(file).toString()));
            } catch (NoSuchFileException gone) {
              return FileVisitResult.CONTINUE; // what goes meanwhile, the log brings back or drops
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

  private static List<StorageKey> marks(Node node) {
    return node.blobs().list("hfsm/mark/", Cursor.START, 10).items();
  }

  /** The chore has put the first mark, so it has noted one in the ledger before. */
  private static void awaitMark(Node node) {
    while (marks(node).isEmpty()) {
      LockSupport.parkNanos(MOMENT_NANOS);
    }
  }

  /** What the chore does then: the number in the name is one higher. */
  private static void anHourLater(Node node) {
    String mark = marks(node).get(0).text();
    String raised = mark.replaceFirst("-0000000000000001-", "-0000000000000002-");
    assertThat(raised).isNotEqualTo(mark);
    byte[] content = {'2'};
    node.blobs()
        .put(
            new StorageKey(raised),
            new BlobRef(Digest.ofContent(content), content.length),
            ByteSource.of(content));
  }

  /** Two who upload, and what was acknowledged to them. */
  private final class Uploads implements AutoCloseable {
    private final AtomicBoolean over = new AtomicBoolean();
    private final Thread[] threads = new Thread[2];

    Uploads(AssetPipeline assets, long seed) {
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
        acknowledged.put(assets.ingest(Upload.of(bytes)).id(), bytes);
      }
    }

    void await(int number) {
      while (acknowledged.size() < number) {
        assertThat(threads).allMatch(Thread::isAlive);
        LockSupport.parkNanos(MOMENT_NANOS);
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
}
