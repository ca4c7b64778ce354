package dev.hfsm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.cli.Command.Document;
import dev.hfsm.model.Digest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Moving to another store, from the outside. */
@Timeout(300)
class MigrateCommandTest {

  @TempDir Path folder;
  private Path data;
  private Path files;
  private Path target;

  @BeforeEach
  void folders() throws IOException {
    data = folder.resolve("data");
    files = Files.createDirectories(folder.resolve("files"));
    target = folder.resolve("new");
  }

  private Command migrate(Object... more) {
    Object[] args = Stream.concat(start(), Stream.of(more)).toArray();
    return Command.run(args);
  }

  private Stream<Object> start() {
    return Stream.of("--data", data, "migrate", "--to", "file:" + target);
  }

  /** The command as it is used after the move. */
  private Command moved(Object... more) {
    return Command.run(
        Stream.concat(
                Stream.of(
                    "--store",
                    "file:" + target,
                    "--ledger",
                    "jdbc:sqlite:" + data.resolve("ledger.db")),
                Stream.of(more))
            .toArray());
  }

  private Path noise(String name, int size, int seed) throws IOException {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return Files.write(files.resolve(name), bytes);
  }

  private void ingested(int count, int size) throws IOException {
    for (int i = 0; i < count; i++) {
      noise("%04d.bin".formatted(i), size, i);
    }
    assertThat(Command.run("--data", data, "ingest", "--no-wait", files).exitCode()).isZero();
  }

  private static List<Path> objects(Path store) throws IOException {
    Path raw = store.resolve("objects/raw");
    if (!Files.isDirectory(raw)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(raw)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void everythingIsThereAfterwardsAndTheCommandWorksOnIt() throws IOException {
    ingested(5, 1_000);
    Path photo = Pictures.jpeg(folder.resolve("one.jpg"), 200, 150, 1);
    Command.run("--data", data, "ingest", photo);
    String id = Digest.ofContent(Files.readAllBytes(photo)).hex();
    Command.run("--data", data, "variant", id, "w=20", "-o", folder.resolve("v.jpg"));

    Command command = migrate("--json");
    assertThat(command.exitCode()).as(command.err()).isZero();
    Document json = command.json();
    assertThat(json.get("complete").text()).isEqualTo("true");
    assertThat(json.get("blobs").number()).isEqualTo(7);
    assertThat(json.get("copied").number()).isEqualTo(7);
    assertThat(json.get("copiedBytes").number()).isEqualTo(json.get("bytes").number());
    assertThat(json.get("left").number()).isZero();
    assertThat(command.err()).contains("7 blobs of");

    assertThat(moved("scrub").out()).contains("7 blobs").contains("0 originals damaged");
    Path out = folder.resolve("out.jpg");
    assertThat(moved("get", id, "-o", out).exitCode()).isZero();
    assertThat(out).hasSameBinaryContentAs(photo);
    assertThat(moved("ingest", noise("later", 100, 99)).out()).contains("created");
    assertThat(moved("sweep").exitCode()).isZero();
    assertThat(migrate().out())
        .contains("complete, 8 blobs")
        .contains("copied 0 blobs")
        .contains("8 were there before and were not verified; `hfsm scrub` does");
  }

  @Test
  void oneThatIsKilledGoesOnWhereItWas() throws Exception {
    ingested(300, 50_000);
    Process process =
        Command.process(List.of(), Stream.concat(start(), Stream.of("--parallel", "1")).toArray())
            .start();
    try (BufferedReader said = process.inputReader()) {
      assertThat(said.readLine()).contains("300 blobs");
      while (objects(target).size() < 10 && process.isAlive()) {
        LockSupport.parkNanos(1_000_000);
      }
      process.destroyForcibly();
    }
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    int there = objects(target).size(); // all of them, if it was killed late
    assertThat(there).isBetween(10, 300);

    Command dry = migrate("--dry-run", "--json");
    assertThat(dry.exitCode()).isZero();
    assertThat(dry.json().get("left").number()).isEqualTo(300 - there);
    assertThat(objects(target)).hasSize(there);
    Command again = migrate("--json");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.json().get("present").number()).isEqualTo(there);
    assertThat(again.json().get("copied").number()).isEqualTo(300 - there);
    assertThat(moved("scrub").exitCode()).isZero();
  }

  @Test
  void whatIsUploadedMeanwhileIsThereAfterOneMoreCall() throws Exception {
    ingested(100, 20_000);
    Process process = Command.process(List.of(), start().toArray()).start();
    try (BufferedReader said = process.inputReader()) {
      assertThat(said.readLine()).contains("100 blobs");
      Path more = Files.createDirectories(folder.resolve("more"));
      for (int i = 0; i < 30; i++) {
        Files.writeString(more.resolve(i + ".txt"), "uploaded meanwhile " + i);
      }
      assertThat(Command.run("--data", data, "ingest", "--no-wait", more).exitCode()).isZero();
      while (said.readLine() != null) {
        // to the end
      }
    }
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    Command last = migrate("--json");
    assertThat(last.exitCode()).isZero();
    assertThat(last.json().get("blobs").number()).isEqualTo(130);
    assertThat(moved("scrub").exitCode()).isZero();
  }

  @Test
  void aDamagedOriginalIsNamedAndNotCopiedAsGood() throws IOException {
    ingested(3, 1_000);
    Path bad = objects(data.resolve("blobs")).get(0);
    byte[] bytes = Files.readAllBytes(bad);
    bytes[500] ^= 1;
    Files.write(bad, bytes);
    Command command = migrate("--json");
    assertThat(command.exitCode()).isEqualTo(1);
    assertThat(command.json().get("findings").at(0).get("kind").text()).isEqualTo("DAMAGED");
    assertThat(bad.toString()).endsWith(command.json().get("findings").at(0).get("key").text());
    assertThat(command.json().get("damaged").number()).isEqualTo(1);
    assertThat(command.json().get("left").number()).isEqualTo(1);
    assertThat(objects(target)).hasSize(2);
    assertThat(migrate().out()).contains("damaged  original of").contains("not complete, 1 blob");
  }

  @Test
  void whatCannotBeMeantIsRefused() throws IOException {
    ingested(1, 10);
    Command same = migrate("--from", "file:" + target);
    assertThat(same.exitCode()).isEqualTo(2);
    assertThat(same.err()).contains("another store");
    assertThat(migrate("--parallel", "0").exitCode()).isEqualTo(2);
    Command nowhere = migrate("--from", "file:" + folder.resolve("nowhere"));
    assertThat(nowhere.exitCode()).isEqualTo(1);
    assertThat(nowhere.err()).contains("there is no file store in");
    assertThat(migrate("--dry-run").err()).contains("there is no file store in");
    assertThat(target).as("a dry run makes nothing").doesNotExist();
    Command.run("--data", folder.resolve("other"), "ingest", files);
    Command other =
        Command.run("--data", data, "migrate", "--to", "file:" + folder.resolve("other/blobs"));
    assertThat(other.exitCode()).isEqualTo(1);
    assertThat(other.err()).contains("belongs to ledger");
  }
}
