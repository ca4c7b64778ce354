package dev.hfsm.internal.work;

import dev.hfsm.error.OverloadedException;
import dev.hfsm.error.VariantPendingException;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.model.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Where callers of this process wait for variants that are not there yet: so many callers, for so
 * many variants. Whoever comes beyond that is turned away at once, before anything is written.
 *
 * <p>However many wait for one variant, one of them asks for it and one looks for it; the others
 * are woken with what it found. Who looks and runs out of time hands over to another, and so does
 * who is content with bytes that are not kept yet. A variant that nobody waits for any more,
 * because all ran out of time, takes up room until its work has come to an end, for {@link
 * #FORGOTTEN} at most. Thread-safe.
 */
public final class WaitingRoom {

  /** For how long a variant that nobody waits for any more takes up room, if nothing is heard. */
  public static final Duration FORGOTTEN = Duration.ofSeconds(30);

  static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final Duration LATEST = Duration.ofSeconds(30);
  private static final int SMOOTHING = 8;

  private final int mostVariants;
  private final int mostCallers;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Subject, Errand> errands = new HashMap<>();
  private final LongAdder turnedAway = new LongAdder();
  private final LongSupplier nanoTime;
  private int callers;
  private long usualNanos;
  private long lastEnd;

  /**
   * @param mostVariants for how many variants callers wait at the same time
   * @param mostCallers how many of them wait, each of whom holds a thread
   */
  public WaitingRoom(int mostVariants, int mostCallers) {
    this(mostVariants, mostCallers, System::nanoTime);
  }

  /**
   * @param nanoTime by which it is told how long ago somebody left; who waits does so by {@link
   *     System#nanoTime}
   */
  WaitingRoom(int mostVariants, int mostCallers, LongSupplier nanoTime) {
    this.mostVariants = mostVariants;
    this.mostCallers = mostCallers;
    this.nanoTime = nanoTime;
    this.lastEnd = nanoTime.getAsLong();
  }

  /** What a caller is content with. */
  public enum Until {
    /** Bytes that were made here, whatever becomes of them; or as below. */
    MADE,
    /** What stands in the ledger. */
    KEPT
  }

  /** For a caller who is prepared to wait; it is one too many only once it has to. */
  public Place place() {
    return new Place(true);
  }

  /** For a caller who asks and does not wait: it takes up no room. */
  public Place aside() {
    return new Place(false);
  }

  /** A caller's place. For one thread. */
  public final class Place implements AutoCloseable {
    private final boolean counted;
    private final Map<Subject, Errand> joined = new HashMap<>();
    private final List<Errand> unasked = new ArrayList<>();
    private final Set<Subject> atHand = new HashSet<>();
    private boolean taken;

    private Place(boolean counted) {
      this.counted = counted;
    }

    /** Whether the caller is prepared to wait. */
    public boolean waits() {
      return counted;
    }

    /**
     * The caller has to wait now; does nothing if it does already.
     *
     * @throws OverloadedException if too many do
     */
    public void take() {
      if (!counted || taken) {
        return;
      }
      lock.lock();
      try {
        if (callers >= mostCallers) {
          throw refused(callers + " callers wait for variants, which is all that may");
        }
        callers++;
        taken = true;
      } finally {
        lock.unlock();
      }
    }

    /**
     * Waits for these variants from now on.
     *
     * @return those that nobody waits for yet: they have to be asked for, which is said by {@link
     *     #asked}, while others who come to wait for them are told nothing
     * @throws OverloadedException if too many callers wait, or for too many variants
     */
    public Set<Subject> join(List<Subject> subjects) {
      if (!counted) {
        subjects.forEach(subject -> joined.put(subject, new Errand(subject)));
        unasked.addAll(joined.values());
        return Set.copyOf(subjects);
      }
      Set<Subject> fresh = new HashSet<>();
      lock.lock();
      try {
        take();
        requireRoom(subjects);
        for (Subject subject : subjects) {
          Errand errand = errands.get(subject);
          if (errand == null) {
            errand = new Errand(subject);
            errands.put(subject, errand);
            unasked.add(errand);
            fresh.add(subject);
          } else if (errand.made() != null) {
            atHand.add(subject);
          }
          errand.over = false;
          if (joined.put(subject, errand) == null) {
            errand.callers++;
          }
        }
      } finally {
        lock.unlock();
      }
      return fresh;
    }

    /** What {@link #join} gave was asked for. */
    public void asked() {
      unasked.forEach(errand -> errand.handOver(null));
      unasked.clear();
    }

    /**
     * A variant that was joined, once it is settled, or made.
     *
     * @param deadline as {@link System#nanoTime} tells it
     * @param look waits for it, and gives up by an exception; called if nobody else looks
     * @throws VariantPendingException if another looks and has not found it by then
     */
    public FoundVariant await(
        Subject subject, long deadline, Until until, Supplier<FoundVariant> look)
        throws InterruptedException {
      Errand errand = errand(subject);
      FoundVariant there = errand.lead(deadline, until);
      if (there != null) {
        return there;
      }
      VariantRow kept = null;
      try {
        FoundVariant found = look.get();
        if (found.isKept()) {
          kept = found.row();
          end(errand);
        }
        return found;
      } finally {
        errand.handOver(kept);
      }
    }

    /** The bytes of a variant that was joined, if they are there before it is kept. */
    public Optional<FoundVariant> made(Subject subject) {
      return Optional.ofNullable(errand(subject).made());
    }

    /** Whether the bytes of a variant were there when it was joined. */
    public boolean wasAtHand(Subject subject) {
      return atHand.contains(subject);
    }

    private Errand errand(Subject subject) {
      Errand errand = joined.get(subject);
      if (errand == null) {
        throw new IllegalStateException(subject + " was not joined");
      }
      return errand;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        callers -= taken ? 1 : 0;
        for (Errand errand : joined.values()) {
          if (counted && --errand.callers == 0) {
            errand.leftAt = nanoTime.getAsLong();
            if (errand.over) {
              remove(errand);
            } else if (unasked.contains(errand)) {
              errands.remove(errand.subject(), errand);
            }
          }
        }
      } finally {
        lock.unlock();
      }
      asked(); // whoever came meanwhile finds that there is no row, and asks
    }
  }

  private void requireRoom(List<Subject> subjects) {
    if (hasRoom(subjects)) {
      return;
    }
    long now = nanoTime.getAsLong();
    errands.values().removeIf(e -> e.callers == 0 && now - e.leftAt > FORGOTTEN.toNanos());
    if (!hasRoom(subjects)) {
      throw refused(errands.size() + " variants are waited for, which is all that may be");
    }
  }

  /**
   * A list that is longer than the room is let in if nobody else is there, or it never would be.
   */
  private boolean hasRoom(List<Subject> subjects) {
    long more = subjects.stream().distinct().filter(one -> !errands.containsKey(one)).count();
    return more == 0 || errands.isEmpty() || errands.size() + more <= mostVariants;
  }

  private OverloadedException refused(String what) {
    turnedAway.increment();
    return new OverloadedException(what, retryAfter());
  }

  /** In how long what is waited for now will have come to its end, as things go. */
  private Duration retryAfter() {
    Duration all = Duration.ofNanos(usualNanos * errands.size());
    Duration most = all.compareTo(LATEST) < 0 ? all : LATEST;
    return most.compareTo(RETRY_AFTER) < 0 ? RETRY_AFTER : most;
  }

  /**
   * A variant was made here and is about to be stored: it is there for those who wait for it.
   *
   * @param isUnderWay whether work about it has not come to its end here. If it has, these are the
   *     bytes of a thread that was written off: they are not shown, since no {@link #ended} would
   *     follow and take them away. Has to be false before {@link #ended} is told
   */
  public void made(FoundVariant made, Predicate<Subject> isUnderWay) {
    lock.lock();
    try {
      Errand errand = errands.get(Subject.derive(made.row().asset(), made.row().key()));
      if (errand != null && isUnderWay.test(errand.subject())) {
        errand.made(made);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Work has come to an end: a variant that nobody waits for any more takes up no room. */
  public void ended(Subject subject) {
    lock.lock();
    try {
      Errand errand = errands.get(subject);
      if (errand != null) {
        errand.made(null); // from here on the ledger says what there is
        errand.over = true;
        if (errand.callers == 0) {
          remove(errand);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void end(Errand errand) {
    lock.lock();
    try {
      remove(errand);
    } finally {
      lock.unlock();
    }
  }

  private void remove(Errand errand) {
    if (errands.remove(errand.subject(), errand)) {
      long now = nanoTime.getAsLong();
      long since = Math.min(now - lastEnd, TimeUnit.SECONDS.toNanos(10));
      usualNanos += (since - usualNanos) / SMOOTHING;
      lastEnd = now;
    }
  }

  /** For how many variants this process waits. */
  public int variants() {
    lock.lock();
    try {
      return errands.size();
    } finally {
      lock.unlock();
    }
  }

  /** How many callers wait. */
  public int callers() {
    lock.lock();
    try {
      return callers;
    } finally {
      lock.unlock();
    }
  }

  /** How many callers were turned away so far. */
  public long turnedAway() {
    return turnedAway.sum();
  }
}
