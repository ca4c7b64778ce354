package dev.hfsm.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.embedded.Hfsm;
import dev.hfsm.http.DeliveryServlet;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/**
 * Originals behind Tomcat, sent by it and written by the servlet, in one process with a connector
 * for each, rounds in turn: {@code java -cp benchmarks.jar dev.hfsm.benchmarks.SentFiles
 * benchmarks/peers/nginx}.
 */
public final class SentFiles {

  private static final int ROUNDS = Integer.getInteger("rounds", 5);
  private static final int SECONDS = Integer.getInteger("seconds", 3);
  private static final int CONNECTIONS = 4;
  private static final int[] SIZES = {256 << 10, 1 << 20, 8 << 20};

  private SentFiles() {}

  /** Runs all of it. */
  public static void main(String[] arguments) throws Exception {
    Path peer = Path.of(arguments.length > 0 ? arguments[0] : "benchmarks/peers/nginx");
    Wrk wrk = new Wrk(peer.resolve("measure.lua"), CONNECTIONS);
    SigningKeys keys = SigningKeys.of("k1", new byte[32]);
    try (Workbench bench = new Workbench();
        AssetPipeline assets = Hfsm.embedded(bench.folder().resolve("data")).start()) {
      Tomcat server = new Tomcat();
      server.setBaseDir(bench.folder().resolve("tomcat").toString());
      server.addContext("", bench.folder().toString());
      server
          .addServlet("", "delivery", new DeliveryServlet(Delivery.of(assets, keys).build()))
          .addMapping("/assets/*");
      Connector sent = connector(server, "true");
      Connector written = connector(server, "false");
      server.start();
      AssetUrls urls = AssetUrls.of(assets, keys, "/assets");
      System.out.printf("%-10s %12s %12s %14s%n", "bytes", "sent/s", "÷ written", "cpu ÷ written");
      for (int size : SIZES) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        String path = urls.original(assets.ingest(Upload.of(bytes)).id(), "bin");
        print(size, wrk, path, sent.getLocalPort(), written.getLocalPort());
      }
      end(server);
    }
  }

  private static Connector connector(Tomcat server, String sends) {
    Connector connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("useSendfile", sends);
    connector.setProperty("maxKeepAliveRequests", "-1");
    server.setConnector(connector);
    return connector;
  }

  private static void end(Tomcat server) throws LifecycleException {
    server.stop();
    server.destroy();
  }

  private static void print(int size, Wrk wrk, String path, int sent, int written)
      throws IOException {
    double[] rates = new double[ROUNDS];
    double[] ratios = new double[ROUNDS];
    double[] costs = new double[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) { // the first only warms up
      double[] by = ask(wrk, path, sent);
      double[] beside = ask(wrk, path, written);
      if (round >= 0) {
        rates[round] = by[0];
        ratios[round] = by[0] / beside[0];
        costs[round] = by[1] / beside[1];
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%-10d %12.0f %12.2f %14.2f%n",
        size,
        median(rates),
        median(ratios),
        median(costs));
  }

  /** Answers in a second, and nanoseconds of processor time of this process for each. */
  private static double[] ask(Wrk wrk, String path, int port) throws IOException {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long before = system.getProcessCpuTime();
    Wrk.Result result = wrk.ask("http://127.0.0.1:" + port + path, SECONDS, 0);
    double cost = (double) (system.getProcessCpuTime() - before) / result.requests();
    return new double[] {result.perSecond(), cost};
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
