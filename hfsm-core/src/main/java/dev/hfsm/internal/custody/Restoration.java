package dev.hfsm.internal.custody;

import dev.hfsm.error.LedgerException;
import dev.hfsm.internal.Settings;
import dev.hfsm.internal.chores.ChoreNote;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The note in the ledger that it was restored from a backup, and what has been done about it since.
 * It stays, so that the grace of what was claimed in the time that was lost can be told, until the
 * next restore. Thread-safe.
 */
final class Restoration {

  private static final String CHORE = "restored";
  private static final String SCRUBBED = "scrubbed";
  private static final String ADOPTED = "adopted";
  private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long PATIENCE = OperatorTurn.LEASE.multipliedBy(2).toNanos();

  private final Settings settings;

  Restoration(Settings settings) {
    this.settings = settings;
  }

  /**
   * That a ledger was restored.
   *
   * @param noticed when that was noticed, on the ledger's clock
   * @param scrubbed whether a full scrub that began later has passed
   * @param adopted whether what the ledger had lost was adopted later
   */
  record Restored(Instant noticed, boolean scrubbed, boolean adopted) {

    static @Nullable Restored parse(String text) {
      if (text.isEmpty()) {
        return null;
      }
      String[] words = text.split(" ", -1);
      try {
        return new Restored(Instant.parse(words[0]), has(words, SCRUBBED), has(words, ADOPTED));
      } catch (DateTimeException e) {
        // Whatever this is, somebody wanted the sweep to stay off.
        return new Restored(Instant.EPOCH, false, false);
      }
    }

    /** Whether the ledger knows again all that is stored. */
    boolean isOver() {
      return scrubbed && adopted;
    }

    private static boolean has(String[] words, String word) {
      return java.util.Arrays.asList(words).contains(word);
    }

    @Override
    public String toString() {
      return noticed + (scrubbed ? " " + SCRUBBED : "") + (adopted ? " " + ADOPTED : "");
    }
  }

  /** The note, if there is one; waits for nobody who is changing it. */
  Optional<Restored> read() {
    String noted = settings.ledger().chores().noted(CHORE);
    return Optional.ofNullable(Restored.parse(ChoreNote.parse(noted).progress()));
  }

  /**
   * Notes that the ledger was restored; what was done about an earlier time counts no more.
   *
   * @param goOn whether to wait on for another who is changing the note; asked again and again, so
   *     it may renew what the caller holds
   */
  void noticed(BooleanSupplier goOn) {
    Instant now = LedgerTime.of(settings.ledger().intake());
    change(goOn, before -> new Restored(now, false, false));
  }

  /**
   * Notes that a full scrub has passed.
   *
   * @param began when it began, on the ledger's clock
   * @param goOn as for {@link #noticed}
   */
  void scrubbed(Instant began, BooleanSupplier goOn) {
    change(
        goOn,
        before ->
            before == null || began.isBefore(before.noticed())
                ? before
                : new Restored(before.noticed(), true, before.adopted()));
  }

  /**
   * Notes that everything has been adopted.
   *
   * @param began when that began, on the ledger's clock
   * @param goOn as for {@link #noticed}
   */
  void adopted(Instant began, BooleanSupplier goOn) {
    change(
        goOn,
        before ->
            before == null || began.isBefore(before.noticed())
                ? before
                : new Restored(before.noticed(), before.scrubbed(), true));
  }

  private void change(BooleanSupplier goOn, UnaryOperator<@Nullable Restored> change) {
    try (OperatorTurn turn = turn(goOn)) {
      Restored before = Restored.parse(turn.progress());
      Restored after = change.apply(before);
      turn.note(after == null ? "" : after.toString());
    }
  }

  /**
   * Waits for whoever is just changing the note: what is to be noted may have taken hours. A node
   * that died meanwhile holds it for as long as a lease lasts.
   */
  private OperatorTurn turn(BooleanSupplier goOn) {
    long begun = System.nanoTime();
    long pause = SHORTEST_PAUSE;
    Optional<OperatorTurn> turn = OperatorTurn.take(settings, CHORE);
    while (turn.isEmpty()) {
      if (System.nanoTime() - begun > PATIENCE
          || Thread.currentThread().isInterrupted()
          || !goOn.getAsBoolean()) {
        throw new LedgerException(
            "the note whether the ledger was restored is held by another node; try again",
            null,
            true);
      }
      LockSupport.parkNanos(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE);
      turn = OperatorTurn.take(settings, CHORE);
    }
    return turn.get();
  }
}
