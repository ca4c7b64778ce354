package dev.hfsm.reliability.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.reliability.Proof;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  /**
   * For another to do the work meanwhile. Long before twice ten seconds beyond the lease are over,
   * after which a node takes work from a thread that does not come back, and publishes nothing.
   */
  private static final Duration MEANWHILE = Duration.ofSeconds(5);

  @TempDir Path folder;
  private final List<String> wrong = new ArrayList<>();
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
        refused += round(site, node, audit, round);
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

  /** How many publications were refused. */
  private int round(Site site, Node node, Audit audit, int round) {
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
        int refused = 0;
        while (refused < HELD) {
          String said = zombie.next(Factory.PATIENCE);
          refused += said.startsWith("refused ") ? 1 : 0;
          // What another has not come to yet is the zombie's to do, under a lease of today.
          if (said.startsWith("published ") && doneMeanwhile) {
            wrong.add("the zombie says: " + said);
          }
        }
        wrong.addAll(audit.stranded(Factory.PATIENCE));
        wrong.addAll(left(audit));
        return refused;
      }
    }
  }

  private static List<String> left(Audit audit) {
    long deadline = System.nanoTime() + Factory.PATIENCE.toNanos();
    List<String> left = List.of();
    do {
      left = audit.orphans().stream().map(key -> "left by the zombie: " + key).toList();
    } while (!left.isEmpty() && System.nanoTime() < deadline);
    return left;
  }
}
