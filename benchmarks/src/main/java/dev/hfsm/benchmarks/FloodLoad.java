package dev.hfsm.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The clients of {@link ColdFlood}. Whoever of the crowd was refused comes back a second later, or
 * at once if that is asked for.
 */
final class FloodLoad {

  private static final int WARM = 16;
  private static final int COLD = 192;

  /** The least that Retry-After ever says, in milliseconds; 0 for clients who do not care. */
  private static final long PAUSE = Long.getLong("pause", 1_000);

  private final int port;
  private final String warm;
  private final List<String> cold;

  private FloodLoad(int port, List<String> paths) {
    this.port = port;
    this.warm = paths.get(0);
    this.cold = paths.subList(1, paths.size());
  }

  /** Arguments: port, file with the paths, seconds of each phase. */
  public static void main(String[] arguments) throws Exception {
    List<String> paths = Files.readAllLines(Path.of(arguments[1]));
    int seconds = Integer.parseInt(arguments[2]);
    FloodLoad load = new FloodLoad(Integer.parseInt(arguments[0]), paths);
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      load.warm(threads, Math.max(2, seconds / 4)); // so that both phases find compiled code
      Latencies idle = load.warm(threads, seconds);
      tell("alone", idle, seconds, idle);
      Flood flood = load.new Flood(seconds);
      List<Future<Void>> crowd = new ArrayList<>();
      for (int i = 0; i < COLD; i++) {
        crowd.add(threads.submit(flood));
      }
      tell("beside the crowd", load.warm(threads, seconds), seconds, idle);
      for (Future<Void> one : crowd) {
        one.get();
      }
      flood.tell();
    } finally {
      threads.shutdownNow();
    }
  }

  private static void tell(String when, Latencies found, int seconds, Latencies alone) {
    System.out.printf(
        "what is there, %s: %d/s (%.2f of alone), p50 %.2f ms, p99 %.2f ms, longest %.1f ms%n",
        when,
        found.count() / seconds,
        found.count() / (double) alone.count(),
        found.millis(0.5),
        found.millis(0.99),
        found.millis(1));
  }

  private Latencies warm(ExecutorService threads, int seconds) throws Exception {
    long until = System.nanoTime() + seconds * 1_000_000_000L;
    List<Future<Latencies>> all = new ArrayList<>();
    for (int i = 0; i < WARM; i++) {
      all.add(threads.submit(() -> warm(until)));
    }
    Latencies together = new Latencies();
    for (Future<Latencies> one : all) {
      together.addAll(one.get());
    }
    return together;
  }

  private Latencies warm(long until) throws Exception {
    Latencies times = new Latencies();
    try (FloodClient client = new FloodClient(port)) {
      for (long begin = System.nanoTime(); begin < until; begin = System.nanoTime()) {
        if (client.get(warm).status() != 200) {
          throw new IllegalStateException("what is there was refused");
        }
        times.add(System.nanoTime() - begin);
      }
    }
    return times;
  }

  /** A crowd that wants each of the cold variants once. */
  private final class Flood implements Callable<Void> {
    private final Queue<String> wanted = new ConcurrentLinkedQueue<>(cold);
    private final Map<String, Integer> answers = new TreeMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final long until;

    Flood(int seconds) {
      until = System.nanoTime() + seconds * 1_000_000_000L;
    }

    @Override
    public Void call() throws Exception {
      try (FloodClient client = new FloodClient(port)) {
        while (System.nanoTime() < until) {
          String path = wanted.poll();
          if (path == null) {
            return null;
          }
          FloodClient.Answer answer = client.get(path);
          asked.incrementAndGet();
          String what =
              answer.status()
                  + (answer.status() == 200 || answer.saysWhenToComeBack() ? "" : " (not when)");
          synchronized (answers) {
            answers.merge(what, 1, Integer::sum);
          }
          if (answer.status() != 200) {
            wanted.add(path);
            Thread.sleep(PAUSE);
          }
        }
      }
      return null;
    }

    void tell() {
      System.out.printf(
          "the crowd of %d asked %d times for %d variants, and was answered: %s%n",
          COLD, asked.get(), cold.size(), answers);
    }
  }
}
