package dev.hfsm.benchmarks;

import static dev.hfsm.transform.Transformation.image;

import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.filesystem.FileSystemBlobStore;
import dev.hfsm.imaging.ImageTransformer;
import dev.hfsm.jdbc.JdbcLedger;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.transform.Transformation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Clients of several JVMs, 100 of each, want the same variant at the same moment, which nobody has
 * made; and one client alone wants one. How long they wait beyond the transformation. Over a
 * durable PostgreSQL and files: {@code java -cp benchmarks.jar dev.hfsm.benchmarks.ColdCrowd
 * [rounds] [JVMs]}.
 */
public final class ColdCrowd {

  private static final int CLIENTS = Integer.getInteger("clients", 100);
  private static final int WARMING = 12;

  private final JdbcLedger ledger;
  private final AssetId photo;
  private final List<Node> nodes;
  private int width = 400;

  private ColdCrowd(JdbcLedger ledger, AssetId photo, List<Node> nodes) {
    this.ledger = ledger;
    this.photo = photo;
    this.nodes = nodes;
  }

  /** Runs all of it. */
  public static void main(String[] arguments) throws Exception {
    int rounds = arguments.length < 1 ? 10 : Integer.parseInt(arguments[0]);
    int jvms = arguments.length < 2 ? 3 : Integer.parseInt(arguments[1]);
    Path folder = Files.createTempDirectory("hfsm-crowd-");
    try (DurableServer database = DurableServer.start();
        HikariDataSource pool = database.pool(4);
        JdbcLedger ledger = JdbcLedger.create(pool)) {
      run(ledger, ((PGSimpleDataSource) pool.getDataSource()).getUrl(), folder, rounds, jvms);
    } finally {
      ColdFlood.delete(folder);
    }
  }

  private static void run(JdbcLedger ledger, String url, Path folder, int rounds, int jvms)
      throws IOException {
    AssetId photo = ingest(ledger, folder);
    List<Node> nodes = new ArrayList<>();
    try {
      for (int i = 0; i < jvms; i++) {
        nodes.add(new Node(url, folder));
      }
      ColdCrowd crowd = new ColdCrowd(ledger, photo, nodes);
      for (int i = 0; i < WARMING; i++) {
        for (Node node : nodes) {
          crowd.round(List.of(node), CLIENTS);
        }
      }
      crowd.alone(rounds);
      crowd.together(rounds);
    } finally {
      nodes.forEach(Node::close);
    }
  }

  private static AssetId ingest(JdbcLedger ledger, Path folder) throws IOException {
    Path file = folder.resolve("photo.jpg");
    Landscape.paint(file);
    try (AssetPipeline assets = pipeline(ledger, folder).start()) {
      AssetId id = assets.ingest(Upload.of(file)).id();
      assets.awaitInspected(id, Duration.ofMinutes(1));
      return id;
    }
  }

  static AssetPipeline pipeline(JdbcLedger ledger, Path folder) {
    return AssetPipeline.builder()
        .ledger(ledger)
        .blobs(FileSystemBlobStore.open(folder.resolve("blobs")))
        .spool(folder.resolve("spool"))
        .transformer(ImageTransformer.builder().build())
        .build();
  }

  private void alone(int rounds) throws IOException {
    Latencies beyond = new Latencies();
    for (int i = 0; i < rounds; i++) {
      Round round = round(List.of(nodes.get(0)), 1);
      beyond.add(round.nanos.get(0) - round.cost.toNanos());
    }
    System.out.printf(
        Locale.ROOT,
        "one client of one JVM, beyond the transformation: p50 %.1f ms, longest %.1f ms%n",
        beyond.millis(0.5),
        beyond.millis(1));
  }

  private void together(int rounds) throws IOException {
    for (int i = 0; i < rounds; i++) {
      Round round = round(nodes, CLIENTS);
      Latencies all = new Latencies();
      round.nanos.forEach(all::add);
      double cost = round.cost.toNanos() / 1e6;
      System.out.printf(
          Locale.ROOT,
          "%d clients of %d JVMs: p50 %.0f ms, p99 %.0f ms; transformation %.0f ms; aim %.0f ms; "
              + "different answers %d%n",
          all.count(),
          nodes.size(),
          all.millis(0.5),
          all.millis(0.99),
          cost,
          2 * cost + 100,
          round.digests.size());
    }
  }

  /** What came of one variant. */
  private static final class Round {
    final List<Long> nanos = new ArrayList<>();
    final TreeSet<String> digests = new TreeSet<>();
    Duration cost = Duration.ZERO;
  }

  private Round round(List<Node> asked, int clients) throws IOException {
    Transformation recipe = image().width(++width);
    for (Node node : asked) {
      node.say(clients + " " + photo.digest().hex() + " " + recipe.canonical());
    }
    Round round = new Round();
    for (Node node : asked) {
      for (int i = 0; i < clients; i++) {
        String[] answer = node.line().split(" ");
        round.nanos.add(Long.parseLong(answer[0]));
        round.digests.add(answer[1]);
      }
    }
    round.cost =
        ledger.reader().variants(photo).stream()
            .filter(row -> row.transformation().startsWith(recipe.canonical() + ","))
            .map(VariantRow::content)
            .map(content -> Objects.requireNonNull(content).cost())
            .findFirst()
            .orElseThrow();
    return round;
  }

  /** A JVM that serves. */
  private static final class Node implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    Node(String url, Path folder) throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx512m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  ColdCrowdNode.class.getName(),
                  url,
                  folder.toString())
              .redirectError(Redirect.INHERIT)
              .start();
      out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      line(); // it is there
    }

    void say(String line) throws IOException {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    }

    String line() throws IOException {
      String line = out.readLine();
      if (line == null) {
        throw new IOException("a JVM has ended");
      }
      return line;
    }

    @Override
    public void close() {
      try {
        process.getOutputStream().close(); // it ends with its input
        process.waitFor(20, TimeUnit.SECONDS);
      } catch (IOException e) {
        System.err.println("a JVM has ended before: " + e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        process.destroyForcibly();
      }
    }
  }
}
