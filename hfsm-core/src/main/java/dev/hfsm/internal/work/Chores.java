package dev.hfsm.internal.work;

import dev.hfsm.internal.Settings;
import dev.hfsm.internal.chores.ChoreBody;
import dev.hfsm.internal.chores.ChoreContext;
import dev.hfsm.internal.chores.ChoreNote;
import dev.hfsm.internal.chores.ChorePlan;
import dev.hfsm.internal.chores.ChorePlan.Pace;
import dev.hfsm.ledger.Chore;
import dev.hfsm.ledger.ChoreLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does chores when they are due, those of one pace on one thread, one after the other. A shared
 * chore is done under its lease in the ledger, by one node at a time; a node that is done with a
 * slow one notes when, so that no other begins it again before its cadence is over.
 */
final class Chores {

  private static final Logger LOG = LoggerFactory.getLogger(Chores.class);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration TURN = Duration.ofSeconds(2);
  private static final Duration MOST_BETWEEN_LOOKS = Duration.ofMinutes(1);

  private final Settings settings;
  private final CountDownLatch closing;
  private final Vitals vitals;
  private final List<Running> running;

  /**
   * @param closing down to zero once chores have to stop
   */
  Chores(Settings settings, List<ChorePlan> plans, CountDownLatch closing, Vitals vitals) {
    this.settings = settings;
    this.closing = closing;
    this.vitals = vitals;
    this.running = plans.stream().map(Running::new).toList();
  }

  /** Does chores until the pipeline closes. */
  void run() throws InterruptedException {
    try {
      while (!isClosing()) {
        boolean more = false;
        for (Running chore : running) {
          more |= !isClosing() && chore.turnIfDue();
        }
        if (!more) {
          closing.await(TICK.toMillis(), TimeUnit.MILLISECONDS);
        }
      }
    } finally {
      running.forEach(Running::release);
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  /** A chore on this node. */
  private final class Running implements ChoreContext {
    private final ChorePlan plan;
    private final Cadence cadence;
    private final Duration lease;
    private @Nullable Chore held;
    private ChoreNote note = ChoreNote.NONE;
    private long leasedAt;
    private long turnEnds;
    private final Outage outage;
    private boolean lost;

    Running(ChorePlan plan) {
      this.plan = plan;
      // A dead node's lease on a fast chore has run out before its leases on work have.
      this.lease = plan.pace() == Pace.FAST ? settings.lease().dividedBy(3) : settings.lease();
      this.cadence = new Cadence(settings.clock());
      this.outage = new Outage("chore " + plan.name(), vitals, closing);
    }

    /** Says whether it wants another turn at once. */
    boolean turnIfDue() {
      if (!cadence.isOver()) {
        return false;
      }
      try {
        boolean more = turn();
        outage.over();
        return more;
      } catch (RuntimeException | Error e) {
        outage.note(e);
      }
      release();
      cadence.begin(shorter(plan.every(), MOST_BETWEEN_LOOKS));
      return false;
    }

    private boolean turn() {
      if (!lease()) {
        // Somebody else has it, or it was done a short while ago: then it is free for whoever asks.
        release();
        cadence.begin(shorter(plan.every(), MOST_BETWEEN_LOOKS));
        return false;
      }
      turnEnds = System.nanoTime() + TURN.toNanos();
      boolean more = plan.body().run(this) == ChoreBody.Turn.MORE;
      if (more || lost) {
        return !lost;
      }
      if (plan.pace() == Pace.SLOW) {
        write(note.finished(settings.clock().instant()));
        release();
      }
      cadence.begin(shorter(plan.every(), MOST_BETWEEN_LOOKS));
      return false;
    }

    private boolean lease() {
      lost = false;
      if (plan.pace() == Pace.LOCAL) {
        return true;
      }
      if (held != null && System.nanoTime() - leasedAt < lease.toNanos() / 2) {
        return true;
      }
      return extend() && (plan.pace() == Pace.FAST || note.isDue(plan.every(), now()));
    }

    private Instant now() {
      return settings.clock().instant();
    }

    private boolean extend() {
      long before = System.nanoTime();
      Optional<Chore> granted = ledger().lease(plan.name(), settings.worker(), lease);
      held = granted.orElse(null);
      lost = held == null;
      if (held != null) {
        leasedAt = before;
        note = ChoreNote.parse(held.progress());
      }
      return held != null;
    }

    private ChoreLedger ledger() {
      return settings.ledger().chores();
    }

    @Override
    public String progress() {
      return note.progress();
    }

    @Override
    public void note(String progress) {
      write(note.with(progress));
    }

    private void write(ChoreNote next) {
      if (plan.pace() != Pace.LOCAL) {
        if (held == null) {
          throw new IllegalStateException("a note of " + plan.name() + " without its lease");
        }
        ledger().note(held, next.toString());
      }
      note = next;
    }

    @Override
    public boolean keepGoing() {
      if (isClosing() || lost || System.nanoTime() - turnEnds >= 0) {
        return false;
      }
      boolean fresh =
          plan.pace() == Pace.LOCAL || System.nanoTime() - leasedAt < lease.toNanos() / 2;
      return fresh || extend();
    }

    @Override
    public Settings settings() {
      return settings;
    }

    void release() {
      Chore mine = held;
      held = null;
      if (mine != null) {
        try {
          ledger().release(mine);
        } catch (RuntimeException e) {
          LOG.debug("the lease on chore {} was not given back and will run out", mine.name(), e);
        }
      }
    }
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
