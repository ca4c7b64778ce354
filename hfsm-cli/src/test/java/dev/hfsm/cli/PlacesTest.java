package dev.hfsm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Store and ledger named by URLs, on a real PostgreSQL where it matters. */
@Timeout(300)
class PlacesTest {

  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static EmbeddedPostgres postgres;

  @TempDir Path folder;
  private String database;
  private Path store;
  private Path photo;

  @BeforeAll
  static void start() throws IOException {
    postgres = Servers.startedPostgres();
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  @BeforeEach
  void database() throws SQLException {
    database = "places_" + DATABASES.incrementAndGet();
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + database);
    }
  }

  @BeforeEach
  void folders() throws IOException {
    store = folder.resolve("store");
    photo = Pictures.jpeg(folder.resolve("one.jpg"), 200, 150, 1);
  }

  private String ledger(String user) {
    return "jdbc:postgresql://127.0.0.1:%d/%s?sslmode=disable%s"
        .formatted(postgres.getPort(), database, user);
  }

  @Test
  void aLedgerOnPostgresAndAFolderOfBytesWorkAsOneFolderDoes() throws IOException {
    Object[] places = {"--store", "file:" + store, "--ledger", ledger("&user=postgres")};
    Command ingest = at(places, "ingest", photo);
    assertThat(ingest.exitCode()).as(ingest.err()).isZero();
    assertThat(ingest.out()).contains("created");
    assertThat(at(places, "ingest", photo).out()).contains("duplicate");
    assertThat(at(places, "ls").out()).contains("200x150");
    Path thumb = folder.resolve("thumb.jpg");
    String id = at(places, "ls", "--json").json().get("assets").at(0).get("id").text();
    assertThat(at(places, "variant", id, "w=20", "-o", thumb).exitCode()).isZero();
    assertThat(thumb).isNotEmptyFile();
    assertThat(at(places, "scrub").exitCode()).isZero();
    assertThat(at(places, "gc").exitCode()).isZero();
    assertThat(store.resolve("objects/raw")).isDirectory();
    assertThat(Path.of("hfsm-data")).doesNotExist();

    Object[] other = {
      "--store", "file:" + folder.resolve("other"), "--ledger", ledger("&user=postgres")
    };
    assertThat(at(other, "scrub").err()).contains("there is no file store in");
    Files.createDirectories(folder.resolve("other/objects"));
    Command scrub = at(other, "scrub");
    assertThat(scrub.exitCode()).as("another store tells nothing about damage").isEqualTo(1);
    assertThat(scrub.err()).contains("does not say whose it is");
    assertThat(at(places, "ls", "--json").json().get("assets").at(0).get("damage").text())
        .isEqualTo("null");
  }

  private static Command at(Object[] places, Object... args) {
    Object[] all = new Object[places.length + args.length];
    System.arraycopy(places, 0, all, 0, places.length);
    System.arraycopy(args, 0, all, places.length, args.length);
    return Command.run(all);
  }

  @Test
  void theEnvironmentSaysWhereAndWho() throws Exception {
    ProcessBuilder ingest = Command.process(List.of(), "ingest", photo);
    ingest.environment().put("HFSM_STORE", "file:" + store);
    ingest.environment().put("HFSM_LEDGER", ledger(""));
    ingest.environment().put("PGUSER", "postgres");
    ingest.environment().put("PGPASSWORD", "not asked for here");
    Command command = Command.finish(ingest.start(), 60);
    assertThat(command.exitCode()).as(command.out()).isZero();
    assertThat(store.resolve("objects/raw")).isDirectory();

    ProcessBuilder here = Command.process(List.of(), "--data", folder.resolve("data"), "stats");
    here.environment().put("HFSM_STORE", "file:" + store);
    assertThat(Command.finish(here.start(), 60).out()).contains("there is no data folder");

    ProcessBuilder wrong = Command.process(List.of(), "stats");
    wrong.environment().put("HFSM_STORE", "ftp://somewhere");
    Command refused = Command.finish(wrong.start(), 60);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.out()).contains("HFSM_STORE: expected file:PATH");
  }

  @Test
  void aServerThatIsNotThereOrDoesNotLetUsInIsOneLine() {
    Object[] nobody = {
      "--store", "file:" + store, "--ledger", "jdbc:postgresql://127.0.0.1:1/x?user=y"
    };
    Command command = at(nobody, "ingest", photo);
    assertThat(command.exitCode()).isEqualTo(1);
    assertThat(command.err())
        .startsWith("hfsm: cannot open the ledger jdbc:postgresql://127.0.0.1:1/x: ")
        .hasLineCount(1);
    Object[] stranger = {"--store", "file:" + store, "--ledger", ledger("&user=stranger")};
    assertThat(at(stranger, "ingest", photo).err()).contains("stranger").hasLineCount(1);
  }

  @Test
  void aServerWithoutTheTlsThatIsAskedForIsOneLineThatNamesTheParameter() {
    String url = ledger("&user=postgres").replace("sslmode=disable", "sslmode=require");
    Object[] place = {"--store", "file:" + store, "--ledger", url};
    assertThat(at(place, "ingest", photo).err())
        .startsWith("hfsm: cannot open the ledger jdbc:postgresql://127.0.0.1:")
        .contains("check the parameter sslmode of the JDBC URL")
        .hasLineCount(1);
  }

  @Test
  void passwordsDoNotBelongOnTheCommandLineAndAreNotRepeated() {
    for (String url :
        List.of(
            "jdbc:postgresql://db/hfsm?user=me&password=s3cret",
            "jdbc:postgresql://db/hfsm?password=s3cret",
            "jdbc:postgresql://me:s3cret@db/hfsm")) {
      Command command = Command.run("--store", "file:" + store, "--ledger", url, "stats");
      assertThat(command.exitCode()).isEqualTo(2);
      assertThat(command.err()).contains("PGPASSWORD").doesNotContain("s3cret");
    }
  }

  @Test
  void halfAPlaceIsNone() {
    assertThat(Command.run("--store", "file:" + store, "stats").err())
        .contains("--store and --ledger together");
    assertThat(Command.run("--ledger", "jdbc:sqlite:x", "stats").err())
        .contains("--store and --ledger together");
    Command both =
        Command.run(
            "--data", folder, "--store", "file:" + store, "--ledger", "jdbc:sqlite:x", "stats");
    assertThat(both.exitCode()).isEqualTo(2);
    assertThat(both.err()).contains("either --data or");
  }

  @Test
  void urlsThatAreNoneAreRefusedWithWhatIsExpected() {
    for (String url : List.of("", "file:", "file://host/path", "/path", "ftp://host")) {
      Command command = Command.run("--store", url, "--ledger", "jdbc:sqlite:x", "stats");
      assertThat(command.exitCode()).as(url).isEqualTo(2);
      assertThat(command.err()).as(url).contains("expected file:PATH");
    }
    for (String url : List.of("", "jdbc:sqlite:", "jdbc:h2:mem:x", "postgresql://db/x")) {
      Command command = Command.run("--store", "file:x", "--ledger", url, "stats");
      assertThat(command.exitCode()).as(url).isEqualTo(2);
      assertThat(command.err()).as(url).contains("expected jdbc:sqlite:PATH");
    }
  }

  @Test
  void lookingMakesNeitherStoreNorLedger() {
    Path db = folder.resolve("ledger.db");
    Object[] places = {"--store", "file:" + store, "--ledger", "jdbc:sqlite:" + db};
    assertThat(at(places, "ls").err()).contains("there is no file store in");
    assertThat(store).doesNotExist();
    assertThat(db).doesNotExist();
    assertThat(at(places, "ingest", photo).exitCode()).isZero();
    assertThat(at(places, "ls").exitCode()).isZero();
    Object[] slashes = {"--store", "file://" + store, "--ledger", "jdbc:sqlite:" + db};
    assertThat(at(slashes, "ls").exitCode()).isZero();
  }
}
