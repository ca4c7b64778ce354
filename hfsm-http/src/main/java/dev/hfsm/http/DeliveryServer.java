package dev.hfsm.http;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpServer;
import dev.hfsm.AssetPipeline;
import dev.hfsm.delivery.Delivery;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JDK's HTTP server ({@code jdk.httpserver}) with what it takes to run it: a bounded number of
 * threads, an access log, {@code /healthz} and {@code /readyz}, and an end in order. Thread-safe.
 *
 * <p>{@code /healthz} is 200 for as long as the process answers. {@code /readyz} is 503 while the
 * server is shutting down, before the pipeline has reached its ledger, and while ledger or store
 * are away; the body says which.
 *
 * <p>Call {@link HttpServerTuning#apply()} first, before any such server is made in the JVM:
 * without it answers are 40 ms late and slow clients are waited for without a bound.
 */
public final class DeliveryServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DeliveryServer.class);
  private static final int WAITING = 1000;
  private static final Duration THREADS_END = Duration.ofSeconds(2);
  private static final Duration LOOKS = Duration.ofSeconds(1);

  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final Dawdlers dawdlers;
  private final ScheduledExecutorService looks;
  private final Gate gate = new Gate();
  private final Duration notice;
  private final Duration drain;
  private boolean closed;

  DeliveryServer(DeliveryServerBuilder described) throws IOException {
    if (!Boolean.getBoolean(HttpServerTuning.NO_DELAY)) {
      LOG.warn("{} is not set: answers are 40 ms late", HttpServerTuning.NO_DELAY);
    }
    this.notice = described.notice;
    this.drain = described.drain;
    this.server = HttpServer.create(described.address, 0);
    this.threads = threads(described.threads);
    this.dawdlers = new Dawdlers(threads, described.asking, System::nanoTime);
    server.setExecutor(dawdlers::execute);
    try {
      serve(described);
    } catch (RuntimeException e) {
      server.stop(0);
      throw e;
    }
    this.looks = looks(described.asking);
    server.start();
  }

  private void serve(DeliveryServerBuilder described) {
    AccessLog log = new AccessLog(described.accessLog);
    described.handlers.forEach(
        (path, handler) -> {
          HttpContext context = server.createContext(path, handler);
          context.getFilters().add(dawdlers);
          context.getFilters().add(log);
          context.getFilters().add(gate);
          if (path.equals(described.mount)) {
            context.getFilters().addAll(described.filters);
          }
        });
    probe("/healthz", List::of);
    probe("/readyz", new Readiness(described.assets, gate)::obstacles);
  }

  /** Probes come every few seconds: they are not logged, and are answered until the very end. */
  private void probe(String path, Supplier<List<String>> obstacles) {
    server.createContext(path, new Probe(obstacles)).getFilters().add(dawdlers);
  }

  /** Often enough that nobody has much more than the bound. */
  private ScheduledExecutorService looks(Duration bound) {
    long nanos = Math.min(LOOKS.toNanos(), bound.toNanos() / 4 + 1);
    ScheduledExecutorService one =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "hfsm-http-dawdlers");
              thread.setDaemon(true);
              return thread;
            });
    one.scheduleWithFixedDelay(dawdlers::look, nanos, nanos, TimeUnit.NANOSECONDS);
    return one;
  }

  /** Beyond what may wait, the server closes connections: whoever comes then would wait longest. */
  private static ThreadPoolExecutor threads(int most) {
    AtomicInteger number = new AtomicInteger();
    ThreadFactory named =
        task -> {
          Thread thread = new Thread(task, "hfsm-http-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        };
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            most, most, 60, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), named);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /**
   * Describes a server of what {@code delivery} answers, which serves what {@code assets} keeps.
   */
  public static DeliveryServerBuilder of(AssetPipeline assets, Delivery delivery) {
    return new DeliveryServerBuilder(assets, delivery);
  }

  /** Where it listens, with the port that was found if any would do. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /**
   * Ends in order: {@code /readyz} says no; after the notice nothing new is begun; what is under
   * way is waited for, up to a bound; then the connections are closed. The pipeline stays open.
   * Never throws for being called twice.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    gate.announceEnd();
    try {
      gate.pause(notice);
      gate.shut();
      int left = gate.awaitIdle(drain);
      if (left > 0) {
        LOG.warn("{} requests were under way after {} and are cut off", left, drain);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    gate.shut();
    server.stop(0);
    looks.shutdownNow();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(THREADS_END.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
