package dev.hfsm.reliability.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.error.HfsmException;
import dev.hfsm.model.AssetId;
import dev.hfsm.reliability.Proof;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The line to PostgreSQL is slow, torn, cut, dead without a word, or loses answers. */
@Timeout(3600)
class CutLineTest {

  private static final int LANES = 4;
  private static final Duration HEALTHY_AGAIN = Duration.ofSeconds(10);

  @TempDir Path folder;

  @Test
  void noEffectIsLostOrDoubledWhateverTheLineDoes() throws Exception {
    Proof proof = Proof.of("f1", "cut lines: seeded schedules");
    int schedules = Proof.inShortOrLong(40, 200);
    Site site = Site.create(Site.Kind.POSTGRESQL, folder);
    AtomicInteger next = new AtomicInteger();
    AtomicInteger answersLost = new AtomicInteger();
    List<Schedule.Result> results = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    ExecutorService lanes = Executors.newFixedThreadPool(LANES);
    try (Node clean = Node.open(site, 4)) {
      List<Future<List<Schedule.Result>>> running = new ArrayList<>();
      for (int i = 0; i < LANES; i++) {
        running.add(
            lanes.submit(() -> lane(site, clean, proof.seed(), next, schedules, answersLost)));
      }
      for (Future<List<Schedule.Result>> lane : running) {
        results.addAll(lane.get());
      }
      results.forEach(result -> wrong.addAll(result.wrong()));
      Audit audit = new Audit(clean);
      try (AssetPipeline rest = clean.pipeline().transformer(new Toys()).start()) {
        wrong.addAll(audit.stranded(Factory.PATIENCE));
      }
      wrong.addAll(audit.rowsWithoutBytes());
      proof
          .ran("%d schedules of 2 or 3 faults on %d lines", results.size(), LANES)
          .ran(
              "%d operations, %d of them of unknown outcome, %d answers to transactions lost",
              results.stream().mapToInt(Schedule.Result::operations).sum(),
              results.stream().mapToInt(Schedule.Result::unknown).sum(),
              answersLost.get())
          .ran("%d objects left to a sweep", audit.orphans().size());
    } finally {
      lanes.shutdownNow();
    }
    Duration slowest =
        results.stream()
            .map(Schedule.Result::healthyAfter)
            .max(Comparator.naturalOrder())
            .orElseThrow();
    proof
        .ran("healthy again %d ms after healing at the latest", slowest.toMillis())
        .violated(wrong.size())
        .write();
    assertThat(wrong).isEmpty();
    assertThat(answersLost.get()).isPositive();
    Proof.requireInLongMode("healthy again", slowest, HEALTHY_AGAIN);
  }

  private static List<Schedule.Result> lane(
      Site site, Node clean, long seed, AtomicInteger next, int schedules, AtomicInteger lost)
      throws InterruptedException {
    List<Schedule.Result> results = new ArrayList<>();
    try (Wire wire = new Wire(Postgres.port());
        Node node = Node.openInTheEnd(site.impatient().through(wire.port()), 6);
        AssetPipeline assets = node.pipeline().transformer(new Toys()).workers(2).start()) {
      for (int i = next.getAndIncrement(); i < schedules; i = next.getAndIncrement()) {
        results.add(new Schedule(wire, node, assets, seed * schedules + i).run(clean));
      }
      lost.addAndGet(wire.answersLost());
    }
    return results;
  }

  /**
   * With the settings of docs/operations.md, and not with the impatient ones of the schedules. Ten
   * seconds are what is promised, and what a machine takes that does nothing else.
   */
  @Test
  void aNodeIsHealthySoonAfterItsLineIs() {
    Proof proof = Proof.of("f2", "cut lines: healthy again, settings as documented");
    Site site = Site.create(Site.Kind.POSTGRESQL, folder).asDocumented();
    List<Runnable> faults = new ArrayList<>();
    List<Long> millis = new ArrayList<>();
    try (Wire wire = new Wire(Postgres.port());
        Node node = Node.openInTheEnd(site.through(wire.port()), 6);
        AssetPipeline assets = node.pipeline().transformer(new Toys()).workers(2).start()) {
      faults.add(wire::cut);
      faults.add(wire::silence);
      for (int i = 0; i < 2 * faults.size(); i++) {
        millis.add(healthyAfter(wire, assets, faults.get(i % 2), Duration.ofSeconds(i), i));
      }
    }
    long never = millis.stream().filter(m -> m > Factory.PATIENCE.toMillis()).count();
    proof
        .ran("cut for 0 and 2 s, silent for 1 and 3 s, under load")
        .ran("healthy again after %s ms", millis)
        .violated(never)
        .write();
    assertThat(never).isZero();
    for (long each : millis) {
      Proof.requireInLongMode("healthy again", Duration.ofMillis(each), HEALTHY_AGAIN);
    }
  }

  private static long healthyAfter(
      Wire wire, AssetPipeline assets, Runnable fault, Duration lasting, int number) {
    Load load = new Load(assets, "load " + number);
    load.start();
    load.awaitFirst();
    fault.run();
    LockSupport.parkNanos(lasting.toNanos());
    wire.heal();
    long healed = System.nanoTime();
    try {
      while (System.nanoTime() - healed < Factory.PATIENCE.toNanos()) {
        try {
          AssetId probe = assets.ingest(Upload.of(Toys.toy("probe " + number))).id();
          assets.awaitInspected(probe, Factory.PATIENCE);
          return Duration.ofNanos(System.nanoTime() - healed).toMillis();
        } catch (HfsmException e) {
          LockSupport.parkNanos(1_000_000);
        }
      }
      return Long.MAX_VALUE;
    } finally {
      load.end();
    }
  }

  /** Brings the same few assets in over and over again, so that rows are locked at any moment. */
  private static final class Load {
    private final AssetPipeline assets;
    private final String name;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger done = new AtomicInteger();
    private volatile boolean over;

    Load(AssetPipeline assets, String name) {
      this.assets = assets;
      this.name = name;
    }

    void start() {
      for (int i = 0; i < 4; i++) {
        threads.add(new Thread(this::bringIn));
      }
      threads.forEach(Thread::start);
    }

    private void bringIn() {
      while (!over) {
        try {
          assets.ingest(Upload.of(Toys.toy(name)));
          done.incrementAndGet();
        } catch (HfsmException e) {
          LockSupport.parkNanos(1_000_000); // that is what it is about
        }
      }
    }

    void awaitFirst() {
      while (done.get() < threads.size()) {
        LockSupport.parkNanos(1_000_000);
      }
    }

    void end() {
      over = true;
      for (Thread thread : threads) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }
}
