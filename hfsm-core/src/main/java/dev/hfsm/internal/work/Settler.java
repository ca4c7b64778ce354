package dev.hfsm.internal.work;

import dev.hfsm.error.HfsmException;
import dev.hfsm.ledger.Settled;
import dev.hfsm.ledger.Settlement;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.model.Subject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes results to the ledger on one thread: whatever has come together while one call was under
 * way goes with the next, so that a lone result is written at once and many cost few round trips.
 *
 * <p>A ledger that cannot be reached is tried again for as long as the leases last: the result is
 * there, and the work need not be done twice. What fails with others is tried alone, so that nobody
 * pays for a neighbour.
 */
final class Settler {

  private static final Logger LOG = LoggerFactory.getLogger(Settler.class);
  private static final int BATCH = 200;
  private static final int TRIES_TOGETHER = 2;

  private final WorkLedger ledger;
  private final Outage outage;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Entry> queue = new ArrayDeque<>();
  private boolean leaving;
  private volatile boolean giveUp;

  Settler(WorkLedger ledger, Outage outage) {
    this.ledger = ledger;
    this.outage = outage;
  }

  /** Hears what became of one entry, on the settling thread. */
  interface Answer {

    /** The ledger has answered. */
    void settled(Settled answer);

    /** It was not written, or nobody knows. */
    void failed(Throwable reason);
  }

  /** A result; or, if there is no settlement, a call that is made by itself. */
  private record Entry(
      Piece piece, @Nullable Settlement settlement, Runnable alone, Answer answer, int tries) {

    boolean isForCompany() {
      return settlement != null && tries < TRIES_TOGETHER;
    }

    Entry again(int triesNow) {
      return new Entry(piece, settlement, alone, answer, triesNow);
    }
  }

  /** Writes a result, with others if there are any. */
  void settle(Piece piece, Settlement settlement, Answer answer) {
    add(new Entry(piece, settlement, () -> {}, answer, 0));
  }

  /** Makes a call that settles the piece otherwise; its answer is told as DONE. */
  void settleAlone(Piece piece, Runnable call, Answer answer) {
    add(new Entry(piece, null, call, answer, 0));
  }

  private void add(Entry entry) {
    lock.lock();
    try {
      queue.addLast(entry);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Settles until told to leave and nothing is left. */
  void run() throws InterruptedException {
    for (List<Entry> batch = next(); !batch.isEmpty(); batch = next()) {
      write(batch);
    }
  }

  private List<Entry> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (queue.isEmpty()) {
        if (leaving) {
          return List.of();
        }
        changed.await();
      }
      List<Entry> batch = new ArrayList<>(List.of(queue.removeFirst()));
      if (batch.get(0).isForCompany()) {
        gather(batch);
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** A subject may wait twice, under a lease that was lost and under a later one. */
  private void gather(List<Entry> batch) {
    Set<Subject> subjects = new HashSet<>(Set.of(batch.get(0).piece().subject()));
    while (batch.size() < BATCH && !queue.isEmpty()) {
      Entry entry = queue.peekFirst();
      if (!entry.isForCompany() || !subjects.add(entry.piece().subject())) {
        return;
      }
      batch.add(queue.removeFirst());
    }
  }

  private void write(List<Entry> batch) throws InterruptedException {
    List<Settled> answers;
    try {
      answers = call(batch);
      outage.ledgerAnswered();
    } catch (HfsmException e) {
      if (e.retryable() && !giveUp) {
        tryAgain(batch, e);
      } else {
        separate(batch, e);
      }
      return;
    } catch (RuntimeException | Error e) {
      separate(batch, e);
      return;
    }
    // Committed: from here on, log and never fail.
    for (int i = 0; i < batch.size(); i++) {
      Settled answer = answers.get(i);
      tell(batch.get(i), hears -> hears.settled(answer));
    }
  }

  private List<Settled> call(List<Entry> batch) {
    Entry first = batch.get(0);
    if (first.settlement() == null) {
      first.alone().run();
      return List.of(new Settled(Settled.Outcome.DONE, null));
    }
    List<Settlement> settlements = new ArrayList<>(batch.size());
    for (Entry entry : batch) {
      if (entry.settlement() != null) {
        settlements.add(entry.settlement());
      }
    }
    return ledger.settle(settlements);
  }

  private void tryAgain(List<Entry> batch, HfsmException reason) throws InterruptedException {
    for (Entry entry : batch) {
      if (entry.piece().budget().isLeaseOver()) {
        tell(entry, hears -> hears.failed(reason));
      } else {
        add(entry.again(entry.tries() + 1));
      }
    }
    outage.bear(reason);
  }

  /** It is not for lack of a connection: each is tried by itself, and one alone has failed. */
  private void separate(List<Entry> batch, Throwable reason) {
    if (batch.size() == 1) {
      tell(batch.get(0), hears -> hears.failed(reason));
      return;
    }
    LOG.warn("{} results could not be written together: {}", batch.size(), reason.toString());
    batch.forEach(entry -> add(entry.again(TRIES_TOGETHER)));
  }

  private static void tell(Entry entry, Consumer<Answer> word) {
    try {
      word.accept(entry.answer());
    } catch (RuntimeException | Error e) {
      LOG.error("could not follow up on {}", entry.piece().lease(), e);
    }
  }

  /** Lets the thread leave once everything is written. */
  void leaveWhenEmpty() {
    lock.lock();
    try {
      leaving = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** From now on nothing is tried a second time. */
  void giveUp() {
    giveUp = true;
  }

  /** How many results wait to be written. */
  int backlog() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }
}
