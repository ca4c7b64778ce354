package dev.hfsm.benchmarks;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import dev.hfsm.redis.RedisWorkQueue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Hints through Redis beside BullMQ's empty jobs on the same server, in one run; rounds take turns,
 * the median of them is told: {@code java -cp benchmarks.jar dev.hfsm.benchmarks.RedisThroughput
 * [everysec | always] [redis-server] [folder of the peer]}. The peer needs Node and {@code npm
 * install}. With {@code pickup} as a fourth argument only the time to a pick-up is measured, at
 * length, beside that of a bare question and its answer.
 */
public final class RedisThroughput {

  private static final int CONCURRENT = 50;
  private static final int ROUNDS = 3;
  private static final int RATE = 200;
  private static final int LONG_SECONDS = 10;
  private static final Duration TIME = Duration.ofSeconds(2);

  private final AtomicLong next = new AtomicLong();
  private final DurableRedis server;
  private final Path peer;

  private RedisThroughput(DurableRedis server, Path peer) {
    this.server = server;
    this.peer = peer;
  }

  /** Runs all of it. */
  public static void main(String[] arguments) throws Exception {
    String fsync = arguments.length > 0 ? arguments[0] : "everysec";
    String program = arguments.length > 1 ? arguments[1] : "redis-server";
    Path peer = Path.of(arguments.length > 2 ? arguments[2] : "benchmarks/peers/bullmq");
    System.out.println("append-only file, fsync " + fsync);
    try (DurableRedis server = DurableRedis.start(program, fsync)) {
      RedisThroughput run = new RedisThroughput(server, peer);
      if (arguments.length > 3) {
        run.pickUp();
      } else {
        run.run();
      }
    }
  }

  private void run() throws Exception {
    double[][] found = new double[8][ROUNDS];
    for (int round = -1; round < ROUNDS; round++) { // the first only warms up
      double[] ours = ours();
      double[] theirs = theirs();
      System.out.println(Arrays.toString(ours) + " " + Arrays.toString(theirs));
      for (int i = 0; round >= 0 && i < 8; i++) {
        found[i][round] = i < 5 ? ours[i] : theirs[i - 5];
      }
    }
    double add = median(found[5]);
    double process = median(found[6]);
    line("offer, " + CONCURRENT + " threads, 1 each", found[0], add);
    line("poll " + CONCURRENT + ", ack " + CONCURRENT + ", one thread", found[1], process);
    line("poll 1, ack 1, " + CONCURRENT + " threads", found[2], process);
    line("pick-up p50, us", found[3], 0);
    line("pick-up p99, us", found[4], 0);
    line("BullMQ add", found[5], 0);
    line("BullMQ process", found[6], 0);
    line("BullMQ pick-up p99, us", found[7], 0);
  }

  private void pickUp() throws Exception {
    try (RedisWorkQueue queue = queue()) {
      for (int round = -1; round < ROUNDS; round++) {
        long[] asked = asking(queue, RATE * LONG_SECONDS);
        long[] micros = pickingUp(queue, RATE * LONG_SECONDS);
        if (round >= 0) {
          print("a question and its answer", asked);
          print("pick-up", micros);
        }
      }
    }
  }

  private static void print(String what, long[] micros) {
    System.out.printf(
        "%s, us: p50 %d, p90 %d, p99 %d (%d at %d/s)%n",
        what,
        micros[micros.length / 2],
        micros[micros.length * 9 / 10],
        micros[micros.length * 99 / 100],
        micros.length,
        RATE);
  }

  /** What no pick-up can beat by much: a script that finds nothing. */
  private static long[] asking(RedisWorkQueue queue, int count) {
    long[] micros = new long[count];
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      LockSupport.parkNanos(start + i * (1_000_000_000L / RATE) - System.nanoTime());
      long begun = System.nanoTime();
      queue.poll(1, Duration.ZERO);
      micros[i] = (System.nanoTime() - begun) / 1000;
    }
    Arrays.sort(micros);
    return micros;
  }

  private RedisWorkQueue queue() {
    return RedisWorkQueue.builder()
        .uri(server.uri())
        .maxHints(10_000_000)
        .timeout(Duration.ofSeconds(10))
        .open();
  }

  private Hint hint() {
    byte[] digest = ByteBuffer.allocate(32).putLong(24, next.incrementAndGet()).array();
    return new Hint(Subject.inspect(AssetId.of(Digest.of(digest))), Instant.now(), 0);
  }

  private double[] ours() throws Exception {
    try (RedisWorkQueue queue = queue()) {
      double offer = offering(queue);
      double batches = draining(queue, 1, CONCURRENT);
      offering(queue);
      double singles = draining(queue, CONCURRENT, 1);
      long[] micros = pickingUp(queue, RATE * (int) TIME.toSeconds());
      return new double[] {
        offer, batches, singles, micros[micros.length / 2], micros[micros.length * 99 / 100]
      };
    }
  }

  private double offering(RedisWorkQueue queue) throws Exception {
    return new Crowd(CONCURRENT, TIME)
        .perSecond(
            thread -> {
              queue.offer(List.of(hint()));
              return 1;
            });
  }

  /** Until nothing is left. */
  private static double draining(RedisWorkQueue queue, int threads, int batch) throws Exception {
    double perSecond =
        new Crowd(threads, Duration.ofMinutes(1))
            .perSecond(
                thread -> {
                  List<Hint> hints = queue.poll(batch, Duration.ZERO);
                  queue.ack(hints);
                  return hints.size();
                });
    long left = queue.stats(WorkKind.INSPECT).ready() + queue.stats(WorkKind.INSPECT).taken();
    if (left > 0) {
      throw new IllegalStateException("expected an empty queue, found " + left + " hints");
    }
    return perSecond;
  }

  /** From the end of an offer on one node to the end of the poll it wakes on another. */
  private long[] pickingUp(RedisWorkQueue offering, int count) throws Exception {
    AtomicLongArray acknowledged = new AtomicLongArray(count);
    long[] micros = new long[count];
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (RedisWorkQueue polling = queue()) {
      List<Hint> hints = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        hints.add(hint());
      }
      Future<?> poller = executor.submit(() -> poll(polling, hints, acknowledged, micros));
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        LockSupport.parkNanos(start + i * (1_000_000_000L / RATE) - System.nanoTime());
        offering.offer(List.of(hints.get(i)));
        acknowledged.set(i, System.nanoTime());
      }
      poller.get();
    } finally {
      executor.shutdownNow();
    }
    Arrays.sort(micros);
    return micros;
  }

  private static void poll(
      RedisWorkQueue queue, List<Hint> hints, AtomicLongArray acknowledged, long[] micros) {
    for (int seen = 0; seen < micros.length; ) {
      List<Hint> some = queue.poll(CONCURRENT, Duration.ofSeconds(1));
      long now = System.nanoTime();
      queue.ack(some);
      for (Hint hint : some) {
        int i = index(hints, hint);
        while (acknowledged.get(i) == 0) {
          Thread.onSpinWait(); // polled before the offer returned
        }
        micros[i] = Math.max(0, now - acknowledged.get(i)) / 1000;
        seen++;
      }
    }
  }

  /** Hints are numbered on end. */
  private static int index(List<Hint> hints, Hint hint) {
    return (int) (number(hint) - number(hints.get(0)));
  }

  private static long number(Hint hint) {
    return Long.parseLong(hint.subject().asset().digest().hex().substring(48), 16);
  }

  /** What the peer says: added and processed a second, pick-up p99 in microseconds. */
  private double[] theirs() throws IOException, InterruptedException {
    Process node =
        new ProcessBuilder(
                "node",
                "measure.mjs",
                Integer.toString(server.port()),
                Long.toString(TIME.toSeconds()),
                Integer.toString(RATE))
            .directory(peer.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    double[] found = new double[3];
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        String[] words = line.split(" ");
        switch (words[0]) {
          case "add" -> found[0] = Double.parseDouble(words[1]);
          case "process" -> found[1] = Double.parseDouble(words[1]);
          case "pickup" -> found[2] = Double.parseDouble(words[2]);
          default -> System.out.println(line);
        }
      }
    }
    if (node.waitFor() != 0) {
      throw new IllegalStateException("the peer failed");
    }
    return found;
  }

  private static void line(String name, double[] values, double peer) {
    String ratio = peer == 0 ? "" : String.format(Locale.ROOT, "  %.2f x", median(values) / peer);
    System.out.printf(
        Locale.ROOT,
        "%-32s %10.0f %s%s%n",
        name,
        median(values),
        Arrays.toString(Arrays.stream(values).mapToLong(Math::round).toArray()),
        ratio);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
