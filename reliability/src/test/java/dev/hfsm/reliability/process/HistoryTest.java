package dev.hfsm.reliability.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.reliability.Proof;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Four processes act on eight assets at a time while one after the other is killed or cut off. */
@Timeout(3600)
class HistoryTest {

  private static final int NODES = 4;

  /** Troubles come as time goes by: on a slow machine there would be more than can be explained. */
  private static final int MOST_CUTS_OF_A_ROUND = 40;

  @TempDir Path folder;
  private final List<Member> members = new ArrayList<>();
  private final List<Path> logs = new ArrayList<>();
  private int rounds;
  private int kills;
  private int cuts;

  /** A process with a line of its own; a killed one is followed by another. */
  private final class Member implements AutoCloseable {
    final Wire wire = new Wire(Postgres.port());
    private final Site site;
    private final int operations;
    private Child child;
    private boolean done;

    Member(Site direct, long seed, int operations) {
      this.site = direct.through(wire.port());
      this.operations = operations;
      this.child = start(seed, operations);
    }

    private Child start(long seed, int count) {
      Path log = folder.resolve("log" + logs.size());
      logs.add(log);
      Stream<String> own =
          Stream.of(
              log.toString(),
              Long.toString(seed),
              Integer.toString(count),
              Integer.toString(rounds));
      return Child.start(
          HistoryChild.class, Stream.concat(site.arguments().stream(), own).toList());
    }

    boolean isDone() {
      boolean ended = !child.isAlive();
      // What it said at its very end may not have been heard yet.
      done |= (ended ? child.rest() : child.saidSoFar()).contains("done");
      if (!done && ended) {
        throw new AssertionError("a process ended by itself");
      }
      return done;
    }

    /** The next one does as much again; there is an end because the kills are counted. */
    void dieAndComeBack(long seed) {
      child.kill();
      child = start(seed, operations);
    }

    @Override
    public void close() {
      child.close();
      wire.close();
    }
  }

  @Test
  void everythingThatWasSeenCanBeExplained() {
    Proof proof = Proof.of("h", "history of mixed operations under faults");
    int each = Proof.inShortOrLong(1_000, 10_000);
    rounds = 1 + NODES * each / HistoryChild.TURNS_OF_A_ROUND;
    int mostKills = Proof.inShortOrLong(3, 40);
    RandomGenerator random = proof.random();
    Site site = Site.create(Site.Kind.POSTGRESQL, folder);
    List<String> wrong = new ArrayList<>();
    List<Operation> operations = new ArrayList<>();
    try (Node clean = Node.open(site, 4)) {
      for (int i = 0; i < NODES; i++) {
        members.add(new Member(site.impatient(), random.nextInt(1 << 20), each));
      }
      members.forEach(member -> member.child.await("ready", Factory.PATIENCE));
      troubleForSure(random);
      while (members.stream().filter(Member::isDone).count() < NODES) {
        LockSupport.parkNanos(Duration.ofMillis(100 + random.nextInt(300)).toNanos());
        trouble(members.get(random.nextInt(NODES)), random, mostKills);
      }
      members.forEach(Member::close);
      wrong.addAll(afterwards(clean, operations));
    } finally {
      members.forEach(Member::close);
    }
    // A JVM that was killed before it began has no log.
    logs.stream().filter(Files::exists).forEach(log -> operations.addAll(LogFile.read(log)));
    long began = System.nanoTime();
    HistoryChecker.Verdict verdict = HistoryChecker.check(operations, HistoryChecker.BOUND);
    double seconds = (System.nanoTime() - began) / 1e9;
    wrong.addAll(verdict.wrong());
    long unknown = acts(operations.stream().filter(Operation::isUnknown));
    proof
        .ran(
            "%d operations of %d JVMs on %d assets",
            acts(operations.stream()), NODES, verdict.assets())
        .ran("%d kills, %d troubles with lines", kills, cuts)
        .ran("%d of unknown outcome", unknown)
        .ran(
            "checked in %.1f s, at most %d explanations weighed for an asset, %d undecided",
            seconds, verdict.longest(), verdict.undecided())
        .violated(wrong.size())
        .write();
    assertThat(wrong).isEmpty();
    assertThat(kills).isPositive();
    assertThat(unknown).isPositive();
    assertThat(verdict.assets()).isEqualTo(rounds * HistoryChild.DIGESTS);
  }

  /** How many there are if a collection, which is noted for every asset, is counted once. */
  private static long acts(Stream<Operation> operations) {
    return operations
        .map(o -> o.kind() == Operation.Kind.COLLECT ? (Object) o.start() : o)
        .distinct()
        .count();
  }

  /** Some answers that are lost and a kill, lest all be done before the lot falls on them. */
  private void troubleForSure(RandomGenerator random) {
    members.forEach(member -> member.wire.loseAnswers(0, 20));
    long since = System.nanoTime();
    while (members.stream().mapToInt(member -> member.wire.answersLost()).sum() < 2 * NODES
        && System.nanoTime() - since < Factory.PATIENCE.toNanos()) {
      LockSupport.parkNanos(1_000_000);
    }
    members.forEach(member -> member.wire.heal());
    kills++;
    members.get(random.nextInt(NODES)).dieAndComeBack(random.nextInt(1 << 20));
  }

  private void trouble(Member member, RandomGenerator random, int mostKills) {
    if (member.isDone()) {
      return;
    }
    int kind = random.nextInt(6);
    if (kind == 0 && kills < mostKills) {
      kills++;
      member.dieAndComeBack(random.nextInt(1 << 20));
      return;
    }
    if (cuts == MOST_CUTS_OF_A_ROUND * rounds) {
      return;
    }
    cuts++;
    switch (kind) {
      case 1 -> member.wire.cut();
      case 2 -> member.wire.silence();
      case 3 -> member.wire.tearAfter(1 + random.nextInt(3_000));
      default -> member.wire.loseAnswers(random.nextInt(8), 1 + random.nextInt(4));
    }
    LockSupport.parkNanos(Duration.ofMillis(20 + random.nextInt(200)).toNanos());
    member.wire.heal();
  }

  /** What is there in the end; it belongs to the history, too. */
  private List<String> afterwards(Node clean, List<Operation> operations) {
    Audit audit = new Audit(clean);
    Notebook notebook = new Notebook();
    try (AssetPipeline rest = clean.pipeline().transformer(new Toys()).start()) {
      List<String> wrong = new ArrayList<>(audit.stranded(Factory.PATIENCE));
      new Actor(clean, rest, HistoryChild.SERIES, notebook).look(rounds * HistoryChild.DIGESTS);
      wrong.addAll(audit.rowsWithoutBytes());
      operations.addAll(notebook.operations());
      return wrong;
    }
  }
}
