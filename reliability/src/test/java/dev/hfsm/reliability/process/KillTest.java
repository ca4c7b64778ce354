package dev.hfsm.reliability.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.model.AssetId;
import dev.hfsm.reliability.Proof;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process that brings assets in on eight threads is killed at random moments. */
@Timeout(3600)
class KillTest {

  private static final Duration RECOVERING = Duration.ofMinutes(10);
  private static final int LONGEST_LIFE_MILLIS = 900;

  @ParameterizedTest
  @EnumSource
  void nothingAcknowledgedIsLostAndNoWorkStranded(Site.Kind kind, @TempDir Path folder) {
    Proof proof = Proof.of(kind == Site.Kind.SQLITE ? "c1" : "c2", "kill -9 over " + kind);
    RandomGenerator random = proof.random();
    int cycles = Proof.inShortOrLong(10, 100);
    Site site = Site.create(kind, folder);
    Set<AssetId> acknowledged = new LinkedHashSet<>();
    List<String> wrong = new ArrayList<>();
    try (Node node = Node.open(site, 6)) {
      Audit audit = new Audit(node);
      for (int cycle = 0; cycle < cycles; cycle++) {
        List<AssetId> now = liveAndDie(site, "cycle" + cycle, random);
        wrong.addAll(audit.lost(now));
        acknowledged.addAll(now);
      }
      wrong.addAll(audit.rowsWithoutBytes());
      int owed = audit.unfinished().size();
      int orphans = audit.orphans().size();
      int victims;
      long recovering = System.nanoTime();
      try (AssetPipeline recovery = node.pipeline().transformer(new Toys()).start()) {
        audit.stranded(RECOVERING);
        victims = audit.redriveVictims();
        wrong.addAll(audit.stranded(RECOVERING));
      }
      Duration recovered = Duration.ofNanos(System.nanoTime() - recovering);
      wrong.addAll(audit.lost(acknowledged));
      wrong.addAll(audit.rowsWithoutBytes());
      proof
          .ran("%d kills of %d ingesting threads", cycles, IngestingChild.THREADS)
          .ran("%d acknowledged assets checked by digest", acknowledged.size())
          .ran("%d rows owed work then, none %.1f s later", owed, recovered.toMillis() / 1000.0)
          .ran("%d pieces of work given up for the processes that ended, redriven, done", victims)
          .ran("%d objects left to a sweep", orphans);
    }
    proof.violated(wrong.size()).write();
    assertThat(wrong).isEmpty();
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(cycles);
  }

  /** What was acknowledged before the end. */
  private static List<AssetId> liveAndDie(Site site, String name, RandomGenerator random) {
    List<String> arguments =
        Stream.concat(
                site.arguments().stream(), Stream.of(name, Long.toString(random.nextInt(1 << 20))))
            .toList();
    try (Child child = Child.start(IngestingChild.class, arguments)) {
      String first = child.await("ack ", Factory.PATIENCE);
      LockSupport.parkNanos(Duration.ofMillis(random.nextInt(LONGEST_LIFE_MILLIS)).toNanos());
      child.kill();
      return Stream.concat(
              Stream.of(first),
              child.rest().stream()
                  .filter(line -> line.startsWith("ack "))
                  .map(line -> line.substring("ack ".length())))
          .map(AssetId::parse)
          .toList();
    }
  }
}
