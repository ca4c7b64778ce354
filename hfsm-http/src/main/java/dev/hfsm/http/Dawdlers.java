package dev.hfsm.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets clients go who are slow to send what nobody can do without. The JDK's server reads request
 * line and header fields on a thread of its executor, and once it has answered, what is left of a
 * body that nobody wanted: a few hundred clients who stop in the middle of either would hold all
 * threads. Threads that read such things for too long are interrupted, which closes the connection
 * they read from. As a filter it comes first: who gets there has read the head. Thread-safe.
 */
final class Dawdlers extends Filter {

  private final Executor threads;
  private final long bound;
  private final LongSupplier clock;
  private final ThreadLocal<Reader> own = ThreadLocal.withInitial(Reader::new);
  private final Set<Reader> reading = ConcurrentHashMap.newKeySet();

  /**
   * @param threads on which requests are read and answered
   * @param bound how long reading may take each time
   * @param clock nanoseconds since whenever
   */
  Dawdlers(Executor threads, Duration bound, LongSupplier clock) {
    this.threads = threads;
    this.bound = bound.toNanos();
    this.clock = clock;
  }

  /** What a thread reads, if it does. */
  private static final class Reader {
    private @Nullable Thread thread;
    private long since;
    private boolean cut;

    synchronized void begin(long now) {
      thread = Thread.currentThread();
      since = now;
    }

    /** Whether it was in time. No interruption comes later: it would be that of something else. */
    synchronized boolean end() {
      boolean inTime = !cut;
      thread = null;
      if (cut) {
        cut = false;
        Thread.interrupted();
      }
      return inTime;
    }

    synchronized void cut(long now, long bound) {
      if (thread != null && !cut && now - since > bound) {
        thread.interrupt();
        cut = true;
      }
    }
  }

  /** Reads, as far as it is not what a handler wants. */
  @FunctionalInterface
  interface Reading {
    void run() throws IOException;
  }

  /** Runs what reads a request and answers it. */
  void execute(Runnable exchange) {
    threads.execute(
        () -> {
          begin();
          try {
            exchange.run();
          } finally {
            end();
          }
        });
  }

  /** Reads within the bound. */
  void within(Reading some) throws IOException {
    begin();
    try {
      some.run();
    } finally {
      end();
    }
  }

  private void begin() {
    Reader reader = own.get();
    reader.begin(clock.getAsLong());
    reading.add(reader);
  }

  private boolean end() {
    Reader reader = own.get();
    reading.remove(reader);
    return reader.end();
  }

  @Override
  public String description() {
    return "dawdlers";
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    if (!end()) {
      throw new IOException("the head of a request came too late");
    }
    chain.doFilter(
        announcesBody(exchange.getRequestHeaders())
            ? new BoundedExchange(exchange, this)
            : exchange);
  }

  private static boolean announcesBody(Headers headers) {
    String length = headers.getFirst("Content-Length");
    return length != null && !length.equals("0") || headers.containsKey("Transfer-Encoding");
  }

  /** Lets go who has taken too long by now. */
  void look() {
    long now = clock.getAsLong();
    reading.forEach(reader -> reader.cut(now, bound));
  }
}
