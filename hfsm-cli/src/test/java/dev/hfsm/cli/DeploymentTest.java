package dev.hfsm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.model.AssetId;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command, and the node of docs/deploy.md, over PostgreSQL, S3 and Redis. */
@Timeout(300)
class DeploymentTest {

  private static Servers servers;

  @TempDir Path folder;
  private String bucket;
  private String ledger;
  private Path photo;

  @BeforeAll
  static void start() throws Exception {
    servers = new Servers();
    // As the environment would, for the code that runs in this process.
    System.setProperty("aws.accessKeyId", Servers.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", Servers.SECRET_KEY);
  }

  @AfterAll
  static void stop() throws Exception {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
    servers.close();
  }

  @BeforeEach
  void places() throws Exception {
    bucket = servers.bucket();
    ledger = servers.database() + "?user=postgres&sslmode=disable";
    photo = Pictures.jpeg(folder.resolve("one.jpg"), 200, 150, 1);
  }

  private String store() {
    return "s3://" + bucket + "/assets?region=eu-central-1&endpoint=" + servers.endpoint();
  }

  private Command hfsm(Object... args) {
    return Command.run(
        Stream.concat(Stream.of("--store", store(), "--ledger", ledger), Stream.of(args))
            .toArray());
  }

  @Test
  void theWholeLifeOfAnAssetInABucket() throws IOException {
    Command ingest = hfsm("ingest", photo);
    assertThat(ingest.exitCode()).as(ingest.err()).isZero();
    assertThat(ingest.out()).contains("created");
    assertThat(hfsm("ingest", photo).out()).contains("duplicate");
    String id = hfsm("ls", "--json").json().get("assets").at(0).get("id").text();
    Path out = folder.resolve("out.jpg");
    assertThat(hfsm("get", id, "-o", out).exitCode()).isZero();
    assertThat(out).hasSameBinaryContentAs(photo);
    assertThat(hfsm("variant", id, "w=20", "-o", folder.resolve("v.jpg")).exitCode()).isZero();
    assertThat(servers.objects(bucket)).allMatch(key -> key.startsWith("assets/"));
    assertThat(hfsm("scrub").out()).contains("2 blobs").contains("0 originals damaged");
    hfsm("release", id);
    Command gc = hfsm("gc", "--grace", "0s", "--json");
    assertThat(gc.json().get("objects").number()).isEqualTo(2);
    assertThat(hfsm("sweep").exitCode()).isZero();
    assertThat(servers.objects(bucket)).noneMatch(key -> key.contains("/raw/"));
  }

  @Test
  void aFolderMovesIntoABucketAndBack() throws IOException {
    Path data = folder.resolve("data");
    Command.run("--data", data, "ingest", photo);
    Command there = Command.run("--data", data, "migrate", "--to", store(), "--json");
    assertThat(there.exitCode()).as(there.err()).isZero();
    assertThat(there.json().get("copied").number()).isEqualTo(1);
    String rows = "jdbc:sqlite:" + data.resolve("ledger.db");
    assertThat(Command.run("--store", store(), "--ledger", rows, "scrub").exitCode()).isZero();
    Path back = folder.resolve("back");
    Command home =
        Command.run("--store", store(), "--ledger", rows, "migrate", "--to", "file:" + back);
    assertThat(home.exitCode()).as(home.err()).isZero();
    assertThat(Command.run("--store", "file:" + back, "--ledger", rows, "scrub").exitCode())
        .isZero();
  }

  @Test
  void theQueueTakesItsPasswordFromTheEnvironment() throws Exception {
    ProcessBuilder ingest =
        Command.process(List.of(), "--queue", servers.redis() + "?prefix=one", "ingest", photo);
    Map<String, String> env = ingest.environment();
    env.put("HFSM_STORE", store());
    env.put("HFSM_LEDGER", ledger);
    env.put("HFSM_REDIS_PASSWORD", Servers.REDIS_PASSWORD);
    env.put("AWS_ACCESS_KEY_ID", Servers.ACCESS_KEY);
    env.put("AWS_SECRET_ACCESS_KEY", Servers.SECRET_KEY);
    Command done = Command.finish(ingest.start(), 90);
    assertThat(done.exitCode()).as(done.out()).isZero();
    assertThat(done.out()).contains("created");
    env.put("HFSM_REDIS_PASSWORD", "another");
    Command refused = Command.finish(ingest.start(), 90);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.out())
        .contains("password", "--queue", "HFSM_REDIS_PASSWORD")
        .doesNotContain(Servers.REDIS_PASSWORD, "(...)");
  }

  @Test
  void aQueueThatIsAwayIsSaidInOneLineAndKeepsNobodyFromWorking() {
    Command done = hfsm("--queue", "redis://127.0.0.1:1", "ingest", photo);
    assertThat(done.exitCode()).as(done.err()).isZero();
    assertThat(done.err())
        .startsWith("hfsm: Redis at redis://127.0.0.1:1 ")
        .contains("refused", "--queue", "work is found in the ledger as well")
        .doesNotContain("(...)")
        .hasLineCount(1);
  }

  @Test
  void whatIsWrongWithABucketIsOneLineThatNamesTheSetting() {
    String nowhere = "s3://not-there/assets?region=eu-central-1&endpoint=" + servers.endpoint();
    Command missing = Command.run("--store", nowhere, "--ledger", ledger, "ingest", photo);
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.err()).contains("bucket").contains("not-there");
    Command down =
        Command.run(
            "--store",
            "s3://" + bucket + "?region=eu-central-1&endpoint=http://127.0.0.1:1",
            "--ledger",
            ledger,
            "ingest",
            photo);
    assertThat(down.exitCode()).isEqualTo(1);
    assertThat(down.out()).as("each file has its answer").contains("failed").contains("endpoint");
  }

  @Test
  void urlsThatAreNoneAreRefusedAndSecretsAreNotRepeated() {
    for (String url :
        List.of(
            "s3:",
            "s3://",
            "s3://b",
            "s3://bucket?colour=red",
            "s3://bucket?region=Here",
            "s3://bucket/pre fix",
            "s3://key:s3cret@bucket/x",
            "s3://bucket?endpoint=http://key:s3cret@host")) {
      Command command = Command.run("--store", url, "--ledger", ledger, "stats");
      assertThat(command.exitCode()).as(url).isEqualTo(2);
      assertThat(command.err()).as(url).contains("expected").doesNotContain("s3cret");
    }
    for (String url :
        List.of("redis:", "http://host", "redis://host/x", "redis://me:s3cret@host", "redis://")) {
      Command command = hfsm("--queue", url, "stats");
      assertThat(command.exitCode()).as(url).isEqualTo(2);
      assertThat(command.err()).as(url).contains("expected").doesNotContain("s3cret");
    }
    assertThat(Command.run("--queue", "redis://host", "stats").err())
        .contains("--store and --ledger with --queue");
  }

  @Test
  void twoNodesAsTheyAreDocumentedShareTheirWork() throws Exception {
    try (URLClassLoader loader =
            new URLClassLoader(new URL[] {DeployDocTest.compiled(folder).toUri().toURL()});
        AssetPipeline one = node(loader, "one", "?ApplicationName=shop&sslmode=disable");
        AssetPipeline two = node(loader, "two", "")) {
      AssetId id = one.ingest(Upload.of(photo)).id();
      two.awaitInspected(id, Duration.ofSeconds(120));
      byte[] thumb;
      try (InputStream in = two.variant(id, "thumb").await(Duration.ofSeconds(120)).open()) {
        thumb = in.readAllBytes();
      }
      try (InputStream in = one.variant(id, "thumb").await(Duration.ofSeconds(120)).open()) {
        assertThat(in.readAllBytes()).isEqualTo(thumb);
      }
      assertThat(Files.walk(folder.resolve("one/cache")).filter(Files::isRegularFile)).isNotEmpty();
    }
  }

  /**
   * @param parameters which the URL of the ledger has already, as for TLS
   */
  private AssetPipeline node(ClassLoader loader, String name, String parameters) throws Exception {
    Map<String, String> env = new HashMap<>();
    env.put("LEDGER_URL", ledger.replaceFirst("\\?.*", "") + parameters);
    env.put("PGUSER", "postgres");
    env.put("PGPASSWORD", "not asked for here");
    env.put("REDIS_URL", servers.redis().replace("://", "://:p%40ss%3Aw%2Frd%20%25%2B%23%3F@"));
    env.put("BUCKET", bucket);
    env.put("AWS_REGION", "eu-central-1");
    env.put("S3_ENDPOINT", servers.endpoint().toString());
    return (AssetPipeline)
        loader
            .loadClass("Node")
            .getMethod("start", Map.class, Path.class)
            .invoke(null, env, Files.createDirectories(folder.resolve(name)));
  }
}
