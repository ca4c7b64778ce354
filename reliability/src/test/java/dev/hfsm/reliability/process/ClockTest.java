package dev.hfsm.reliability.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.reliability.Proof;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes whose clocks are an hour off, one this way and one the other. */
@Timeout(1800)
class ClockTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofMinutes(10);

  @TempDir Path folder;

  @Test
  void anHourThisWayOrThatStrandsNothing() {
    Proof proof = Proof.of("e4", "clocks an hour off");
    Site site = Site.create(Site.Kind.POSTGRESQL, folder);
    List<String> wrong = new ArrayList<>();
    List<String> lines =
        IntStream.range(0, 60).mapToObj(i -> (i % 5 == 0 ? "flaky " : "toy ") + i).toList();
    try (Node node = Node.open(site, 4);
        Child early = Factory.startWorker(site, 2, HOUR);
        Child late = Factory.startWorker(site, 2, HOUR.negated());
        AssetPipeline asking = node.pipeline().transformer(new Toys()).build()) {
      List.of(early, late).forEach(child -> child.await("ready", Factory.PATIENCE));
      List<AssetId> ids = Factory.wanted(asking, lines);
      Audit audit = new Audit(node);
      wrong.addAll(audit.stranded(Factory.PATIENCE));
      wrong.addAll(audit.lost(ids));
      wrong.addAll(audit.rowsWithoutBytes());
      audit.objects("").stream()
          .map(key -> key.parts().orElseThrow().stamp().at())
          .filter(at -> Duration.between(at, Instant.now()).abs().compareTo(SOON) > 0)
          .forEach(at -> wrong.add("a key was stamped " + at));
      assertThat(ids)
          .extracting(id -> audit.assets().stream().map(AssetRow::id).anyMatch(id::equals))
          .containsOnly(true);
    }
    proof
        .ran("%d assets with variants by two JVMs, +1 h and -1 h", lines.size())
        .ran("retries included, all done, all keys on the ledger's clock")
        .violated(wrong.size())
        .write();
    assertThat(wrong).isEmpty();
  }
}
