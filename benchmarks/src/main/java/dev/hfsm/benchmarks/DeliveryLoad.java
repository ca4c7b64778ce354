package dev.hfsm.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A variant of about 55 KB served by HFSM behind several servers, by the same servers without HFSM,
 * and by nginx as a static file, each in a process of its own, in one run; rounds take turns, the
 * median is told: {@code java -cp benchmarks.jar dev.hfsm.benchmarks.DeliveryLoad
 * benchmarks/peers/nginx}.
 */
public final class DeliveryLoad {

  private static final int ROUNDS = Integer.getInteger("rounds", 5);
  private static final int SECONDS = Integer.getInteger("seconds", 5);
  private static final int COLD = Integer.getInteger("cold", 200);
  private static final String SERVERS =
      System.getProperty("servers", "nginx,jdk,jdk-bare,jetty,jetty-bare,undertow,undertow-bare");
  private static final int CONNECTIONS = 16;
  private static final int PAUSE = 2;
  private static final int FIRST_BYTES = 2000;

  private final Wrk wrk;

  private DeliveryLoad(Wrk wrk) {
    this.wrk = wrk;
  }

  /** A server under load, and what was found about it, a figure for each round. */
  private static final class Subject implements AutoCloseable {
    final String name;
    final ProcessHandle process;
    final int port;
    final String path;
    final List<String> cold;
    final AutoCloseable end;
    final double[] rates = new double[ROUNDS];
    final double[] medians = new double[ROUNDS];
    final double[] p99s = new double[ROUNDS];
    final double[] micros = new double[ROUNDS];
    final double[] pacedRates = new double[ROUNDS];
    final double[] pacedP99s = new double[ROUNDS];
    final double[] firsts = new double[ROUNDS];

    Subject(
        String name,
        ProcessHandle process,
        int port,
        String path,
        List<String> cold,
        AutoCloseable end) {
      this.name = name;
      this.process = process;
      this.port = port;
      this.path = path;
      this.cold = cold;
      this.end = end;
    }

    /** Processor time of all its processes so far. */
    Duration processor() {
      return Stream.concat(Stream.of(process), process.descendants())
          .map(p -> p.info().totalCpuDuration().orElse(Duration.ZERO))
          .reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public void close() throws Exception {
      end.close();
    }
  }

  /** Runs all of it. */
  public static void main(String[] arguments) throws Exception {
    Path peer = Path.of(arguments.length > 0 ? arguments[0] : "benchmarks/peers/nginx");
    List<Subject> subjects = new ArrayList<>();
    try (Workbench bench = new Workbench()) {
      try {
        start(peer.toAbsolutePath(), bench.folder(), subjects);
        DeliveryLoad load = new DeliveryLoad(new Wrk(peer.resolve("measure.lua"), CONNECTIONS));
        for (int round = -2; round < ROUNDS; round++) { // the first two only warm up
          for (Subject subject : subjects) {
            load.round(subject, round);
          }
        }
        print(subjects);
        for (Subject subject : subjects) {
          cold(subject);
        }
      } finally {
        for (Subject subject : subjects) {
          subject.close();
        }
      }
    }
  }

  private static void start(Path peer, Path folder, List<Subject> subjects) throws Exception {
    List<String> names = List.of(SERVERS.split(","));
    for (String name : names) {
      if (!name.equals("nginx")) {
        subjects.add(node(name, folder.resolve(name)));
      }
    }
    if (names.contains("nginx")) {
      byte[] bytes;
      try (PlainClient client = new PlainClient(subjects.get(0).port)) {
        bytes = client.get(subjects.get(0).path).body();
      }
      NginxPeer nginx = NginxPeer.start(peer, folder.resolve("nginx"), "variant.jpg", bytes);
      subjects.add(
          0, new Subject("nginx", nginx.process(), nginx.port(), "/variant.jpg", List.of(), nginx));
      System.out.println("the same " + bytes.length + " bytes from all");
    }
  }

  private static Subject node(String name, Path folder) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dsun.net.httpserver.nodelay=true",
                "-Dorg.jboss.logging.provider=slf4j",
                "-cp",
                System.getProperty("java.class.path"),
                DeliveryNode.class.getName(),
                name,
                folder.toString(),
                Integer.toString(name.endsWith("-bare") ? 0 : COLD))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader printed = process.inputReader();
    List<String> cold = new ArrayList<>();
    for (String line = printed.readLine(); line != null; line = printed.readLine()) {
      String[] words = line.split(" ");
      if (words[0].equals("cold")) {
        cold.add(words[1]);
      } else if (words[0].equals("warm")) {
        return new Subject(
            name,
            process.toHandle(),
            Integer.parseInt(words[1]),
            words[2],
            cold,
            () -> {
              process.getOutputStream().close();
              process.waitFor();
            });
      }
    }
    throw new IOException("expected " + name + " to serve, found that it has ended");
  }

  private void round(Subject subject, int round) throws IOException {
    String url = "http://127.0.0.1:" + subject.port + subject.path;
    double[] firsts = firstBytes(subject);
    Duration before = subject.processor();
    Wrk.Result full = wrk.ask(url, SECONDS, 0);
    Duration used = subject.processor().minus(before);
    Wrk.Result paced = wrk.ask(url, SECONDS, PAUSE);
    System.out.printf(
        Locale.ROOT,
        "round %d, %-14s %7.0f/s, p99 %5.2f ms; paced %6.0f/s, p99 %5.2f ms%n",
        round,
        subject.name,
        full.perSecond(),
        full.p99() / 1e3,
        paced.perSecond(),
        paced.p99() / 1e3);
    if (round >= 0) {
      subject.rates[round] = full.perSecond();
      subject.medians[round] = full.median() / 1e3;
      subject.p99s[round] = full.p99() / 1e3;
      subject.micros[round] = used.toNanos() / 1e3 / full.requests();
      subject.pacedRates[round] = paced.perSecond();
      subject.pacedP99s[round] = paced.p99() / 1e3;
      subject.firsts[round] = median(firsts);
    }
  }

  /** Milliseconds until the first byte, of requests one after the other. */
  private static double[] firstBytes(Subject subject) throws IOException {
    double[] firsts = new double[FIRST_BYTES];
    try (PlainClient client = new PlainClient(subject.port)) {
      for (int i = 0; i < firsts.length; i++) {
        firsts[i] = client.get(subject.path).first() / 1e6;
      }
    }
    return firsts;
  }

  private static void print(List<Subject> subjects) {
    System.out.printf(
        "%n%-14s %9s %6s %7s %7s %6s %9s %8s %8s %6s %8s%n",
        "", "/s", "÷", "p50 ms", "p99 ms", "÷", "cpu µs", "paced/s", "p99 ms", "÷", "TTFB ms");
    Subject nginx = subjects.get(0).name.equals("nginx") ? subjects.get(0) : null;
    for (Subject subject : subjects) {
      System.out.printf(
          Locale.ROOT,
          "%-14s %9.0f %6.2f %7.2f %7.2f %6.2f %9.1f %8.0f %8.2f %6.2f %8.3f%n",
          subject.name,
          median(subject.rates),
          ratio(subject.rates, nginx == null ? null : nginx.rates),
          median(subject.medians),
          median(subject.p99s),
          ratio(subject.p99s, nginx == null ? null : nginx.p99s),
          median(subject.micros),
          median(subject.pacedRates),
          median(subject.pacedP99s),
          ratio(subject.pacedP99s, nginx == null ? null : nginx.pacedP99s),
          median(subject.firsts));
    }
  }

  /** The median of the ratios of each round, in which both ran close together. */
  private static double ratio(double[] ours, double @Nullable [] theirs) {
    if (theirs == null) {
      return Double.NaN;
    }
    double[] ratios = new double[ours.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ours[i] / theirs[i];
    }
    return median(ratios);
  }

  /** What a first request takes longer than the transformation that it causes. */
  private static void cold(Subject subject) throws IOException {
    if (subject.cold.isEmpty()) {
      return;
    }
    List<Double> beside = new ArrayList<>();
    List<Double> made = new ArrayList<>();
    try (PlainClient client = new PlainClient(subject.port)) {
      for (String path : subject.cold) {
        PlainClient.Answer answer = client.get(path);
        double transform = ServerTiming.making(answer.header("Server-Timing"));
        made.add(transform);
        beside.add(answer.last() / 1e6 - transform);
      }
    }
    // The first quarter warms up the engine and what stores and publishes.
    List<Double> counted = beside.subList(beside.size() / 4, beside.size());
    double[] sorted = counted.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double[] costs = made.stream().mapToDouble(Double::doubleValue).toArray();
    System.out.printf(
        Locale.ROOT,
        "%s, %d variants nobody had: transformation %.1f ms, and beside it p50 %.2f ms, p90 %.2f"
            + " ms, p99 %.2f ms%n",
        subject.name,
        sorted.length,
        median(costs),
        sorted[sorted.length / 2],
        sorted[sorted.length * 9 / 10],
        sorted[sorted.length * 99 / 100]);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
