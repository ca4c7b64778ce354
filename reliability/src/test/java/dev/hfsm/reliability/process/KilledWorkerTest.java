package dev.hfsm.reliability.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.model.AssetId;
import dev.hfsm.reliability.Proof;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that are killed in the middle of their work. */
@Timeout(3600)
class KilledWorkerTest {

  @TempDir Path folder;
  private final List<String> wrong = new ArrayList<>();

  @Test
  void theWorkOfAKilledWorkerIsSoonDoneByAnother() {
    Proof proof = Proof.of("e2", "kill in the middle of work");
    RandomGenerator random = proof.random();
    int kills = Proof.inShortOrLong(8, 50);
    List<Long> millis = new ArrayList<>();
    Site site = Site.create(Site.Kind.POSTGRESQL, folder);
    try (Node node = Node.open(site, 6)) {
      Audit audit = new Audit(node);
      for (int i = 0; i < kills; i++) {
        millis.add(killed(site, node, "slow " + i, random));
      }
      wrong.addAll(audit.unfinished());
      wrong.addAll(audit.rowsWithoutBytes());
    }
    millis.sort(null);
    long longest = millis.get(kills - 1);
    proof
        .ran("%d workers killed under a lease of %d ms", kills, Node.LEASE.toMillis())
        .ran(
            "done by another after %d ms (median), %d ms (longest)", millis.get(kills / 2), longest)
        .violated(wrong.size())
        .write();
    assertThat(wrong).isEmpty();
    Proof.requireInLongMode(
        "the longest after a kill",
        Duration.ofMillis(longest),
        Node.LEASE.plusSeconds(1).multipliedBy(4));
  }

  private static long killed(Site site, Node node, String line, RandomGenerator random) {
    try (Child victim = Factory.worker(site, 1, Duration.ZERO)) {
      AssetId id;
      try (AssetPipeline asking = node.pipeline().transformer(new Toys()).build()) {
        id = Factory.wanted(asking, List.of(line)).get(0);
      }
      victim.await("in slow", Factory.PATIENCE);
      try (AssetPipeline other = node.pipeline().transformer(new Toys()).workers(1).start()) {
        LockSupport.parkNanos(random.nextLong(Node.LEASE.toNanos()));
        victim.kill();
        long killed = System.nanoTime();
        other.variant(id, Factory.RECIPE).await(Factory.PATIENCE);
        return Duration.ofNanos(System.nanoTime() - killed).toMillis();
      }
    }
  }
}
