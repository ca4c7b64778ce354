package dev.hfsm.internal.work;

import dev.hfsm.internal.Finder;
import dev.hfsm.internal.Settings;
import dev.hfsm.internal.chores.ChorePlan;
import dev.hfsm.internal.chores.ChorePlan.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes work from the ledger and does it, on threads the host's executor gives: one for each piece
 * of work done at the same time, and {@link #SERVANTS} more, each kept until {@link #close}. One
 * claims, one writes results, one renews leases, one looks after threads that do not stop, one
 * listens, one rings, one forgets what others have removed, and two do chores, so that none of this
 * waits for another. If there is a queue, one more offers hints, and claims what came up here if
 * hands are free.
 */
public final class Workers implements AutoCloseable {

  /** How many threads are taken besides those that work and the one for a queue. */
  public static final int SERVANTS = 9;

  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
  private static final Duration LONGEST_GRACE = Duration.ofSeconds(10);
  private static final Duration SHORTEST_GRACE = Duration.ofMillis(100);
  private static final Duration LEAVING = Duration.ofSeconds(5);
  private static final Duration LAST_CLAIM = Duration.ofSeconds(2);
  private static final int LOST_FOR_EACH = 2;

  private final Settings settings;
  private final Bell bell;
  private final Announcer announcer;
  private final Vitals vitals;
  private final List<ChorePlan> plans = new ArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final CountDownLatch claimed = new CountDownLatch(1);
  private final AtomicInteger lost = new AtomicInteger();
  private final Hands hands;
  private final ActiveLeases leases;
  private final Settler settler;
  private final WorkRunner runner;
  private final Claimer claimer;
  private final Ear ear;
  private final Bell removals = new Bell();
  private final Removing removing;
  private final Ringer ringer;
  private final OwnWork own;
  private final OwnVariants variants;
  private final Hinter hinter;
  private @Nullable Crew crew;
  private boolean claiming;

  /**
   * Nothing runs before {@link #start}.
   *
   * @param chores what is done now and then besides reaping and reconciling
   */
  public Workers(
      Settings settings,
      Finder finder,
      Bell bell,
      Signals signals,
      Announcer announcer,
      Vitals vitals,
      List<ChorePlan> chores) {
    this.settings = settings;
    this.bell = bell;
    this.announcer = announcer;
    this.vitals = vitals;
    this.hands = new Hands(settings.renders());
    this.leases = new ActiveLeases(settings.ledger().work(), settings.lease(), vitals);
    this.settler = new Settler(settings.ledger().work(), outage("writing results", ended));
    this.runner =
        new WorkRunner(settings, leases, hands, settler, bell, signals, announcer, vitals);
    this.claimer =
        new Claimer(
            settings,
            bell,
            hands,
            runner,
            announcer,
            vitals,
            outage("claiming work", closing),
            closing);
    this.ear =
        new Ear(
            settings.ledger().bell(),
            bell,
            removals,
            signals,
            vitals,
            outage("listening to other nodes", closing),
            closing);
    this.removing =
        new Removing(
            settings.ledger().removals(),
            finder,
            removals,
            outage("reading what was removed", closing),
            closing);
    this.ringer = new Ringer(settings.ledger().bell(), outage("ringing for other nodes", ended));
    this.own = new OwnWork(settings, runner, vitals, claimer::room, announcer::offerAtOnce);
    this.variants = new OwnVariants(settings, runner, vitals, claimer::room);
    this.hinter = new Hinter(own::take);
    plans.addAll(new WorkChores(settings, runner, claimer, signals, announcer, vitals).plans());
    plans.addAll(chores);
  }

  private Outage outage(String what, CountDownLatch until) {
    return new Outage(what, vitals, until);
  }

  /** Begins to work. Call once. */
  public void start(Executor executor) {
    settings.spool().removeStale();
    Crew threads = new Crew(executor);
    crew = threads;
    Watch watch =
        new Watch(
            leases, runner, threads, piece -> replace(threads, piece), ended, grace(settings));
    Outage renewal = outage("renewing leases", ended);
    try {
      threads.take("watch", watch::run);
      threads.take("settling", settler::run);
      threads.take("renewal", () -> renew(renewal));
      threads.take("ringing", ringer::run);
      threads.take("fast chores", chores(plan -> plan.pace() == Pace.FAST)::run);
      threads.take("slow chores", chores(plan -> plan.pace() != Pace.FAST)::run);
      threads.take("listening", ear::run);
      threads.take("removing", removing::run);
      if (settings.queue() != null) {
        threads.take("hinting", hinter::run);
      }
      for (int i = 0; i < settings.workers(); i++) {
        hire(threads);
      }
      announcer.attach(ringer, hinter, claimer::canBeginMore);
      claiming = true;
      threads.take("claiming", this::claim);
      variants.begin();
    } catch (RuntimeException | Error refused) {
      claiming = false;
      close();
      throw refused;
    }
  }

  /** How long work may go on after its time before its thread is interrupted, and once more. */
  private static Duration grace(Settings settings) {
    Duration part = settings.workTime().dividedBy(4);
    Duration least = part.compareTo(SHORTEST_GRACE) < 0 ? SHORTEST_GRACE : part;
    return least.compareTo(LONGEST_GRACE) < 0 ? least : LONGEST_GRACE;
  }

  private Chores chores(Predicate<ChorePlan> which) {
    return new Chores(settings, plans.stream().filter(which).toList(), closing, vitals);
  }

  private void claim() throws InterruptedException {
    try {
      claimer.run();
    } finally {
      claimed.countDown();
    }
  }

  /** Leases are renewed until the last result is written. */
  private void renew(Outage outage) throws InterruptedException {
    long tick = ActiveLeases.lookEvery(settings.lease());
    while (!ended.await(tick, TimeUnit.MILLISECONDS)) {
      try {
        leases.renewDue(outage);
      } catch (RuntimeException | Error e) {
        outage.note(e);
      }
    }
  }

  private void hire(Crew threads) {
    threads.take("work", () -> work(threads));
    hands.hire(1);
  }

  private void work(Crew threads) throws InterruptedException {
    for (Hands.Task task = hands.next(); task != null; task = hands.next()) {
      long start = System.nanoTime();
      boolean goOn = true;
      try {
        goOn = task.body().getAsBoolean();
      } catch (RuntimeException | Error e) {
        LOG.error("unexpected failure in a worker, going on", e);
      }
      if (!goOn) {
        LOG.info("a thread that was written off has come back and leaves");
        lost.decrementAndGet();
        threads.remember();
        return;
      }
      if (hands.done(task, System.nanoTime() - start)) {
        bell.ring();
      }
    }
  }

  /** Takes another thread for one that is written off, but not without end. */
  private void replace(Crew threads, Piece piece) {
    hands.writeOff(piece);
    bell.ring();
    threads.forget();
    if (closing.getCount() == 0) {
      return;
    }
    if (lost.incrementAndGet() > LOST_FOR_EACH * settings.workers()) {
      LOG.error("too many threads are lost to be replaced, {} still work", hands.hired());
      return;
    }
    try {
      hire(threads);
    } catch (RejectedExecutionException e) {
      LOG.error("the executor gives no thread for a lost one, {} still work", hands.hired());
    }
  }

  /** What callers wait for who would have it made here. */
  public OwnVariants variants() {
    return variants;
  }

  /** How many threads are there to work. */
  public int working() {
    return hands.hired();
  }

  /**
   * Gives back what was not begun, lets work under way come to its end for as long as the settings
   * say, then cancels it, and returns when every thread has left. Work that does not even notice an
   * interrupt is left behind: its lease will run out, and nothing it does afterwards takes effect.
   * An interrupt shortens the first wait, not the second.
   */
  @Override
  public void close() {
    Crew threads = crew;
    closing.countDown();
    bell.ring();
    removals.ring();
    ear.close();
    hands.close().forEach(runner::withdraw);
    boolean interrupted = drain();
    settler.giveUp();
    settler.leaveWhenEmpty();
    ended.countDown();
    announcer.detach();
    ringer.leaveWhenEmpty();
    hinter.leaveWhenEmpty();
    hands.leave();
    if (threads != null) {
      threads.close();
      interrupted |= calmly(() -> threads.awaitAll(LEAVING.toNanos()));
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean drain() {
    boolean interrupted = false;
    if (claiming) {
      interrupted = calmly(() -> claimed.await(LAST_CLAIM.toMillis(), TimeUnit.MILLISECONDS));
      interrupted |= calmly(() -> own.close(LAST_CLAIM.toNanos()));
      interrupted |= calmly(() -> variants.close(LAST_CLAIM.toNanos()));
    }
    boolean quiet = false;
    try {
      quiet = !interrupted && hands.awaitQuiet(settings.drain());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (!quiet) {
      LOG.warn(
          "work is still under way after {} s, it is given back", settings.drain().toSeconds());
      leases.cancelAll();
      Duration longest = grace(settings).multipliedBy(2).plus(LEAVING);
      interrupted |= calmly(() -> hands.awaitIdle(longest));
      interrupted |= calmly(() -> hands.awaitQuiet(LEAVING));
    }
    return interrupted;
  }

  @FunctionalInterface
  private interface Wait {
    boolean once() throws InterruptedException;
  }

  /** Waits in spite of one interrupt, and says whether there was one. */
  private static boolean calmly(Wait wait) {
    boolean interrupted = Thread.interrupted();
    try {
      wait.once();
    } catch (InterruptedException e) {
      interrupted = true;
    }
    return interrupted;
  }
}
