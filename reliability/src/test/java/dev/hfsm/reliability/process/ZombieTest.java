package dev.hfsm.reliability.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.reliability.Proof;
import dev.hfsm.storage.StorageKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Workers that are stopped in the middle of their work and go on later. */
@Timeout(3600)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it knows no SIGSTOP")
class ZombieTest {

  private static final int HELD = 50;
  private static final Duration STOPPED = Node.LEASE.multipliedBy(3);

  /** For another to do the work meanwhile. */
  private static final Duration MEANWHILE = Duration.ofSeconds(5);

  /**
   * Twice ten seconds beyond the lease a node takes work from a thread that does not come back, and
   * publishes nothing of it. A zombie that had not refused all by then was stopped for too long, or
   * this machine stood still: it has proven nothing, and another one is stopped.
   */
  private static final Duration TAKEN_AWAY = Node.LEASE.plusSeconds(20);

  private static final int TRIES = 10;

  @TempDir Path folder;
  private final List<String> wrong = new ArrayList<>();
  private final Set<StorageKey> leftByTheKilled = new HashSet<>();
  private boolean doneMeanwhile;

  @Test
  void whatAZombiePublishesIsRefusedAndItsObjectsAreRemoved() {
    Proof proof = Proof.of("e1", "zombie: SIGSTOP for 3 leases, SIGCONT");
    int rounds = Proof.inShortOrLong(2, 20);
    int refused = 0;
    int done = 0;
    Site site = Site.create(Site.Kind.POSTGRESQL, folder);
    try (Node node = Node.open(site, 6)) {
      Audit audit = new Audit(node);
      for (int round = 0; round < rounds; round++) {
        int now = 0;
        for (int i = 0; now < HELD && i < TRIES; i++) {
          now = round(site, node, audit, round + " " + i);
        }
        refused += now;
        done += doneMeanwhile ? HELD : 0;
      }
      wrong.addAll(audit.rowsWithoutBytes());
    }
    proof
        .ran(
            "%d pieces of work held by stopped JVMs, %d of them done by another meanwhile",
            rounds * HELD, done)
        .ran("%d publications refused, no object of theirs left", refused)
        .violated(wrong.size())
        .write();
    assertThat(wrong).isEmpty();
    assertThat(refused).isEqualTo(rounds * HELD);
  }

  /** How many publications were refused: all, or the zombie was too late. */
  private int round(Site site, Node node, Audit audit, String round) {
    List<String> lines = IntStream.range(0, HELD).mapToObj(i -> "slow " + round + " " + i).toList();
    try (Child zombie = Factory.worker(site.asDocumented(), HELD, Duration.ZERO);
        AssetPipeline asking = node.pipeline().transformer(new Toys()).build()) {
      Factory.wanted(asking, lines);
      lines.forEach(line -> zombie.await("in slow", Factory.PATIENCE));
      long stopped = System.nanoTime();
      zombie.stop();
      zombie.say("go");
      try (AssetPipeline other = node.pipeline().transformer(new Toys()).workers(4).start()) {
        doneMeanwhile = audit.stranded(MEANWHILE).isEmpty();
        LockSupport.parkNanos(STOPPED.toNanos() - (System.nanoTime() - stopped));
        zombie.goOn();
        int refused = refusals(zombie, stopped + TAKEN_AWAY.toNanos());
        if (refused < HELD) {
          zombie.kill();
        }
        wrong.addAll(audit.stranded(Factory.PATIENCE));
        if (refused < HELD) {
          leftByTheKilled.addAll(audit.orphans());
        }
        wrong.addAll(left(audit));
        return refused;
      }
    }
  }

  private int refusals(Child zombie, long deadline) {
    int refused = 0;
    while (refused < HELD) {
      Optional<String> said =
          zombie.nextIfAny(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
      if (said.isEmpty()) {
        break;
      }
      refused += said.get().startsWith("refused ") ? 1 : 0;
      // What another has not come to yet is the zombie's to do, under a lease of today.
      if (said.get().startsWith("published ") && doneMeanwhile) {
        wrong.add("the zombie says: " + said.get());
      }
    }
    return refused;
  }

  /** What a zombie that was killed for being late has put is left to a sweep. */
  private List<String> left(Audit audit) {
    long deadline = System.nanoTime() + Factory.PATIENCE.toNanos();
    Set<StorageKey> left;
    do {
      LockSupport.parkNanos(1_000_000);
      left = audit.orphans();
      left.removeAll(leftByTheKilled);
    } while (!left.isEmpty() && System.nanoTime() < deadline);
    return left.stream().map(key -> "left by the zombie: " + key).toList();
  }
}
