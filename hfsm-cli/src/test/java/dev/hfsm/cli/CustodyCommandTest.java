package dev.hfsm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.cli.Command.Document;
import dev.hfsm.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands answer that clear away, look for damage, hold, purge and start again. */
class CustodyCommandTest {

  @TempDir Path folder;
  private Path data;
  private Path photo;

  @BeforeEach
  void folders() throws IOException {
    data = folder.resolve("data");
    photo = Pictures.jpeg(folder.resolve("photos/one.jpg"), 200, 150, 1);
  }

  private Command hfsm(Object... args) {
    Object[] all = new Object[args.length + 2];
    all[0] = "--data";
    all[1] = data;
    System.arraycopy(args, 0, all, 2, args.length);
    return Command.run(all);
  }

  private String ingested(Path file) throws IOException {
    assertThat(hfsm("ingest", file).exitCode()).isZero();
    return Digest.ofContent(Files.readAllBytes(file)).hex();
  }

  private List<Path> objects(String area) throws IOException {
    Path objects = data.resolve("blobs/objects").resolve(area);
    if (!Files.isDirectory(objects)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(objects)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void gcTakesWhatWasReleasedAndADryRunOnlySaysSo() throws IOException {
    String id = ingested(photo);
    long bytes = Files.size(photo);
    assertThat(hfsm("gc", "--grace", "0s", "--json").json().get("assets").number()).isZero();
    hfsm("release", id);
    assertThat(hfsm("gc").out()).contains("0 assets collected");
    Document dry = hfsm("gc", "--grace", "0s", "--dry-run", "--json").json();
    assertThat(dry.get("dryRun").text()).isEqualTo("true");
    assertThat(dry.get("assets").number()).isEqualTo(1);
    assertThat(dry.get("bytes").number()).isEqualTo(bytes);
    assertThat(objects("raw")).hasSize(1);
    Command command = hfsm("gc", "--grace", "0s", "--json");
    assertThat(command.exitCode()).isZero();
    Document json = command.json();
    assertThat(json.get("collected").at(0).text()).isEqualTo("sha256:" + id);
    assertThat(json.get("objects").number()).isEqualTo(1);
    assertThat(json.get("bytes").number()).isEqualTo(bytes);
    assertThat(json.get("evicted").text()).isEqualTo("null");
    assertThat(json.get("refusal").text()).isEqualTo("null");
    assertThat(objects("raw")).isEmpty();
    assertThat(hfsm("show", id).exitCode()).isEqualTo(1);
  }

  @Test
  void gcKeepsVariantsThatWereUsedLatelyWhateverTheBudget() throws IOException {
    String id = ingested(photo);
    hfsm("variant", id, "w=20", "-o", folder.resolve("v.jpg"));
    Document evicted = hfsm("gc", "--variant-budget", "1", "--json").json().get("evicted");
    assertThat(evicted.get("before").number()).isPositive();
    assertThat(evicted.get("variants").number()).isZero();
    assertThat(evicted.get("over").text()).isEqualTo("true");
    assertThat(objects("var")).hasSize(1);
  }

  @Test
  void aScrubNamesDamageEndsWithOneAndTheNextUploadHeals() throws IOException {
    String id = ingested(photo);
    Command sound = hfsm("scrub");
    assertThat(sound.exitCode()).isZero();
    assertThat(sound.err()).contains("reading everything");
    assertThat(sound.out()).contains("1 blob").contains("0 originals damaged");
    Path object = objects("raw").get(0);
    byte[] bytes = Files.readAllBytes(object);
    bytes[bytes.length / 2] ^= 1;
    Files.write(object, bytes);

    Command damaged = hfsm("scrub", "--json");
    assertThat(damaged.exitCode()).isEqualTo(1);
    Document finding = damaged.json().get("findings").at(0);
    assertThat(finding.get("id").text()).isEqualTo("sha256:" + id);
    assertThat(finding.get("kind").text()).isEqualTo("DAMAGED");
    assertThat(damaged.json().get("originals").number()).isEqualTo(1);
    assertThat(hfsm("scrub").out()).contains("damaged  original of sha256:" + id);
    assertThat(hfsm("get", id, "-o", folder.resolve("out.jpg")).exitCode()).isEqualTo(1);
    assertThat(hfsm("show", id).out()).contains("damaged: ");

    ingested(photo);
    assertThat(hfsm("get", id, "-o", folder.resolve("out.jpg")).exitCode()).isZero();
    assertThat(folder.resolve("out.jpg")).hasSameBinaryContentAs(photo);
    assertThat(hfsm("scrub").exitCode()).isZero();
  }

  @Test
  void aSampleHasASeedAndAWrongOneIsAMistakeOfTheUser() throws IOException {
    ingested(photo);
    Command sample = hfsm("scrub", "--sample", "10%", "--seed", "4", "--json");
    assertThat(sample.exitCode()).isZero();
    assertThat(sample.json().get("seed").number()).isEqualTo(4);
    assertThat(sample.json().get("sample").text()).isEqualTo("0.1");
    assertThat(sample.err()).contains("seed 4");
    for (String wrong : List.of("0%", "101%", "many")) {
      assertThat(hfsm("scrub", "--sample", wrong).exitCode()).isEqualTo(2);
    }
  }

  @Test
  void aSweepDeletesOldOrphansAndLeavesStrangers() throws IOException {
    String id = ingested(photo);
    Path shard = data.resolve("blobs/objects/raw/00/00");
    Files.createDirectories(shard);
    String orphan = "0".repeat(64) + "-" + "00000000001" + "0".repeat(16);
    Files.write(shard.resolve(orphan), new byte[7]);
    Files.write(shard.resolve("readme.txt"), new byte[3]);
    Document dry = hfsm("sweep", "--dry-run", "--json").json();
    assertThat(dry.get("found").number()).isEqualTo(1);
    assertThat(dry.get("bytes").number()).isEqualTo(7);
    assertThat(shard.resolve(orphan)).exists();
    Command command = hfsm("sweep", "--json");
    assertThat(command.exitCode()).isZero();
    assertThat(command.json().get("deleted").number()).isEqualTo(1);
    assertThat(command.json().get("foreign").number()).isEqualTo(1);
    assertThat(command.json().get("orphans").at(0).text()).endsWith(orphan);
    assertThat(shard.resolve(orphan)).doesNotExist();
    assertThat(shard.resolve("readme.txt")).exists();
    assertThat(hfsm("get", id, "-o", folder.resolve("out.jpg")).exitCode()).isZero();
  }

  @Test
  void aSweepSaysWhyItRefuses() throws IOException {
    ingested(photo);
    Path shard = Files.createDirectories(data.resolve("blobs/objects/raw/00/00"));
    for (int i = 0; i < 101; i++) {
      String orphan = "0".repeat(64) + "-00000000001" + "%016x".formatted(i);
      Files.write(shard.resolve(orphan), new byte[1]);
    }
    Command refused = hfsm("sweep");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("expected at most 100 orphans", "found 101");
    assertThat(hfsm("sweep", "--json").json().get("refusal").get("reason").text())
        .isEqualTo("TOO_MANY");
    assertThat(hfsm("sweep", "--force", "--json").json().get("deleted").number()).isEqualTo(101);
  }

  @Test
  void adoptBringsBackWhatNoRowNames() throws IOException {
    String id = ingested(photo);
    byte[] lost = Files.readAllBytes(Pictures.jpeg(folder.resolve("lost.jpg"), 30, 20, 2));
    String hex = Digest.ofContent(lost).hex();
    Path shard =
        data.resolve("blobs/objects/raw").resolve(hex.substring(0, 2)).resolve(hex.substring(2, 4));
    Files.createDirectories(shard);
    Files.write(shard.resolve(hex + "-00000000001" + "0".repeat(16)), lost);
    assertThat(hfsm("adopt", "--dry-run").out()).contains("would adopt sha256:" + hex);
    Document json = hfsm("adopt", "--json").json();
    assertThat(json.get("adopted").number()).isEqualTo(1);
    assertThat(json.get("assets").at(0).text()).isEqualTo("sha256:" + hex);
    assertThat(hfsm("get", hex, "-o", folder.resolve("out.jpg")).exitCode()).isZero();
    assertThat(folder.resolve("out.jpg")).hasBinaryContent(lost);
    assertThat(hfsm("show", id).exitCode()).isZero();
    assertThat(hfsm("scrub").exitCode()).isZero();
  }

  @Test
  void aFolderThatWasEmptiedIsTakenOnlyIfSomebodySaysSo() throws IOException {
    ingested(photo);
    Files.move(data.resolve("blobs"), folder.resolve("not mounted"));
    Path other = Pictures.jpeg(folder.resolve("other.jpg"), 30, 20, 2);
    Command refused = hfsm("ingest", other);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("found one that says nothing", "hfsm take-store");
    assertThat(objects("raw")).isEmpty();
    assertThat(hfsm("take-store", "--json").json().get("taken").text()).isEqualTo("true");
    assertThat(hfsm("ingest", other).exitCode()).isZero();
  }

  @Test
  void aPurgeWantsAYesGivesAReceiptAndYieldsToAHold() throws IOException {
    String id = ingested(photo);
    assertThat(hfsm("purge", id).exitCode()).isEqualTo(2);
    assertThat(hfsm("hold", id, "--reason", "case 7").exitCode()).isZero();
    assertThat(hfsm("show", id).out()).contains("held: case 7");
    Command held = hfsm("purge", id, "--yes");
    assertThat(held.exitCode()).isEqualTo(1);
    assertThat(held.err()).contains("legal hold");
    assertThat(hfsm("unhold", id, "--json").json().get("hold").text()).isEqualTo("null");
    assertThat(hfsm("unhold", id).exitCode()).isEqualTo(1);
    Command purged = hfsm("purge", id, "--yes", "--json");
    assertThat(purged.exitCode()).isZero();
    assertThat(purged.json().get("outcome").text()).isEqualTo("PURGED");
    assertThat(purged.json().get("deleted").number()).isEqualTo(1);
    assertThat(purged.json().get("pending").size()).isZero();
    assertThat(purged.json().get("cachesWithinSeconds").number()).isEqualTo(5);
    assertThat(objects("raw")).isEmpty();
    assertThat(hfsm("purge", id, "--yes").exitCode()).isEqualTo(1);
  }

  @Test
  void anAssetIsPublishedAndWithdrawnOrIngestedAsPublic() throws IOException {
    String id = ingested(photo);
    assertThat(hfsm("show", id).out()).contains("private");
    assertThat(hfsm("publish", id).out()).contains("public: sha256:" + id);
    assertThat(hfsm("show", id).out()).contains("public");
    assertThat(hfsm("ingest", photo).exitCode()).as("says nothing").isZero();
    assertThat(hfsm("show", id, "--json").json().get("visibility").text()).isEqualTo("PUBLIC");
    assertThat(hfsm("withdraw", id, "--json").json().get("visibility").text()).isEqualTo("PRIVATE");
    assertThat(hfsm("show", id, "--json").json().get("visibility").text()).isEqualTo("PRIVATE");
    assertThat(hfsm("ingest", photo, "--public").exitCode()).isZero();
    assertThat(hfsm("show", id, "--json").json().get("visibility").text()).isEqualTo("PUBLIC");
    assertThat(hfsm("publish", "0".repeat(64)).exitCode()).isEqualTo(1);
  }

  @Test
  void deadWorkIsListedAndStartedAgain() throws IOException {
    String id = ingested(photo);
    Path object = objects("raw").get(0);
    byte[] bytes = Files.readAllBytes(object);
    bytes[bytes.length / 2] ^= 1;
    Files.write(object, bytes);
    assertThat(hfsm("variant", id, "w=20", "-o", folder.resolve("v.jpg")).exitCode()).isEqualTo(1);
    Document dead = hfsm("dead", "--json").json();
    assertThat(dead.get("count").number()).isEqualTo(1);
    assertThat(dead.get("dead").at(0).get("cause").text()).isEqualTo("integrity");
    assertThat(dead.get("dead").at(0).get("subject").text()).startsWith("derive sha256:" + id);
    assertThat(hfsm("dead", "--cause", "worker-lost").out()).isEmpty();
    assertThat(hfsm("dead").out()).contains("integrity: ");
    assertThat(hfsm("redrive", "--cause", "worker-lost", "--json").json().get("started").number())
        .isZero();
    assertThat(hfsm("redrive", "--cause", "integrity").out()).contains("1 piece");
    assertThat(hfsm("redrive", "--all").out()).contains("0 pieces");
    assertThat(hfsm("redrive", id).exitCode()).isZero();
    assertThat(hfsm("redrive").exitCode()).isEqualTo(2);
    assertThat(hfsm("redrive", "--all", "--cause", "x").exitCode()).isEqualTo(2);
  }

  @Test
  void aPausedKindIsNotBegunUntilItIsResumed() throws IOException {
    String id = ingested(photo);
    assertThat(hfsm("pause", "derive").out()).contains("paused: [DERIVE]");
    Command waiting = hfsm("variant", id, "w=20", "-o", folder.resolve("v.jpg"), "--timeout", "1");
    assertThat(waiting.exitCode()).isEqualTo(1);
    assertThat(hfsm("resume", "DERIVE", "--json").json().get("paused").size()).isZero();
    assertThat(hfsm("variant", id, "w=20", "-o", folder.resolve("v.jpg")).exitCode()).isZero();
    assertThat(hfsm("pause", "everything").exitCode()).isEqualTo(2);
  }
}
