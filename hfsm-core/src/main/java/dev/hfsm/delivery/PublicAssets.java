package dev.hfsm.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.hfsm.error.OverloadedException;
import dev.hfsm.internal.Lanes;
import dev.hfsm.model.AssetId;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * Whether an asset is public, by one look-up at most. What is private and what is not there is one
 * answer here, remembered alike; it is asked for apart from the rows that other requests have read,
 * because a private asset whose row is at hand would be told from one that is not there by the time
 * it takes.
 *
 * <p>Digests can be made up without end, so what was not found to be public within the last hour is
 * looked up on a few lanes only. What was goes past them: neither what is private nor what is not
 * there ever does. Thread-safe.
 */
final class PublicAssets {

  private static final int MOST = 50_000;

  /** How long an asset that was hidden or shown may still be taken for what it was. */
  private static final Duration MEMORY = Duration.ofSeconds(5);

  /** Longer than nearly every look-up; each that is longer takes two, and so on. */
  private static final long SPAN = Duration.ofMillis(5).toNanos();

  /** How many connections to the ledger those may take who want what was not public lately. */
  static final int LANES = 4;

  /** With those on the lanes, what a server has threads for beside its {@code coldCallers}. */
  static final int MOST_WAITING = 32;

  private static final Duration LATELY = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Predicate<AssetId> ledger;
  private final Ticker ticker;
  private final LongConsumer pause;
  private final Cache<AssetId, Boolean> known;
  private final Cache<AssetId, Boolean> shownLately;
  private final Lanes lanes = new Lanes(LANES, MOST_WAITING);
  private final Together<AssetId, Boolean> together = new Together<>(PATIENCE);

  /**
   * @param ledger looks it up; false for what is not there
   */
  PublicAssets(Predicate<AssetId> ledger) {
    this(ledger, Ticker.systemTicker(), LockSupport::parkNanos);
  }

  /**
   * @param pause waits for so many nanoseconds, or less
   */
  PublicAssets(Predicate<AssetId> ledger, Ticker ticker, LongConsumer pause) {
    this.ledger = ledger;
    this.ticker = ticker;
    this.pause = pause;
    this.known =
        Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(MEMORY).ticker(ticker).build();
    this.shownLately =
        Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(LATELY).ticker(ticker).build();
  }

  /**
   * Whether it is there and public.
   *
   * @throws OverloadedException if too many ask for what is not known to be
   */
  boolean contains(AssetId asset) {
    Boolean before = known.getIfPresent(asset);
    if (before != null) {
      return before;
    }
    return shownLately.getIfPresent(asset) != null
        ? together.find(asset, () -> unlessKnown(asset)) // past the lanes
        : lanes.ask(PATIENCE, () -> unlessKnown(asset));
  }

  /** Others may have found out while this one waited. */
  private boolean unlessKnown(AssetId asset) {
    Boolean meanwhile = known.getIfPresent(asset);
    return meanwhile == null ? lookUp(asset) : meanwhile;
  }

  /** The hold is part of it: who is held takes one lane, and no more threads than the lanes do. */
  private boolean lookUp(AssetId asset) {
    long begin = ticker.read();
    boolean found = ledger.test(asset);
    if (found) {
      shownLately.put(asset, true);
    } else {
      shownLately.invalidate(asset);
    }
    known.put(asset, found);
    if (!found) {
      hold(begin);
    }
    return found;
  }

  private void hold(long begin) {
    long spans = (ticker.read() - begin) / SPAN + 1;
    long left = SPAN;
    while (left > 0 && !Thread.currentThread().isInterrupted()) {
      left = begin + spans * SPAN - ticker.read();
      pause.accept(left);
    }
  }
}
