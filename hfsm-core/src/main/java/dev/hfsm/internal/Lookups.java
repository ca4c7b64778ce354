package dev.hfsm.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hfsm.error.LedgerException;
import dev.hfsm.error.OverloadedException;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Subject;
import dev.hfsm.model.VariantKey;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Asks the ledger about what may not be there on a few lanes only, so that a crowd that wants what
 * nobody has made leaves connections to those who want what is there: what was found before is
 * asked for past the lanes. Thread-safe.
 */
public final class Lookups {

  /** How many connections to the ledger those may take who want what was never found. */
  public static final int LANES = 4;

  private static final Duration LONGEST = Duration.ofSeconds(1);
  private static final int MAX_FOUND = 50_000;
  private static final Duration REMEMBERED = Duration.ofHours(1);

  private final Finder finder;
  private final int mostWaiting;
  private final LongAdder turnedAway = new LongAdder();
  private final Semaphore lanes = new Semaphore(LANES);

  private final Cache<Subject, Boolean> found =
      Caffeine.newBuilder().maximumSize(MAX_FOUND).expireAfterAccess(REMEMBERED).build();

  /**
   * Reads through {@code finder}.
   *
   * @param mostWaiting how many may wait for a lane, each of whom holds a thread
   */
  public Lookups(Finder finder, int mostWaiting) {
    this.finder = finder;
    this.mostWaiting = mostWaiting;
  }

  /**
   * The row of an asset.
   *
   * @throws OverloadedException if too many ask
   */
  public Optional<AssetRow> asset(AssetId id) {
    Optional<AssetRow> known = finder.knownAsset(id);
    if (known.isPresent()) {
      return known;
    }
    Subject subject = Subject.inspect(id);
    if (found.getIfPresent(subject) != null) {
      return remember(subject, finder.asset(id), row -> row.state().isDescribed());
    }
    return remember(subject, cold(() -> finder.asset(id)), row -> row.state().isDescribed());
  }

  /**
   * The row of a variant.
   *
   * @throws OverloadedException if too many ask
   */
  public Optional<VariantRow> variant(AssetId id, VariantKey key) {
    Optional<VariantRow> known = finder.knownVariant(id, key);
    if (known.isPresent()) {
      return known;
    }
    Subject subject = Subject.derive(id, key);
    if (found.getIfPresent(subject) != null) {
      return remember(subject, finder.variant(id, key), Lookups::isReady);
    }
    return remember(subject, cold(() -> finder.variant(id, key)), Lookups::isReady);
  }

  private static boolean isReady(VariantRow row) {
    return row.state() == VariantState.READY;
  }

  private <T> Optional<T> remember(Subject subject, Optional<T> row, Predicate<T> there) {
    if (row.filter(there).isPresent()) {
      found.put(subject, true);
    } else {
      found.invalidate(subject);
    }
    return row;
  }

  /** How many were turned away so far. */
  public long turnedAway() {
    return turnedAway.sum();
  }

  /** Asks if a lane is free, and turns nobody away if none is. */
  public <T> Optional<T> ifFree(Supplier<T> question) {
    if (!lanes.tryAcquire()) {
      return Optional.empty();
    }
    try {
      return Optional.of(question.get());
    } finally {
      lanes.release();
    }
  }

  /** As {@link #cold(Duration, Supplier)}, with a second's patience. */
  public <T> T cold(Supplier<T> question) {
    return cold(LONGEST, question);
  }

  /**
   * Asks on one of the lanes.
   *
   * @param atMost how long to wait for one
   * @throws OverloadedException if too many ask
   */
  public <T> T cold(Duration atMost, Supplier<T> question) {
    try {
      if (lanes.getQueueLength() >= mostWaiting
          || !lanes.tryAcquire(TimeUnit.NANOSECONDS.convert(atMost), TimeUnit.NANOSECONDS)) {
        turnedAway.increment();
        throw new OverloadedException("too many ask the ledger for what is not there", LONGEST);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LedgerException("interrupted while waiting to ask the ledger", e, true);
    }
    try {
      return question.get();
    } finally {
      lanes.release();
    }
  }
}
