package dev.hfsm.benchmarks;

import static dev.hfsm.transform.Transformation.image;

import com.sun.net.httpserver.HttpServer;
import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.filesystem.FileSystemBlobStore;
import dev.hfsm.http.DeliveryHandler;
import dev.hfsm.imaging.ImageTransformer;
import dev.hfsm.jdbc.JdbcLedger;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Scope;
import dev.hfsm.transform.Format;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Clients of a process of their own want a variant that is there, first alone and then beside a
 * crowd that wants 5,000 variants that are not: what they notice, what the crowd is told, and what
 * is left afterwards. Over PostgreSQL, files, and the JDK's HTTP server: {@code java -Xmx512m -cp
 * benchmarks.jar dev.hfsm.benchmarks.ColdFlood [seconds of each phase]}. With {@code -Dpause=0} the
 * crowd takes no notice of being told when to come back; with {@code -Dwarm=300} so many variants
 * are made first, so that compilers have done with the transformer before the crowd comes.
 */
public final class ColdFlood {

  static final int VARIANTS = Integer.getInteger("variants", 5_000);
  private static final int WARM = Integer.getInteger("warm", 0);
  private static final int RENDERS = Integer.getInteger("renders", 1);
  private static final int THREADS = 300;
  private static final SigningKeys KEYS = SigningKeys.of("k1", new byte[32]);

  private ColdFlood() {}

  /** Runs all of it. */
  public static void main(String[] arguments) throws Exception {
    int seconds = arguments.length == 0 ? 10 : Integer.parseInt(arguments[0]);
    System.setProperty("sun.net.httpserver.nodelay", "true"); // or every answer waits for an ACK
    Path folder = Files.createTempDirectory("hfsm-flood-");
    try (DurableServer database = DurableServer.start();
        var pool = database.pool(10);
        JdbcLedger ledger = JdbcLedger.create(pool);
        AssetPipeline assets =
            AssetPipeline.builder()
                .ledger(ledger)
                .blobs(FileSystemBlobStore.open(folder.resolve("blobs")))
                .spool(folder.resolve("spool"))
                .transformer(ImageTransformer.builder().build())
                .renders(RENDERS)
                .start()) {
      Path photo = folder.resolve("photo.jpg");
      Landscape.paint(photo);
      AssetId id = assets.ingest(Upload.of(photo)).id();
      assets.awaitInspected(id, Duration.ofMinutes(1));
      run(assets, ledger, id, folder, seconds);
    } finally {
      delete(folder);
    }
  }

  private static void run(
      AssetPipeline assets, JdbcLedger ledger, AssetId id, Path folder, int seconds)
      throws Exception {
    AssetUrls urls = AssetUrls.of(assets, KEYS, "/assets");
    List<String> paths = new ArrayList<>();
    paths.add(urls.variant(id, image().width(400).format(Format.JPEG)));
    for (int i = 0; i < VARIANTS; i++) {
      // None can stand in for another: what is counted is what is refused.
      paths.add(urls.variant(id, image().crop(i % 100, i / 100, 1000, 800).width(300)));
    }
    Path list = Files.write(folder.resolve("paths"), paths);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    server.setExecutor(threads);
    server.createContext("/assets", new DeliveryHandler(Delivery.of(assets, KEYS).build()));
    server.start();
    try (FloodClient first = new FloodClient(server.getAddress().getPort())) {
      first.get(paths.get(0));
      for (int i = 0; i < WARM; i++) {
        assets
            .variant(id, image().crop(i % 100, i / 100, 1000, 800).width(301))
            .await(Duration.ofMinutes(1));
      }
      long before = heap();
      Duration busyBefore = assets.costs(Scope.DEFAULT).cpu();
      long begin = System.nanoTime();
      client(server.getAddress().getPort(), list, seconds);
      System.out.printf("waiting as the flood ends: %s%n", assets.load());
      settle(ledger, id);
      double took = (System.nanoTime() - begin) / 1e9 - seconds;
      Duration busy = assets.costs(Scope.DEFAULT).cpu().minus(busyBefore);
      System.out.printf(
          "heap in use after a collection: %.0f MB before, %.0f MB after%n",
          before / 1e6, heap() / 1e6);
      System.out.printf(
          "processors that made variants: %.2f on average%n", busy.toMillis() / 1e3 / took);
      Map<VariantState, Long> rows =
          ledger.reader().variants(id).stream()
              .collect(Collectors.groupingBy(VariantRow::state, Collectors.counting()));
      System.out.printf("rows of variants: %s%n", rows);
    } finally {
      server.stop(0);
      threads.shutdownNow();
    }
  }

  private static void client(int port, Path paths, int seconds) throws Exception {
    Process client =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dpause=" + Long.getLong("pause", 1_000),
                "-cp",
                System.getProperty("java.class.path"),
                FloodLoad.class.getName(),
                Integer.toString(port),
                paths.toString(),
                Integer.toString(seconds))
            .redirectError(Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
      out.lines().forEach(System.out::println);
    }
    if (client.waitFor() != 0) {
      throw new IllegalStateException("the client has failed");
    }
  }

  /** Waits until what was asked for is there. */
  private static void settle(JdbcLedger ledger, AssetId id) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (System.nanoTime() < deadline
        && ledger.reader().variants(id).stream()
            .anyMatch(row -> row.state() == VariantState.REQUESTED)) {
      Thread.sleep(100);
    }
  }

  private static long heap() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100);
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
