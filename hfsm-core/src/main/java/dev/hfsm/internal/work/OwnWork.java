package dev.hfsm.internal.work;

import dev.hfsm.internal.Settings;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.ClaimRequest.Suspects;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import dev.hfsm.queue.WorkQueue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims work that has just come up on this node, by its subject, if hands here are free for it: a
 * queue need not tell this node what it has just said itself. The rest is offered to all. Runs on
 * the thread that hints.
 */
final class OwnWork {

  private static final Logger LOG = LoggerFactory.getLogger(OwnWork.class);

  private final Settings settings;
  private final WorkRunner runner;
  private final Vitals vitals;
  private final IntSupplier room;
  private final Consumer<List<Hint>> offer;
  private final ReentrantLock claiming = new ReentrantLock();
  private boolean closed;

  /**
   * @param room how much more work will be begun here without delay
   * @param offer tells all nodes; does not fail
   */
  OwnWork(
      Settings settings,
      WorkRunner runner,
      Vitals vitals,
      IntSupplier room,
      Consumer<List<Hint>> offer) {
    this.settings = settings;
    this.runner = runner;
    this.vitals = vitals;
    this.room = room;
    this.offer = offer;
  }

  /** Claims or offers each. Does not fail. */
  void take(List<Hint> hints) {
    claiming.lock();
    try {
      List<Hint> own = new ArrayList<>();
      List<Hint> others = new ArrayList<>();
      int most = closed ? 0 : room.getAsInt();
      Instant now = settings.clock().instant();
      for (Hint hint : hints) {
        boolean mine = own.size() < most && isOwn(hint, now);
        (mine ? own : others).add(hint);
      }
      if (!others.isEmpty()) {
        offer.accept(others); // first: a claim waits for a disk
      }
      if (!own.isEmpty() && !claimed(own)) {
        offer.accept(own);
      }
    } finally {
      claiming.unlock();
    }
  }

  private boolean isOwn(Hint hint, Instant now) {
    WorkKind kind = hint.subject().kind();
    WorkQueue queue = settings.queue();
    return !hint.notBefore().isAfter(now)
        && !settings.rates().containsKey(kind) // counted by the thread that claims
        && queue != null
        && queue.maySkip(kind);
  }

  /**
   * Whether the ledger has answered. What it did not grant it does not owe, or it is a suspect, or
   * held up: none of it needs a hint.
   */
  private boolean claimed(List<Hint> hints) {
    long asked = System.nanoTime();
    ClaimRequest request =
        ClaimRequest.about(
            settings.worker(),
            hints.stream().map(Hint::subject).distinct().toList(),
            settings.lease());
    List<Claim> claims;
    try {
      claims = settings.ledger().work().claim(request.with(Suspects.EXCLUDED));
    } catch (RuntimeException e) {
      vitals.failed("claiming work that came up here", e);
      LOG.debug("{} pieces are left to whoever hears of them: {}", hints.size(), e.toString());
      return false;
    }
    vitals.claimed();
    vitals.answered();
    runner.accept(claims, asked, WorkRunner.ClaimKind.ORDINARY);
    return true;
  }

  /** From now on nothing is claimed; false if a claim is still under way after that time. */
  boolean close(long nanos) throws InterruptedException {
    if (!claiming.tryLock(nanos, TimeUnit.NANOSECONDS)) {
      return false;
    }
    try {
      closed = true;
      return true;
    } finally {
      claiming.unlock();
    }
  }
}
