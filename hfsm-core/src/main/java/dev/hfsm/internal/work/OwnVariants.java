package dev.hfsm.internal.work;

import dev.hfsm.error.HfsmException;
import dev.hfsm.internal.Settings;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.Requested;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.WorkQueue;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for variants and claims them in the same transaction, on the thread of a caller who waits
 * for them, if hands here are free: nobody else need hear of them. Thread-safe.
 */
public final class OwnVariants {

  private static final Logger LOG = LoggerFactory.getLogger(OwnVariants.class);

  private final Settings settings;
  private final WorkRunner runner;
  private final Vitals vitals;
  private final IntSupplier room;
  private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();
  private volatile boolean working;

  /**
   * @param room how much more work will be begun here without delay
   */
  OwnVariants(Settings settings, WorkRunner runner, Vitals vitals, IntSupplier room) {
    this.settings = settings;
    this.runner = runner;
    this.vitals = vitals;
    this.room = room;
  }

  /**
   * Asks for variants of one asset, each once, and has those begun here that were not held.
   *
   * @return the answers, in the order of the requests; empty if nothing was asked for, because
   *     others would begin it sooner
   * @throws HfsmException if the ledger does not answer
   */
  public Optional<List<Requested>> request(List<VariantRequest> requests) {
    if (!open.readLock().tryLock()) {
      return Optional.empty();
    }
    try {
      return working && maySkip() && room.getAsInt() >= requests.size()
          ? Optional.of(begin(requests))
          : Optional.empty();
    } finally {
      open.readLock().unlock();
    }
  }

  /** What is under a rate is counted by the thread that claims, or by the queue. */
  private boolean maySkip() {
    WorkQueue queue = settings.queue();
    return !settings.rates().containsKey(WorkKind.DERIVE)
        && (queue == null || queue.maySkip(WorkKind.DERIVE));
  }

  private List<Requested> begin(List<VariantRequest> requests) {
    long asked = System.nanoTime();
    List<Requested> answers =
        settings.ledger().work().requestAndClaim(requests, settings.worker(), settings.lease());
    vitals.answered();
    List<Claim> granted =
        answers.stream().map(Requested::claim).flatMap(Stream::ofNullable).toList();
    if (!granted.isEmpty()) {
      vitals.claimed();
      if (working) {
        runner.accept(granted, asked, WorkRunner.ClaimKind.ORDINARY);
      } else {
        granted.forEach(this::release); // who would give it back may have left
      }
    }
    return answers;
  }

  private void release(Claim claim) {
    try {
      settings.ledger().work().release(claim.lease());
    } catch (HfsmException e) {
      LOG.info("the lease on {} was not given back and will run out", claim.lease().subject(), e);
    }
  }

  /** Whether work about a variant has not come to its end here. */
  public boolean isUnderWay(Subject subject) {
    return runner.isUnderWay(subject);
  }

  /** From now on somebody works here. */
  void begin() {
    working = true;
  }

  /** From now on nothing is claimed; false if a claim is still under way after that time. */
  boolean close(long nanos) throws InterruptedException {
    working = false;
    boolean quiet = open.writeLock().tryLock(nanos, TimeUnit.NANOSECONDS);
    if (quiet) {
      open.writeLock().unlock();
    }
    return quiet;
  }
}
