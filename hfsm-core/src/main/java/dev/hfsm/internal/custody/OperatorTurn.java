package dev.hfsm.internal.custody;

import dev.hfsm.internal.Settings;
import dev.hfsm.internal.chores.ChoreContext;
import dev.hfsm.internal.chores.ChoreNote;
import dev.hfsm.ledger.Chore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A chore that somebody asked for, done under the same lease as the scheduled one, for as long as
 * it takes. For one thread.
 */
final class OperatorTurn implements ChoreContext, AutoCloseable {

  static final Duration LEASE = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(OperatorTurn.class);
  private static final AtomicLong TURNS = new AtomicLong();

  private final Settings settings;
  private Chore held;
  private ChoreNote note;
  private long leasedAt;
  private boolean lost;

  private OperatorTurn(Settings settings, Chore held, long leasedAt) {
    this.settings = settings;
    this.held = held;
    this.leasedAt = leasedAt;
    this.note = ChoreNote.parse(held.progress());
  }

  /**
   * Takes a chore's lease. Each turn is a holder of its own: a scheduled chore of this very node
   * keeps it out as well.
   *
   * @return empty if another holds it
   */
  static Optional<OperatorTurn> take(Settings settings, String chore) {
    long before = System.nanoTime();
    String worker = settings.worker() + "-turn" + TURNS.incrementAndGet();
    return settings
        .ledger()
        .chores()
        .lease(chore, worker, LEASE)
        .map(granted -> new OperatorTurn(settings, granted, before));
  }

  @Override
  public String progress() {
    return note.progress();
  }

  @Override
  public void note(String progress) {
    write(note.with(progress));
  }

  /** Notes that the chore came to its end, so that the scheduled one need not begin for a while. */
  void finish(String progress) {
    write(note.with(progress).finished(settings.clock().instant()));
  }

  private void write(ChoreNote next) {
    settings.ledger().chores().note(held, next.toString());
    note = next;
  }

  @Override
  public boolean keepGoing() {
    if (lost || Thread.currentThread().isInterrupted()) {
      return false;
    }
    long now = System.nanoTime();
    if (now - leasedAt >= LEASE.toNanos() / 2) {
      Optional<Chore> extended =
          settings.ledger().chores().lease(held.name(), held.worker(), LEASE);
      lost = extended.isEmpty();
      held = extended.orElse(held);
      leasedAt = now;
    }
    return !lost;
  }

  @Override
  public Settings settings() {
    return settings;
  }

  @Override
  public void close() {
    try {
      settings.ledger().chores().release(held);
    } catch (RuntimeException e) {
      LOG.debug("the lease on chore {} was not given back and will run out", held.name(), e);
    }
  }
}
