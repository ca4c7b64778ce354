package dev.hfsm.internal.work;

import dev.hfsm.model.WorkKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the threads that work, and how much more they could take. No more is taken ahead
 * than they are likely to begin soon: work that lies here could be done by another node.
 *
 * <p>Variants may be made on some of the threads only, so that others are left for inspections, and
 * processors for whatever else the host does. Thread-safe.
 */
final class Hands {

  private static final int MAX_AHEAD = 200;
  private static final int MAX_UNSETTLED = 1000;
  private static final long AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final int SMOOTHING = 8;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final Condition quiet = lock.newCondition();
  private final Deque<Task> waiting = new ArrayDeque<>();
  private final int renders;
  private int hired;
  private int running;
  private int rendering;
  private boolean turnedAway;
  private int open;
  private int suspects;
  private long usualNanos = AHEAD_NANOS;
  private boolean closing;
  private boolean leaving;

  /** A step of a piece. Its body says whether the thread that ran it goes on. */
  record Task(Piece piece, BooleanSupplier body) {

    boolean isRender() {
      return piece.subject().kind() == WorkKind.DERIVE;
    }
  }

  /**
   * @param renders how many threads make variants at the same time, at most
   */
  Hands(int renders) {
    this.renders = renders;
  }

  /** So many more threads work, or fewer. */
  void hire(int threads) {
    lock.lock();
    try {
      hired += threads;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** One thread fewer works: it does not come back from its step of this piece. */
  void writeOff(Piece piece) {
    lock.lock();
    try {
      hired--;
      running--;
      rendering -= piece.subject().kind() == WorkKind.DERIVE ? 1 : 0;
      work.signalAll();
      quiet.signalAll();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  int hired() {
    lock.lock();
    try {
      return hired;
    } finally {
      lock.unlock();
    }
  }

  /** How many more pieces could be begun soon. */
  int room() {
    lock.lock();
    try {
      return free();
    } finally {
      lock.unlock();
    }
  }

  /** How many more pieces of this kind could be begun soon. */
  int room(WorkKind kind) {
    lock.lock();
    try {
      if (kind != WorkKind.DERIVE || renders >= hired) {
        return free();
      }
      int room = Math.min(free(), freeToRender());
      turnedAway |= room <= 0;
      return room;
    } finally {
      lock.unlock();
    }
  }

  private int freeToRender() {
    long here = rendering + waiting.stream().filter(Task::isRender).count();
    return (int) (renders + Math.min(ahead(), renders * AHEAD_NANOS / usualNanos) - here);
  }

  private int free() {
    if (closing || hired <= 0) {
      return 0;
    }
    int here = waiting.size() + running;
    return Math.min(hired + ahead() - here, MAX_UNSETTLED - open);
  }

  /** What a suspect takes with it if it ends the process is only what must be under way. */
  private int ahead() {
    return suspects > 0 ? 0 : (int) Math.min(MAX_AHEAD, hired * AHEAD_NANOS / usualNanos);
  }

  /** Room enough that claiming is worth while: at once if a hand is idle, else in batches. */
  private boolean isWorthWhile() {
    return free() > 0 && waiting.size() <= ahead() / 2;
  }

  /** Waits for room, and says how much there is; 0 if there is none in time. */
  int awaitRoom(Duration atMost) throws InterruptedException {
    long nanos = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (!isWorthWhile() && !closing && nanos > 0) {
        nanos = room.awaitNanos(nanos);
      }
      return Math.max(0, free());
    } finally {
      lock.unlock();
    }
  }

  /** Adds work that was claimed; false if it comes too late. */
  boolean take(Piece piece, BooleanSupplier body) {
    lock.lock();
    try {
      open++;
      suspects += piece.isSuspect() ? 1 : 0;
      if (closing) {
        return false;
      }
      waiting.addLast(new Task(piece, body));
      work.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Counts one more piece, which the thread of another does: it does not wait for a hand. */
  void carry() {
    lock.lock();
    try {
      open++;
    } finally {
      lock.unlock();
    }
  }

  /** Work that was begun goes on, before anything new. */
  void resume(Piece piece, BooleanSupplier body) {
    lock.lock();
    try {
      waiting.addFirst(new Task(piece, body));
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The next task; null when it is time to leave. */
  @Nullable Task next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Task task = first();
      while (task == null) {
        if (leaving || closing && open == 0) {
          return null;
        }
        work.await();
        task = first();
      }
      running++;
      rendering += task.isRender() ? 1 : 0;
      return task;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the first that may be begun. */
  private @Nullable Task first() {
    if (rendering < renders) {
      return waiting.pollFirst();
    }
    for (Iterator<Task> tasks = waiting.iterator(); tasks.hasNext(); ) {
      Task task = tasks.next();
      if (!task.isRender()) {
        tasks.remove();
        return task;
      }
    }
    return null;
  }

  /**
   * A task was done.
   *
   * @return whether variants can be claimed again after there was no room for any
   */
  boolean done(Task task, long nanos) {
    lock.lock();
    try {
      running--;
      rendering -= task.isRender() ? 1 : 0;
      quiet.signalAll();
      usualNanos = Math.max(1, usualNanos + (nanos - usualNanos) / SMOOTHING);
      if (isWorthWhile()) {
        room.signalAll();
      }
      boolean again = turnedAway && freeToRender() > 0;
      turnedAway &= !again;
      return again;
    } finally {
      lock.unlock();
    }
  }

  /** A piece that was taken has come to its end. */
  void ended(Piece piece) {
    lock.lock();
    try {
      open--;
      suspects -= piece.isSuspect() ? 1 : 0;
      if (isWorthWhile()) {
        room.signalAll();
      }
      if (open == 0) {
        quiet.signalAll();
        work.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  boolean hasSuspect() {
    lock.lock();
    try {
      return suspects > 0;
    } finally {
      lock.unlock();
    }
  }

  /** From now on nothing is taken. Answers with what waits. */
  List<Piece> close() {
    lock.lock();
    try {
      closing = true;
      work.signalAll();
      room.signalAll();
    } finally {
      lock.unlock();
    }
    return waiting();
  }

  /** The pieces that wait for a hand. */
  List<Piece> waiting() {
    lock.lock();
    try {
      List<Piece> pieces = new ArrayList<>();
      waiting.forEach(task -> pieces.add(task.piece()));
      return pieces;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets the tasks of a piece that was withdrawn: work here takes longer than was thought. */
  void drop(Piece piece) {
    lock.lock();
    try {
      usualNanos = Math.max(usualNanos, SLOW_NANOS);
    } finally {
      lock.unlock();
    }
    forget(piece);
  }

  /** Forgets the tasks of a piece that is carried by a thread from now on. */
  void forget(Piece piece) {
    lock.lock();
    try {
      waiting.removeIf(task -> task.piece() == piece);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until every piece that was taken has come to its end. */
  boolean awaitQuiet(Duration atMost) throws InterruptedException {
    return await(() -> open == 0, atMost);
  }

  /** Waits until no thread works, whatever is still to be written. */
  boolean awaitIdle(Duration atMost) throws InterruptedException {
    return await(() -> running == 0 && waiting.isEmpty(), atMost);
  }

  private boolean await(BooleanSupplier condition, Duration atMost) throws InterruptedException {
    long nanos = TimeUnit.NANOSECONDS.convert(atMost);
    lock.lockInterruptibly();
    try {
      while (!condition.getAsBoolean() && nanos > 0) {
        nanos = quiet.awaitNanos(nanos);
      }
      return condition.getAsBoolean();
    } finally {
      lock.unlock();
    }
  }

  /** Lets every idle thread leave, whatever has not come to its end. */
  void leave() {
    lock.lock();
    try {
      leaving = true;
      work.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
