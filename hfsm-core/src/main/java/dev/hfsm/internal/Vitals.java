package dev.hfsm.internal;

import dev.hfsm.error.LedgerException;
import dev.hfsm.model.WorkKind;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What the threads of a pipeline have seen last, for whoever asks how it is. Thread-safe. */
public final class Vitals {

  private final InstantSource clock;
  private final AtomicInteger writtenOff = new AtomicInteger();
  private final Set<WorkBudget> stuck = ConcurrentHashMap.newKeySet();
  private volatile Set<WorkKind> paused = Set.of();
  private volatile @Nullable Instant claimed;
  private volatile @Nullable Instant renewed;
  private volatile @Nullable Instant reaped;
  private volatile @Nullable Boolean reachable;
  private volatile @Nullable Trouble trouble;
  private volatile boolean listening;

  /** Something that went wrong. */
  public record Trouble(String text, Instant at) {}

  /** Times are told by {@code clock}. */
  public Vitals(InstantSource clock) {
    this.clock = clock;
  }

  void claimed() {
    claimed = clock.instant();
  }

  void renewed() {
    renewed = clock.instant();
  }

  void reaped() {
    reaped = clock.instant();
  }

  /** The ledger has answered. */
  public void answered() {
    reachable = true;
  }

  /** Something failed. */
  public void failed(String what, Throwable reason) {
    if (reason instanceof LedgerException) {
      reachable = false;
    }
    trouble = new Trouble(what + ": " + reason, clock.instant());
  }

  void listening(boolean now) {
    listening = now;
  }

  /** A thread that does not come back is about to be given up, with what it has reserved. */
  void stuck(WorkBudget budget) {
    stuck.add(budget);
  }

  /** It was. */
  void writtenOff() {
    writtenOff.incrementAndGet();
  }

  /** It has come back. */
  void cameBack(WorkBudget budget) {
    stuck.remove(budget);
  }

  void paused(Set<WorkKind> kinds) {
    paused = Set.copyOf(kinds);
  }

  /** When work was asked for last, with an answer. */
  public @Nullable Instant lastClaim() {
    return claimed;
  }

  /** When a lease was renewed last. */
  public @Nullable Instant lastRenewal() {
    return renewed;
  }

  /** When this node looked for expired leases last. */
  public @Nullable Instant lastReaping() {
    return reaped;
  }

  /** Whether the ledger answered last time; null if nobody asked it yet. */
  public @Nullable Boolean reachable() {
    return reachable;
  }

  /** What went wrong last. */
  public @Nullable Trouble lastTrouble() {
    return trouble;
  }

  /** Whether other nodes are heard. */
  public boolean isListening() {
    return listening;
  }

  /** How many threads were given up since the start. */
  public int lost() {
    return writtenOff.get();
  }

  /** How much memory threads have reserved that were given up and have not come back, in bytes. */
  public long memoryLost() {
    return stuck.stream().mapToLong(WorkBudget::reserved).sum();
  }

  /** The kinds of work that were paused when the ledger was last asked. */
  public Set<WorkKind> paused() {
    return paused;
  }
}
