package dev.hfsm.benchmarks;

import dev.hfsm.AssetPipeline;
import dev.hfsm.PipelineBuilder;
import dev.hfsm.Upload;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.TransformerId;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import dev.hfsm.transform.Transformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * How long it takes from an acknowledged upload to the first line of the work it causes, at 200
 * uploads a second; and how much empty work a second is claimed and settled: {@code java -cp
 * benchmarks.jar dev.hfsm.benchmarks.PickUp [here | elsewhere] [uploads] [memory | SQLITE |
 * POSTGRESQL]}. {@code elsewhere} brings the uploads in on a second node; objects are in memory.
 */
public final class PickUp {

  private static final int RATE = 200;
  private static final int WARM_UP = 1000;

  /** Uploads until a ledger in a database does not flush its claims any more, after 30 s. */
  private static final int UNTIL_CALM = RATE * 31;

  private static final int BULK = 4000;
  private static final int ROUNDS = Integer.getInteger("rounds", 5);
  private static final String MEMORY = "memory";
  private static final String HERE = "here";

  private PickUp() {}

  /** Runs both measurements. */
  public static void main(String[] args) throws Exception {
    String where = args.length > 0 ? args[0] : HERE;
    int uploads = args.length > 1 ? Integer.parseInt(args[1]) : 4000;
    String medium = args.length > 2 ? args[2] : MEMORY;
    try (Workbench bench = new Workbench()) {
      TrialLedger trial = null;
      if (!medium.equals(MEMORY)) {
        trial = new TrialLedger();
        trial.database = TrialLedger.Database.valueOf(medium);
        trial.open();
      }
      AssetLedger ledger = trial == null ? null : trial.ledger();
      if (trial != null) {
        floors(trial.connections(), medium);
        if (medium.equals("POSTGRESQL")) {
          BareRing.Times bare = BareRing.measure(trial.connections(), RATE, RATE * 3);
          print("a bare ring until it is heard", bare.heard());
          print("a bare ring until a row is committed", bare.committed());
        }
      }
      AssetLedger works = ledger == null ? inMemory() : ledger;
      AssetLedger other = trial == null || where.equals(HERE) ? works : trial.elsewhere();
      latency(bench, where, trial == null ? WARM_UP : UNTIL_CALM, uploads, works, other);
      for (int round = 0; round < ROUNDS; round++) {
        throughput(bench, round, ledger == null ? inMemory() : ledger);
      }
      if (trial != null) {
        trial.close();
      }
    }
  }

  private static AssetLedger inMemory() {
    return new InMemoryLedger(InstantSource.system());
  }

  private static PipelineBuilder over(
      AssetLedger ledger, InMemoryBlobStore blobs, Workbench bench) {
    return AssetPipeline.builder().ledger(ledger).blobs(blobs).spool(bench.folder());
  }

  private static byte[] content(int number) {
    return ByteBuffer.allocate(8).putInt(0xCAFE).putInt(number).array();
  }

  /** What no pick-up over this database can beat, at the same rate: a row and its commit. */
  private static void floors(DataSource database, String medium) throws Exception {
    long[] micros = new long[RATE * 3];
    try (Connection connection = database.getConnection();
        Statement setUp = connection.createStatement()) {
      setUp.execute("CREATE TABLE bare_commit (id INTEGER PRIMARY KEY)");
      connection.setAutoCommit(true);
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO bare_commit VALUES (?)")) {
        long start = System.nanoTime();
        for (int i = 0; i < micros.length; i++) {
          LockSupport.parkNanos(start + i * (1_000_000_000L / RATE) - System.nanoTime());
          long begun = System.nanoTime();
          insert.setInt(1, i);
          insert.executeUpdate();
          micros[i] = (System.nanoTime() - begun) / 1000;
        }
      }
    }
    print("a bare commit over " + medium, micros);
  }

  private static void print(String what, long[] micros) {
    Arrays.sort(micros);
    System.out.printf(
        "%s, µs: p50 %d, p90 %d, p99 %d, max %d (%d at %d/s)%n",
        what,
        micros[micros.length / 2],
        micros[micros.length * 9 / 10],
        micros[micros.length * 99 / 100],
        micros[micros.length - 1],
        micros.length,
        RATE);
  }

  private static void latency(
      Workbench bench,
      String where,
      int before,
      int measured,
      AssetLedger ledger,
      AssetLedger elsewhere)
      throws Exception {
    int uploads = before + measured;
    AtomicLongArray acknowledged = new AtomicLongArray(uploads);
    AtomicLongArray begun = new AtomicLongArray(uploads);
    CountDownLatch all = new CountDownLatch(uploads);
    InMemoryBlobStore blobs = new InMemoryBlobStore();
    Stopwatch stopwatch = new Stopwatch(begun, all);
    try (AssetPipeline works = over(ledger, blobs, bench).transformer(stopwatch).build();
        AssetPipeline other = over(elsewhere, blobs, bench).build()) {
      works.maintenance().takeStore(); // the ledger knows what lay in the store before this one
      works.start();
      AssetPipeline takesIn = where.equals(HERE) ? works : other;
      long start = System.nanoTime();
      for (int i = 0; i < uploads; i++) {
        LockSupport.parkNanos(start + i * (1_000_000_000L / RATE) - System.nanoTime());
        takesIn.ingest(Upload.of(content(i)));
        acknowledged.set(i, System.nanoTime());
      }
      all.await();
    }
    long[] micros = new long[measured];
    for (int i = before; i < uploads; i++) {
      micros[i - before] = Math.max(0, begun.get(i) - acknowledged.get(i)) / 1000;
    }
    print("pick-up of work brought in " + where, micros);
  }

  private static void throughput(Workbench bench, int round, AssetLedger ledger) throws Exception {
    CountDownLatch described = new CountDownLatch(BULK);
    try (AssetPipeline assets =
        over(ledger, new InMemoryBlobStore(), bench)
            .listener(
                (asset, transition) -> {
                  if (transition.event() == AssetEvent.DESCRIBED) {
                    described.countDown();
                  }
                })
            .build()) {
      assets.maintenance().takeStore();
      for (int i = 0; i < BULK; i++) {
        assets.ingest(Upload.of(content((round + 1) * 1_000_000 + i)));
      }
      long start = System.nanoTime();
      assets.start();
      described.await();
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf("empty inspections, two steps each: %.0f/s%n", BULK / seconds);
    }
  }

  /** Notes when it is asked to inspect what. */
  private record Stopwatch(AtomicLongArray begun, CountDownLatch all) implements Transformer {
    @Override
    public TransformerId id() {
      return new TransformerId("stopwatch", 1);
    }

    @Override
    public boolean inspects(MediaType source) {
      return true;
    }

    @Override
    public boolean accepts(MediaType source, Transformation resolved) {
      return false;
    }

    @Override
    public Facts inspect(Source source, Budget budget) {
      long now = System.nanoTime();
      try {
        int number = ByteBuffer.wrap(Files.readAllBytes(source.file())).getInt(4);
        begun.set(number, now);
        all.countDown();
        return Facts.NONE;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public List<Rendition> render(Source source, List<Transformation> wanted, Budget budget) {
      return List.of(new Rendition(wanted.get(0), MediaType.PNG, 1, 1, ByteSource.of(new byte[1])));
    }
  }
}
