package dev.hfsm.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.hfsm.model.AssetId;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * Whether an asset is public, by one look-up at most. What is private and what is not there is one
 * answer here, remembered alike; it is asked for apart from the rows that other requests have read,
 * because a private asset whose row is at hand would be told from one that is not there by the time
 * it takes. Thread-safe.
 */
final class PublicAssets {

  private static final int MOST = 50_000;

  /** How long an asset that was hidden or shown may still be taken for what it was. */
  private static final Duration MEMORY = Duration.ofSeconds(5);

  /** Longer than nearly every look-up; each that is longer takes two, and so on. */
  private static final long SPAN = Duration.ofMillis(5).toNanos();

  private final Predicate<AssetId> ledger;
  private final Ticker ticker;
  private final LongConsumer pause;
  private final Cache<AssetId, Boolean> known;

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
  }

  boolean contains(AssetId asset) {
    Boolean before = known.getIfPresent(asset);
    if (before != null) {
      return before;
    }
    long begin = ticker.read();
    boolean found = ledger.test(asset);
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
