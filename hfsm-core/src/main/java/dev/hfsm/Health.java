package dev.hfsm;

import dev.hfsm.internal.Vitals;
import dev.hfsm.model.WorkKind;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a pipeline is, from what its threads saw last. Times are the process's own.
 *
 * @param ledger whether the ledger answered when it was last asked
 * @param lastClaim when work was last asked for with an answer; null if never, as before the start.
 *     A running pipeline that is not at the limit of what it can do asks every second.
 * @param lastRenewal when a lease was last renewed; null if none was, as for short work
 * @param lastReaping when this node last looked for expired leases; null if others do
 * @param listening whether rings of other nodes are heard; if not, their work is found by looking
 * @param workers how many threads do work; 0 before the start
 * @param workersLost how many threads never came back from a transformer, since the start
 * @param memoryLost how many bytes those of them have reserved that have not come back by now: what
 *     other transformations of this JVM have to do without until they do, or it ends
 * @param paused the kinds of work that are paused, as last seen; a running pipeline looks every 5 s
 * @param lastError what went wrong last, whether or not it has passed; null if nothing did
 * @param lastErrorAt when that was
 */
public record Health(
    Ledger ledger,
    @Nullable Instant lastClaim,
    @Nullable Instant lastRenewal,
    @Nullable Instant lastReaping,
    boolean listening,
    int workers,
    int workersLost,
    long memoryLost,
    Set<WorkKind> paused,
    @Nullable String lastError,
    @Nullable Instant lastErrorAt) {

  /** What is known of the ledger. */
  public enum Ledger {
    /** Nobody asked it yet. */
    UNKNOWN,
    /** It answered. */
    REACHABLE,
    /** It did not. */
    UNREACHABLE
  }

  static Health of(Vitals vitals, int workers) {
    Boolean reachable = vitals.reachable();
    Ledger seen = Ledger.UNKNOWN;
    if (reachable != null) {
      seen = reachable ? Ledger.REACHABLE : Ledger.UNREACHABLE;
    }
    Vitals.Trouble trouble = vitals.lastTrouble();
    return new Health(
        seen,
        vitals.lastClaim(),
        vitals.lastRenewal(),
        vitals.lastReaping(),
        vitals.isListening(),
        workers,
        vitals.lost(),
        vitals.memoryLost(),
        vitals.paused(),
        trouble == null ? null : trouble.text(),
        trouble == null ? null : trouble.at());
  }
}
