package dev.hfsm.redis;

import dev.hfsm.error.QueueException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to Redis: a session while there is one, and a new one when somebody needs it. While Redis
 * is away, tries to reach it follow each other ever more slowly, up to two seconds. Every future it
 * gives comes to its end. Thread-safe.
 */
final class Link implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Link.class);
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LAST_PAUSE = TimeUnit.SECONDS.toNanos(2);

  /** So often a connection is tried that ends before anybody has said why. */
  private static final int TRIES = 4;

  private static final long LOOK_AFTER_BELL = TimeUnit.SECONDS.toNanos(5);

  private final Server server;
  private final Keys keys;
  private final Duration timeout;
  private final Runnable ring;
  private final Faults faults;
  private final Fitness fitness;
  private @Nullable Session current;
  private @Nullable CompletableFuture<Session> opening;
  private @Nullable QueueException last;
  private long pause = FIRST_PAUSE;
  private long tryAt = System.nanoTime();
  private long lookedAfterBell = System.nanoTime();
  private boolean closed;

  /**
   * Nothing is opened yet.
   *
   * @param ring called when there may be something to poll, or no way to hear of it
   */
  Link(Server server, Keys keys, Duration timeout, Runnable ring) {
    this.server = server;
    this.keys = keys;
    this.timeout = timeout;
    this.ring = ring;
    this.faults = new Faults(server.address(), keys, timeout);
    this.fitness = new Fitness(server.address());
  }

  /** Comes to its end when it is known that the server keeps what it is given; fails if not. */
  CompletableFuture<Void> insistOnKeeping() {
    return session()
        .thenCompose(open -> open.insistOnKeeping(fitness).toCompletableFuture().copy())
        .orTimeout(timeout.multipliedBy(3).toNanos(), TimeUnit.NANOSECONDS)
        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(faults.of(failure)))
        .toCompletableFuture();
  }

  /** Runs a script, after a session was opened if need be. */
  CompletableFuture<List<Object>> run(Script script, List<String> arguments) {
    return session().thenCompose(session -> run(session, script, arguments));
  }

  /** The same, but fails at once while Redis is known to be away. */
  CompletableFuture<List<Object>> runPromptly(Script script, List<String> arguments) {
    return runPromptly(script, arguments, () -> true);
  }

  /**
   * The same again.
   *
   * @param wanted asked once there is a session: false if nobody waits for the answer any more
   */
  CompletableFuture<List<Object>> runPromptly(
      Script script, List<String> arguments, BooleanSupplier wanted) {
    CompletableFuture<Session> session = session();
    QueueException known = trouble();
    if (known != null && !session.isDone()) {
      return CompletableFuture.failedFuture(known);
    }
    return session.thenCompose(
        open ->
            wanted.getAsBoolean()
                ? run(open, script, arguments)
                : CompletableFuture.failedFuture(new CancellationException()));
  }

  private CompletableFuture<List<Object>> run(
      Session session, Script script, List<String> arguments) {
    CompletableFuture<List<Object>> result = new CompletableFuture<>();
    session
        .run(script, arguments)
        .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
        .whenComplete(
            (found, failure) -> {
              if (failure == null) {
                result.complete(found);
                return;
              }
              QueueException fault = faults.of(failure);
              if (Faults.breaks(failure)) {
                broken(session, fault);
              }
              result.completeExceptionally(fault);
            });
    return result;
  }

  /** What is known to be wrong just now, if anything. */
  private synchronized @Nullable QueueException trouble() {
    return last;
  }

  /** The session, or the one that is being opened, or why there is none. */
  CompletableFuture<Session> session() {
    CompletableFuture<Session> mine;
    synchronized (this) {
      if (closed) {
        return CompletableFuture.failedFuture(isClosed());
      }
      if (current != null) {
        return CompletableFuture.completedFuture(current);
      }
      if (opening != null) {
        return opening;
      }
      if (last != null && System.nanoTime() - tryAt < 0) {
        return CompletableFuture.failedFuture(last);
      }
      mine = new CompletableFuture<>();
      opening = mine;
    }
    open(mine);
    return mine;
  }

  private void open(CompletableFuture<Session> mine) {
    CompletableFuture<Session> attempt;
    try {
      attempt = connect(TRIES).thenCompose(this::begin).toCompletableFuture();
    } catch (RuntimeException e) {
      attempt = CompletableFuture.failedFuture(e);
    }
    CompletableFuture<Session> opened = attempt;
    CompletableFuture<Session> bounded = attempt.copy();
    bounded
        .orTimeout(timeout.multipliedBy(2).toNanos(), TimeUnit.NANOSECONDS)
        .whenComplete(
            (session, failure) -> {
              if (failure == null) {
                succeeded(mine, session);
              } else {
                opened.thenAccept(Session::close); // should it come later
                failed(mine, faults.ofOpening(failure));
              }
            });
  }

  /**
   * A server that refuses a login ends the connection, and now and then the client notices that
   * before it has read the refusal: it would be taken for a server that is away, and waited for.
   */
  private CompletionStage<Connections> connect(int tries) {
    return server
        .connect()
        .toCompletableFuture()
        .exceptionallyCompose(
            failure ->
                tries > 1 && Faults.tellsNothing(failure)
                    ? connect(tries - 1)
                    : CompletableFuture.failedStage(failure));
  }

  private CompletionStage<Session> begin(Connections connections) {
    Session session = new Session(connections, keys);
    return session
        .begin(fitness, ring, this::ended)
        .whenComplete(
            (begun, failure) -> {
              if (failure != null) {
                session.close();
              }
            });
  }

  private void succeeded(CompletableFuture<Session> mine, Session session) {
    boolean wanted;
    boolean back;
    synchronized (this) {
      opening = null;
      wanted = !closed;
      back = last != null;
      if (wanted) {
        current = session;
        last = null;
        pause = FIRST_PAUSE;
      }
    }
    if (!wanted) {
      session.close();
      mine.completeExceptionally(isClosed());
      return;
    }
    if (back) {
      LOG.info("Redis at {} is there again", server.address());
    }
    mine.complete(session);
    ring.run();
  }

  private void failed(CompletableFuture<Session> mine, QueueException fault) {
    synchronized (this) {
      opening = null;
      if (last == null && !closed) {
        LOG.warn("{}; until it answers, work is looked for in the ledger", fault.getMessage());
      }
      last = fault;
      tryAt = System.nanoTime() + pause;
      pause = Math.min(LAST_PAUSE, 2 * pause);
    }
    mine.completeExceptionally(fault);
  }

  private void ended(Session session) {
    broken(session, faults.of(new IOException("the connection has ended")));
  }

  /** Lets go of a session that is worth nothing; the next may be opened at once. */
  void broken(Session session, QueueException fault) {
    synchronized (this) {
      if (current != session) {
        return;
      }
      current = null;
      if (!closed) {
        LOG.warn("{}; until it answers, work is looked for in the ledger", fault.getMessage());
      }
      last = fault;
      tryAt = System.nanoTime();
    }
    session.close();
    ring.run();
  }

  /**
   * Looks now and then whether the connection that listens is alive: nothing else would tell a line
   * that died without a word from one on which there is nothing to say.
   */
  void lookAfterBell() {
    Session session;
    long now = System.nanoTime();
    synchronized (this) {
      session = current;
      if (session == null || now - lookedAfterBell < LOOK_AFTER_BELL) {
        return;
      }
      lookedAfterBell = now;
    }
    session
        .ping()
        .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
        .whenComplete(
            (pong, failure) -> {
              if (failure != null) {
                broken(session, faults.of(failure));
              }
            });
  }

  private static QueueException isClosed() {
    return new QueueException("the queue is closed", null, false);
  }

  @Override
  public void close() {
    Session open;
    CompletableFuture<Session> coming;
    synchronized (this) {
      closed = true;
      open = current;
      current = null;
      coming = opening;
    }
    if (coming != null) {
      // A client that is shut down says nothing more of connections it was opening.
      coming.completeExceptionally(isClosed());
    }
    if (open != null) {
      try {
        open.close().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        LOG.debug("a connection was not closed in time: {}", e.toString());
      }
    }
    server.close();
  }
}
