package dev.hfsm.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.AssetPipeline;
import dev.hfsm.ReadyVariant;
import dev.hfsm.jdbc.JdbcLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.transform.Transformation;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A serving JVM of {@link ColdCrowd}. For each line {@code <clients> <digest> <recipe>} it has so
 * many clients ask at the same moment, and says of each {@code <nanoseconds> <digest of the
 * bytes>}. It ends with its input.
 */
final class ColdCrowdNode {

  private ColdCrowdNode() {}

  /** Arguments: URL of the database, folder of everything else. */
  public static void main(String[] arguments) throws Exception {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(arguments[0]);
    config.setUsername("postgres");
    config.setMaximumPoolSize(10);
    ExecutorService clients = Executors.newCachedThreadPool();
    try (HikariDataSource pool = new HikariDataSource(config);
        JdbcLedger ledger = JdbcLedger.create(pool);
        AssetPipeline assets = ColdCrowd.pipeline(ledger, Path.of(arguments[1])).start();
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println("ready");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] said = line.split(" ");
        int count = Integer.parseInt(said[0]);
        AssetId id = AssetId.of(Digest.parse("sha256:" + said[1]));
        Transformation recipe = Transformation.parse(said[2]);
        CyclicBarrier together = new CyclicBarrier(count);
        for (int i = 0; i < count; i++) {
          clients.execute(() -> ask(assets, id, recipe, together));
        }
      }
    } finally {
      clients.shutdownNow();
    }
  }

  private static void ask(
      AssetPipeline assets, AssetId id, Transformation recipe, CyclicBarrier together) {
    try {
      together.await();
      long begin = System.nanoTime();
      ReadyVariant variant = assets.variant(id, recipe).awaitMade(Duration.ofMinutes(1));
      byte[] bytes;
      try (InputStream in = variant.open()) {
        bytes = in.readAllBytes();
      }
      long took = System.nanoTime() - begin;
      assets.variant(id, recipe).await(Duration.ofMinutes(1)); // its row is looked at then
      System.out.println(took + " " + Digest.ofContent(bytes).hex());
    } catch (Exception e) {
      System.out.println("0 " + e.getClass().getSimpleName());
    }
  }
}
