package dev.hfsm.tck.broken;

import dev.hfsm.queue.Hint;
import dev.hfsm.queue.WorkQueue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Queues that wait too long, too short, or cannot be stopped. */
final class BrokenWaits {

  private BrokenWaits() {}

  static Map<String, Function<InstantSource, WorkQueue>> all() {
    Map<String, Function<InstantSource, WorkQueue>> all = new LinkedHashMap<>();
    all.put("no wait of a new queue has an end", ZeroIsForEver::new);
    all.put("a poll never waits", NeverWaits::new);
    all.put("a poll waits until its time is over", WaitsInAnyCase::new);
    all.put("a poll waits until it is full", WaitsUntilFull::new);
    all.put("an offer wakes nobody", OfferWakesNobody::new);
    all.put("an offer wakes only one", OfferWakesOne::new);
    all.put("a hint that comes due wakes nobody", DueWakesNobody::new);
    all.put("closing wakes nobody", c -> new Closing(c, Closing.Wakes.NOBODY));
    all.put("closing wakes only one", c -> new Closing(c, Closing.Wakes.ONE));
    all.put("a closed queue goes on", GoesOn::new);
    all.put("closing twice fails", ClosesOnce::new);
    all.put("interrupts are swallowed", SwallowsInterrupts::new);
    all.put("interrupts are ignored", IgnoresInterrupts::new);
    all.put("an interrupted poll takes a hint along", InterruptTakesAHint::new);
    return all;
  }

  private static final class ZeroIsForEver extends BrokenWorkQueue {
    private boolean used;

    ZeroIsForEver(InstantSource clock) {
      super(clock);
    }

    @Override
    public void offer(List<Hint> hints) {
      used |= !hints.isEmpty();
      super.offer(hints);
    }

    @Override
    public List<Hint> poll(int max, Duration maxWait) {
      return super.poll(max, used ? maxWait : maxWait.plusSeconds(10));
    }
  }

  private static final class NeverWaits extends BrokenWorkQueue {
    NeverWaits(InstantSource clock) {
      super(clock);
    }

    @Override
    public List<Hint> poll(int max, Duration maxWait) {
      return super.poll(max, Duration.ZERO);
    }
  }

  private static final class WaitsInAnyCase extends BrokenWorkQueue {
    WaitsInAnyCase(InstantSource clock) {
      super(clock);
    }

    @Override
    public synchronized List<Hint> poll(int max, Duration maxWait) {
      if (!closed && !maxWait.isZero()) {
        try {
          wait(maxWait.toMillis());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return super.poll(max, Duration.ZERO);
    }
  }

  private static final class WaitsUntilFull extends BrokenWorkQueue {
    private int size;

    WaitsUntilFull(InstantSource clock) {
      super(clock);
    }

    @Override
    public synchronized List<Hint> poll(int max, Duration maxWait) {
      size = maxWait.toSeconds() > 0 ? 2 : 1;
      return super.poll(max, maxWait);
    }

    @Override
    List<Hint> take(int max) {
      return waiting.size() < Math.min(max, size) ? List.of() : super.take(max);
    }
  }

  private static final class OfferWakesNobody extends BrokenWorkQueue {
    OfferWakesNobody(InstantSource clock) {
      super(clock);
    }

    @Override
    void wake() {}
  }

  private static final class OfferWakesOne extends BrokenWorkQueue {
    OfferWakesOne(InstantSource clock) {
      super(clock);
    }

    @Override
    void wake() {
      notify();
    }
  }

  private static final class DueWakesNobody extends BrokenWorkQueue {
    DueWakesNobody(InstantSource clock) {
      super(clock);
    }

    @Override
    long untilFirst() {
      return Long.MAX_VALUE;
    }
  }

  private static final class Closing extends BrokenWorkQueue {
    enum Wakes {
      NOBODY,
      ONE
    }

    private final Wakes wakes;

    Closing(InstantSource clock, Wakes wakes) {
      super(clock);
      this.wakes = wakes;
    }

    @Override
    public synchronized void close() {
      closed = true;
      if (wakes == Wakes.ONE) {
        notify();
      }
    }
  }

  private static final class GoesOn extends BrokenWorkQueue {
    GoesOn(InstantSource clock) {
      super(clock);
    }

    @Override
    public synchronized void close() {
      notifyAll();
    }
  }

  private static final class ClosesOnce extends BrokenWorkQueue {
    ClosesOnce(InstantSource clock) {
      super(clock);
    }

    @Override
    public synchronized void close() {
      if (closed) {
        throw new IllegalStateException("closed already");
      }
      super.close();
    }
  }

  private static final class SwallowsInterrupts extends BrokenWorkQueue {
    SwallowsInterrupts(InstantSource clock) {
      super(clock);
    }

    @Override
    boolean isInterrupted() {
      return Thread.interrupted();
    }

    @Override
    void interrupted() {}
  }

  private static final class IgnoresInterrupts extends BrokenWorkQueue {
    IgnoresInterrupts(InstantSource clock) {
      super(clock);
    }

    @Override
    public List<Hint> poll(int max, Duration maxWait) {
      long end = System.nanoTime() + maxWait.toNanos();
      while (true) {
        Thread.interrupted();
        Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
        List<Hint> found = super.poll(max, left);
        if (closed || left.isZero() || !found.isEmpty()) {
          return found;
        }
      }
    }
  }

  private static final class InterruptTakesAHint extends BrokenWorkQueue {
    private int lost;

    InterruptTakesAHint(InstantSource clock) {
      super(clock);
    }

    @Override
    void interrupted() {
      super.interrupted();
      lost = 1;
    }

    @Override
    public synchronized void offer(List<Hint> hints) {
      super.offer(hints.subList(lost, hints.size()));
      lost = 0;
    }
  }
}
