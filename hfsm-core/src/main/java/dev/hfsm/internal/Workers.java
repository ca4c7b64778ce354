package dev.hfsm.internal;

import dev.hfsm.error.HfsmException;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.Reaped;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import dev.hfsm.queue.WorkQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes work from the ledger and does it, on threads the host's executor gives: one for each piece
 * of work done at the same time, and one for chores (renewing leases, reaping, offering due work to
 * the queue again). Each keeps its thread until {@link #close}.
 */
public final class Workers implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
  private static final Duration DRAIN = Duration.ofSeconds(30);
  private static final Duration REAP_EVERY = Duration.ofSeconds(1);
  private static final Duration RECONCILE_EVERY = Duration.ofSeconds(10);
  private static final int BATCH = 100;

  private final Settings settings;
  private final Bell bell;
  private final Signals signals;
  private final ActiveLeases leases;
  private final WorkRunner runner;
  private final Announcer announcer;
  private final List<ChorePlan> housekeeping;
  private final CountDownLatch workersEnded;
  private final CountDownLatch choresEnded = new CountDownLatch(1);
  private volatile boolean closing;

  /**
   * Nothing runs before {@link #start}.
   *
   * @param chores what is done now and then besides reaping and reconciling
   */
  public Workers(
      Settings settings, Bell bell, Signals signals, Announcer announcer, List<ChorePlan> chores) {
    this.housekeeping = List.copyOf(chores);
    this.announcer = announcer;
    this.settings = settings;
    this.bell = bell;
    this.signals = signals;
    this.leases = new ActiveLeases(settings.ledger().work(), settings.lease());
    this.runner = new WorkRunner(settings, leases, signals, announcer);
    this.workersEnded = new CountDownLatch(settings.workers());
  }

  /** Begins to work. Call once. */
  public void start(Executor executor) {
    settings.spool().removeStale(settings.clock().instant());
    int running = 0;
    try {
      for (; running < settings.workers(); running++) {
        String name = settings.worker() + "-" + running;
        executor.execute(() -> repeat(() -> workOnce(name), () -> !closing, workersEnded));
      }
      Chores chores = new Chores();
      // Leases are renewed until the last worker has left.
      executor.execute(() -> repeat(chores::once, () -> workersEnded.getCount() > 0, choresEnded));
    } catch (RuntimeException | Error refused) {
      // Nobody waits for what the executor did not take; what it took ends again.
      for (; running < settings.workers(); running++) {
        workersEnded.countDown();
      }
      choresEnded.countDown();
      close();
      throw refused;
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws InterruptedException;
  }

  private void repeat(Step step, BooleanSupplier goOn, CountDownLatch ended) {
    try {
      while (goOn.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
        try {
          step.run();
        } catch (HfsmException e) {
          LOG.warn("the ledger or the queue did not answer, trying again soon: {}", e.getMessage());
          pause();
        } catch (RuntimeException | Error e) {
          LOG.error("unexpected failure in a worker, going on", e);
          pause();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  private void pause() throws InterruptedException {
    bell.await(bell.heard(), settings.poll());
  }

  private void workOnce(String worker) throws InterruptedException {
    long heard = bell.heard();
    WorkQueue queue = settings.queue();
    List<Claim> claims = queue == null ? claimDue(worker) : claimHinted(worker, queue);
    claims.forEach(runner::run);
    if (claims.isEmpty() && queue == null) {
      bell.await(heard, settings.poll());
    }
  }

  private List<Claim> claimDue(String worker) {
    return settings
        .ledger()
        .work()
        .claim(ClaimRequest.due(worker, EnumSet.allOf(WorkKind.class), 1, settings.lease()));
  }

  private List<Claim> claimHinted(String worker, WorkQueue queue) throws InterruptedException {
    long asked = System.nanoTime();
    List<Hint> hints = queue.poll(1, settings.poll());
    if (hints.isEmpty()) {
      if (System.nanoTime() - asked < settings.poll().toNanos() / 2) {
        pause(); // a queue that answers at once with nothing has been closed
      }
      return List.of();
    }
    List<Subject> subjects = hints.stream().map(Hint::subject).toList();
    List<Claim> claims =
        settings.ledger().work().claim(ClaimRequest.about(worker, subjects, settings.lease()));
    // From here on the ledger remembers; a hint that led to no claim is one the ledger does not
    // owe.
    queue.ack(hints);
    return claims;
  }

  /** When a chore is due. A clock that is set back makes it due, instead of putting it off. */
  private static final class Cadence {
    private final Duration every;
    private Instant last = Instant.MAX;

    Cadence(Duration every) {
      this.every = every;
    }

    boolean isDue(Instant now) {
      return now.isBefore(last) || !now.isBefore(last.plus(every));
    }

    void doneAt(Instant now) {
      last = now;
    }
  }

  /** What has to be done now and then, on one thread. */
  private final class Chores {

    /** Often enough for a short lease to be renewed at half its length. */
    private final Duration lookAgain =
        Collections.min(List.of(settings.poll(), settings.lease().dividedBy(4)));

    private final Cadence reaping = new Cadence(REAP_EVERY);
    private final Cadence reconciling = new Cadence(RECONCILE_EVERY);

    void once() throws InterruptedException {
      long heard = bell.heard();
      leases.renewDue();
      Instant now = settings.clock().instant();
      if (reaping.isDue(now)) {
        reap(now);
        reaping.doneAt(now);
      }
      if (settings.queue() != null && reconciling.isDue(now)) {
        reconcile();
        reconciling.doneAt(now);
      }
      bell.await(heard, lookAgain);
    }

    private void reap(Instant now) {
      Reaped reaped = settings.ledger().work().reap(BATCH, settings.maxAttempts());
      if (!reaped.freed().isEmpty()) {
        LOG.warn("{} leases had expired, their work is due again", reaped.freed().size());
        announcer.announce(reaped.freed().stream().map(s -> new Hint(s, now, 0)).toList());
      }
      for (Subject buried : reaped.buried()) {
        runner.tellOfExhaustion(buried);
        signals.signal(buried);
      }
    }

    private void reconcile() {
      Cursor after = Cursor.START;
      while (after != null && !closing) {
        Page<Hint> page = settings.ledger().operator().due(after, BATCH);
        if (!page.items().isEmpty()) {
          announcer.announce(page.items());
        }
        after = page.next();
        // A long scan must not cost the work under way its leases.
        leases.renewDue();
      }
    }
  }

  /**
   * Lets work under way come to its end for 30 s, then cancels it, and returns when every thread
   * has left. Work that does not notice within another 30 s is left behind: its lease will run out,
   * and nothing it does afterwards takes effect. An interrupt shortens the first wait, not the
   * second.
   */
  @Override
  public void close() {
    closing = true;
    bell.ring();
    boolean interrupted = false;
    try {
      if (!ended(workersEnded)) {
        LOG.warn("work is still under way after {} s, it is given back", DRAIN.toSeconds());
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    leases.cancelAll();
    interrupted |= awaitCalmly(workersEnded);
    bell.ring();
    interrupted |= awaitCalmly(choresEnded);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean ended(CountDownLatch latch) throws InterruptedException {
    return latch.await(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Waits in spite of one interrupt, and says whether there was one. */
  private static boolean awaitCalmly(CountDownLatch latch) {
    boolean interrupted = Thread.interrupted();
    try {
      ended(latch);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    return interrupted;
  }
}
