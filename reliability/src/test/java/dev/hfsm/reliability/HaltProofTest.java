package dev.hfsm.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.custody.CollectOptions;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.SweepOptions;
import dev.hfsm.custody.SweepOptions.Allowance;
import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Facts;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Subject;
import dev.hfsm.reliability.Fault.Point;
import dev.hfsm.reliability.Fault.Side;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Halts a JVM before and after the contract calls it makes; then recovers from what is in its
 * folder (SQLite and files), and looks at what is there.
 */
class HaltProofTest {

  private static final int AT_A_TIME = 3;
  private static final int IN_SHORT_MODE = 16;

  /** More often than that a call is a repetition of waiting, not of anything done. */
  private static final int REPEATED = 8;

  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(5);

  @TempDir Path folder;
  private Path template;

  private record Ended(int code, List<String> said) {
    Stream<String[]> lines(String kind) {
      return said.stream().filter(line -> line.startsWith(kind + " ")).map(line -> line.split(" "));
    }
  }

  /** A folder with an old orphan, and an asset whose inspection a dead worker holds. */
  @BeforeEach
  void leaveSomethingBehind() throws IOException {
    template = Files.createDirectory(folder.resolve("template"));
    try (LocalNode node = LocalNode.open(template)) {
      try (AssetPipeline assets = node.pipeline().build()) {
        assets.ingest(Upload.of(Toys.toy("earlier")).as("earlier"));
      }
      Instant now = node.ledger().intake().find(idOf("orphan")).now();
      put(node, "orphan", now.minus(Stamp.SWEEP_WINDOW).minusSeconds(60));
      StorageKey key = put(node, "left", now);
      AssetId left = idOf("left");
      ReferenceName name = ReferenceName.of("left");
      long size = Toys.toy("left").length;
      node.ledger().intake().admit(new Admission(left, size, key, name, Facts.NONE));
      List<Subject> subjects = List.of(Subject.inspect(left));
      node.ledger().work().claim(ClaimRequest.about("dead-worker", subjects, Duration.ofMillis(1)));
    }
  }

  private static AssetId idOf(String text) {
    return AssetId.of(Digest.ofContent(Toys.toy(text)));
  }

  private static StorageKey put(LocalNode node, String text, Instant at) {
    byte[] bytes = Toys.toy(text);
    AssetId id = idOf(text);
    StorageKey key = StorageKey.raw(id, new Stamp(at, 1));
    node.blobs().put(key, new BlobRef(id.digest(), bytes.length), ByteSource.of(bytes));
    return key;
  }

  @Test
  void aJvmThatIsHaltedAtAnyContractCallLosesNothing() throws Exception {
    Proof proof = Proof.of("a2", "halted JVM");
    Path unhurt = copyOfTemplate("unhurt");
    Ended whole = child(unhurt, new Point("none", 0, Side.BEFORE));
    assertThat(whole.code).as("%s", whole.said).isZero();
    assertThat(recovered(unhurt, whole)).as("without a halt").isEmpty();
    List<Point> all = points(whole);
    List<Point> chosen = chosen(all, proof.seed());
    List<String> wrong = new ArrayList<>();
    int halted = 0;
    for (Future<Tried> future : tryAll(chosen)) {
      Tried tried = future.get();
      wrong.addAll(tried.wrong);
      halted += tried.halted ? 1 : 0;
    }
    proof
        .ran("a JVM over SQLite and files halted before and after its contract calls")
        .ran("%d of %d points tried, %d of them reached", chosen.size(), all.size(), halted)
        .violated(wrong.size())
        .write();
    assertThat(wrong).as("seed %d", proof.seed()).isEmpty();
    assertThat(halted).as("halts").isGreaterThan(chosen.size() / 2);
  }

  private static List<Point> points(Ended whole) {
    Map<String, Integer> calls = new TreeMap<>();
    whole.lines("CALLS").forEach(line -> calls.put(line[1], Integer.parseInt(line[2])));
    List<Point> points = new ArrayList<>();
    calls.forEach(
        (call, count) -> {
          for (int n = 1; n <= Math.min(count, REPEATED); n++) {
            points.add(new Point(call, n, Side.BEFORE));
            points.add(new Point(call, n, Side.AFTER));
          }
        });
    return points;
  }

  /** All of them in long mode; else every k-th, beginning by lot. */
  private static List<Point> chosen(List<Point> all, long seed) {
    if (Proof.isLong()) {
      return all;
    }
    int step = Math.max(1, all.size() / IN_SHORT_MODE);
    List<Point> chosen = new ArrayList<>();
    for (int i = new Random(seed).nextInt(step); i < all.size(); i += step) {
      chosen.add(all.get(i));
    }
    return chosen;
  }

  private record Tried(boolean halted, List<String> wrong) {}

  private List<Future<Tried>> tryAll(List<Point> points) throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(AT_A_TIME);
    try {
      List<Callable<Tried>> tasks = new ArrayList<>();
      for (int i = 0; i < points.size(); i++) {
        Point point = points.get(i);
        String name = "halt-" + i;
        tasks.add(() -> tried(name, point));
      }
      return pool.invokeAll(tasks);
    } finally {
      pool.shutdownNow();
    }
  }

  private Tried tried(String name, Point point) throws Exception {
    Path data = copyOfTemplate(name);
    Ended ended = child(data, point);
    List<String> wrong = new ArrayList<>();
    if (ended.code != 0 && ended.code != HaltingChild.HALTED) {
      wrong.add(point + ": ended with " + ended.code + ", " + ended.said);
    }
    recovered(data, ended).forEach(what -> wrong.add(point + ": " + what));
    return new Tried(ended.code == HaltingChild.HALTED, wrong);
  }

  private Path copyOfTemplate(String name) throws IOException {
    Path copy = folder.resolve(name);
    try (Stream<Path> files = Files.walk(template)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(template.relativize(file)));
      }
    }
    return copy;
  }

  private Ended child(Path data, Point point) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                HaltingChild.class.getName(),
                data.toString(),
                point.call(),
                Integer.toString(point.nth()),
                point.side().name())
            .redirectErrorStream(true)
            .redirectOutput(new File(data + ".out"))
            .start();
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    process.destroyForcibly().waitFor();
    String said = Files.readString(Path.of(data + ".out"), StandardCharsets.UTF_8);
    return new Ended(ended ? process.exitValue() : -1, Arrays.asList(said.split("\n", -1)));
  }

  /** Starts a new process' worth of pipeline over the folder, and says what is wrong afterwards. */
  private static List<String> recovered(Path data, Ended ended) throws InterruptedException {
    Map<String, AssetId> claims = new HashMap<>();
    claims.put("left", idOf("left"));
    claims.put("earlier", idOf("earlier"));
    ended.lines("ACK").forEach(line -> claims.put(line[1], AssetId.parse(line[2])));
    ended.lines("GONE").forEach(line -> claims.remove(line[1]));
    try (LocalNode node = LocalNode.open(data)) {
      node.expireChores();
      Truth truth = new Truth(node.ledger(), node.blobs());
      List<String> wrong = new ArrayList<>(truth.wrongNow());
      wrong.addAll(truth.wrongAbout(claims));
      try (AssetPipeline assets = node.pipeline().start()) {
        awaitRest(node, truth);
        collect(assets);
      }
      node.expireChores();
      try (AssetPipeline tomorrow = node.pipelineOfTomorrow().build()) {
        Object refusal =
            tomorrow
                .maintenance()
                .sweep(new SweepOptions(Mode.REAL, Allowance.BOUNDED), key -> {})
                .refusal();
        if (refusal != null) {
          wrong.add("the sweep refused: " + refusal);
        }
      }
      wrong.addAll(truth.wrongInTheEnd());
      wrong.addAll(truth.wrongAbout(claims));
      return wrong;
    }
  }

  /** It may be the scheduled collection's turn. */
  private static void collect(AssetPipeline assets) {
    CollectOptions all = new CollectOptions(Duration.ZERO, Mode.REAL);
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (assets.maintenance().collect(all, asset -> {}).refusal() != null
        && System.nanoTime() < deadline) {
      LockSupport.parkNanos(10_000_000);
    }
  }

  private static void awaitRest(LocalNode node, Truth truth) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    CountDownLatch never = new CountDownLatch(1);
    while (System.nanoTime() < deadline
        && truth.assets().stream()
            .anyMatch(asset -> !node.ledger().operator().work(asset.id()).isEmpty())) {
      never.await(50, TimeUnit.MILLISECONDS);
    }
  }
}
