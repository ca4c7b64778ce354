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
@Timeout(1800)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it knows no SIGSTOP")
class ZombieTest {

  private static final int HELD = 50;
  private static final Duration STOPPED = Node.LEASE.multipliedBy(3);
  private static final Duration CLEARED_AWAY = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final List<String> wrong = new ArrayList<>();

  @Test
  void whatAZombiePublishesIsRefusedAndItsObjectsAreRemoved() {
    Proof proof = Proof.of("e1", "zombie: SIGSTOP for 3 leases, SIGCONT");
    int rounds = Proof.inShortOrLong(2, 20);
    int refused = 0;
    Site site = Site.create(Site.Kind.POSTGRESQL, folder);
    try (Node node = Node.open(site, 6)) {
      Audit audit = new Audit(node);
      for (int round = 0; round < rounds; round++) {
        refused += round(site, node, audit, round);
      }
      wrong.addAll(audit.rowsWithoutBytes());
    }
    proof
        .ran("%d pieces of work held by stopped JVMs, done by another meanwhile", rounds * HELD)
        .ran("%d publications refused, no object of theirs left", refused)
        .violated(wrong.size())
        .write();
    assertThat(wrong).isEmpty();
    assertThat(refused).isEqualTo(rounds * HELD);
  }

  /** How many publications were refused. */
  private int round(Site site, Node node, Audit audit, int round) {
    List<String> lines = IntStream.range(0, HELD).mapToObj(i -> "slow " + round + " " + i).toList();
    try (Child zombie = Factory.worker(site, HELD, Duration.ZERO);
        AssetPipeline asking = node.pipeline().transformer(new Toys()).build()) {
      Factory.wanted(asking, lines);
      lines.forEach(line -> zombie.await("in slow", Factory.PATIENCE));
      long stopped = System.nanoTime();
      zombie.stop();
      zombie.say("go");
      try (AssetPipeline other = node.pipeline().transformer(new Toys()).workers(4).start()) {
        wrong.addAll(audit.stranded(Factory.PATIENCE));
        LockSupport.parkNanos(STOPPED.toNanos() - (System.nanoTime() - stopped));
        zombie.goOn();
        for (int i = 0; i < HELD; i++) {
          String ending = zombie.next(Factory.PATIENCE);
          if (!ending.startsWith("refused ")) {
            wrong.add("the zombie says: " + ending);
          }
        }
        wrong.addAll(left(audit));
      }
      return HELD - (int) wrong.stream().filter(w -> w.startsWith("the zombie")).count();
    }
  }

  private static List<String> left(Audit audit) {
    long deadline = System.nanoTime() + CLEARED_AWAY.toNanos();
    List<String> left = List.of();
    do {
      left = audit.orphans().stream().map(key -> "left by the zombie: " + key).toList();
    } while (!left.isEmpty() && System.nanoTime() < deadline);
    return left;
  }
}
