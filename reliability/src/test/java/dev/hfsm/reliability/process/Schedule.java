package dev.hfsm.reliability.process;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.error.HfsmException;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.reliability.process.Operation.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Some threads act on a few assets through a line that fails in a way which a seed decides. */
final class Schedule {

  private static final int ACTORS = 3;
  private static final int DIGESTS = 3;
  private static final Kind[] KINDS = {
    Kind.INGEST, Kind.INGEST, Kind.RETAIN, Kind.RELEASE, Kind.FIND, Kind.REFERENCES, Kind.OPEN
  };

  /** For an answer to come that can be lost, when actors are held up by the faults before. */
  private static final Duration AN_ANSWER = Duration.ofSeconds(10);

  private final Wire wire;
  private final AssetPipeline assets;
  private final String series;
  private final long seed;
  private final Notebook notebook = new Notebook();
  private final Actor actor;
  private volatile boolean over;

  /** What came of a schedule. */
  record Result(int operations, int unknown, Duration healthyAfter, List<String> wrong) {}

  Schedule(Wire wire, Node node, AssetPipeline assets, long seed) {
    this.wire = wire;
    this.assets = assets;
    this.seed = seed;
    this.series = "schedule " + seed;
    this.actor = new Actor(node, assets, series, notebook);
  }

  /**
   * Runs it.
   *
   * @param clean looks on through a sound line
   */
  Result run(Node clean) throws InterruptedException {
    RandomGenerator random = generator(0);
    List<Thread> threads = new ArrayList<>();
    for (int i = 1; i <= ACTORS; i++) {
      RandomGenerator own = generator(i);
      threads.add(new Thread(() -> act(own)));
    }
    threads.forEach(Thread::start);
    try {
      for (int i = 2 + random.nextInt(2); i > 0; i--) {
        int lost = wire.answersLost();
        boolean losesAnswers = fault(random);
        pass(20 + random.nextInt(130));
        if (losesAnswers) {
          awaitLost(lost);
        }
        wire.heal();
        pass(random.nextInt(60));
      }
    } finally {
      wire.heal();
    }
    List<String> wrong = new ArrayList<>();
    Duration healthy = healthy(wrong);
    over = true;
    for (Thread thread : threads) {
      thread.join();
    }
    List<Operation> unknown = notebook.unknown();
    unknown.stream().filter(o -> o.kind() == Kind.INGEST).forEach(o -> again(o, wrong));
    actor.look(DIGESTS);
    wrong.addAll(HistoryChecker.anomalies(notebook.operations()));
    actor.rows(DIGESTS).forEach(row -> check(clean, row, wrong));
    return new Result(notebook.operations().size(), unknown.size(), healthy, wrong);
  }

  private RandomGenerator generator(int number) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed * (ACTORS + 1) + number);
  }

  private static void pass(int millis) {
    LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
  }

  /** Whether it is one of lost answers. */
  private boolean fault(RandomGenerator random) {
    int kind = random.nextInt(6);
    switch (kind) {
      case 0 -> wire.slow(Duration.ofMillis(5 + random.nextInt(30)));
      case 1 -> wire.cut();
      case 2 -> wire.silence();
      case 3 -> wire.tearAfter(1 + random.nextInt(5_000));
      default -> wire.loseAnswers(random.nextInt(8), 1 + random.nextInt(6));
    }
    return kind > 3;
  }

  /** However slow the actors are, an answer is lost as a rule. */
  private void awaitLost(int before) {
    long since = System.nanoTime();
    while (wire.answersLost() == before && System.nanoTime() - since < AN_ANSWER.toNanos()) {
      pass(1);
    }
  }

  private void act(RandomGenerator random) {
    while (!over) {
      Kind kind = KINDS[random.nextInt(KINDS.length)];
      int digest = random.nextInt(DIGESTS);
      boolean known = actor.act(kind, digest, random.nextInt(Actor.NAMES));
      if (!known) {
        pass(5);
      } else if (kind == Kind.INGEST) {
        want(actor.id(digest));
      }
    }
  }

  private void want(AssetId id) {
    try {
      assets.variant(id, Factory.RECIPE).await(Duration.ZERO);
    } catch (HfsmException e) {
      // pending, or lost on the way: it is asked for again
    }
  }

  /** How long it takes until bytes are brought in and looked into as ever. */
  private Duration healthy(List<String> wrong) {
    long healed = System.nanoTime();
    while (System.nanoTime() - healed < Factory.PATIENCE.toNanos()) {
      try {
        AssetId probe = assets.ingest(Upload.of(Toys.toy(series + " probe"))).id();
        assets.awaitInspected(probe, Factory.PATIENCE);
        return Duration.ofNanos(System.nanoTime() - healed);
      } catch (HfsmException e) {
        pass(5);
      }
    }
    wrong.add(series + ": not healthy " + Factory.PATIENCE + " after healing");
    return Factory.PATIENCE;
  }

  private void again(Operation ingest, List<String> wrong) {
    long since = System.nanoTime();
    while (!actor.act(Kind.INGEST, ingest.digest(), ingest.name())) {
      if (System.nanoTime() - since > Factory.PATIENCE.toNanos()) {
        wrong.add("could not be done again: " + ingest);
        return;
      }
    }
  }

  private void check(Node clean, AssetRow row, List<String> wrong) {
    List<Operation> ingests =
        notebook.operations().stream()
            .filter(o -> o.kind() == Kind.INGEST && actor.id(o.digest()).equals(row.id()))
            .toList();
    long known = ingests.stream().filter(o -> !o.isUnknown()).count();
    if (row.uploads() < known || row.uploads() > ingests.size()) {
      wrong.add(row.id() + " counts " + row.uploads() + " uploads of " + known + " that are known");
    }
    List<AssetState> states =
        clean.ledger().reader().history(row.id()).stream().map(HistoryEntry::to).toList();
    if (states.size() != new HashSet<>(states).size()) {
      wrong.add(row.id() + " went through " + states);
    }
  }
}
