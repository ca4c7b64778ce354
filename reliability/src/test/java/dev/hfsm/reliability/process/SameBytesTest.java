package dev.hfsm.reliability.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.Ingested;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Scope;
import dev.hfsm.reliability.Proof;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sixty-four threads of four processes bring the same bytes in at the same moment. */
@Timeout(3600)
class SameBytesTest {

  private static final int PROCESSES = 4;
  private static final int TOGETHER = PROCESSES * SameBytesChild.THREADS;
  private static final Duration PATIENCE = Factory.PATIENCE;

  private final List<String> wrong = new ArrayList<>();

  @Test
  void theSameBytesAreOneAssetWhoeverBringsThemIn(@TempDir Path folder) {
    Proof proof = Proof.of("d", "same bytes from 4 processes");
    int rounds = Proof.inShortOrLong(50, 500);
    Site site = Site.create(Site.Kind.POSTGRESQL, folder);
    List<Child> children = new ArrayList<>();
    try (Node node = Node.open(site, 4)) {
      for (int i = 0; i < PROCESSES; i++) {
        Stream<String> own = Stream.of("p" + i, Long.toString(proof.seed()));
        children.add(
            Child.start(
                SameBytesChild.class, Stream.concat(site.arguments().stream(), own).toList()));
      }
      children.forEach(child -> child.await("ready", PATIENCE));
      Audit audit = new Audit(node);
      for (int round = 0; round < rounds; round++) {
        together(children, round, id(proof, round));
      }
      wrong.addAll(audit.stranded(PATIENCE));
      for (int round = 0; round < rounds; round++) {
        check(node, audit, id(proof, round));
      }
      assertThat(audit.assets()).hasSize(rounds);
      proof
          .ran("%d rounds of %d ingests of one file from %d JVMs", rounds, TOGETHER, PROCESSES)
          .ran("each 1 row, 1 object, 1 inspection, %d equal ids", TOGETHER);
    } finally {
      children.forEach(Child::close);
    }
    proof.violated(wrong.size()).write();
    assertThat(wrong).isEmpty();
  }

  private static AssetId id(Proof proof, int round) {
    return new AssetId(Scope.DEFAULT, Digest.ofContent(SameBytesChild.toy(proof.seed(), round)));
  }

  private void together(List<Child> children, int round, AssetId expected) {
    children.forEach(child -> child.say(Integer.toString(round)));
    children.forEach(child -> child.await("set", PATIENCE));
    children.forEach(child -> child.say("go"));
    List<String> answers = new ArrayList<>();
    for (Child child : children) {
      for (int i = 0; i < SameBytesChild.THREADS; i++) {
        answers.add(child.await("id ", PATIENCE));
      }
    }
    String created = expected + " " + Ingested.Outcome.CREATED;
    String duplicate = expected + " " + Ingested.Outcome.DUPLICATE;
    if (Collections.frequency(answers, created) != 1
        || Collections.frequency(answers, duplicate) != TOGETHER - 1) {
      wrong.add("round " + round + " was answered " + new HashSet<>(answers));
    }
  }

  private void check(Node node, Audit audit, AssetId id) {
    AssetRow row = node.ledger().reader().asset(id).orElseThrow();
    if (row.uploads() != TOGETHER) {
      wrong.add(id + " counts " + row.uploads() + " uploads");
    }
    String hex = id.digest().hex();
    String prefix = "raw/" + hex.substring(0, 2) + "/" + hex.substring(2, 4) + "/" + hex;
    if (!audit.objects(prefix).equals(List.of(row.key()))) {
      wrong.add(id + " names " + row.key() + " and left " + audit.objects(prefix));
    }
    List<AssetState> states =
        node.ledger().reader().history(id).stream().map(HistoryEntry::to).toList();
    if (!states.equals(
        List.of(AssetState.INGESTED, AssetState.DEDUP_CHECK, AssetState.METADATA_READY))) {
      wrong.add(id + " went through " + states);
    }
    int references = node.ledger().reader().references(id).size();
    if (references != TOGETHER / 2 + 1) {
      wrong.add(id + " has " + references + " references");
    }
    wrong.addAll(audit.lost(List.of(id)));
  }
}
