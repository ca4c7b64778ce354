package dev.hfsm.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hfsm.error.OverloadedException;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Subject;
import dev.hfsm.model.VariantKey;
import java.time.Duration;
import java.util.Optional;
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
  private final Lanes lanes;

  private final Cache<Subject, Boolean> found =
      Caffeine.newBuilder().maximumSize(MAX_FOUND).expireAfterAccess(REMEMBERED).build();

  /**
   * Reads through {@code finder}.
   *
   * @param mostWaiting how many may wait for a lane, each of whom holds a thread
   */
  public Lookups(Finder finder, int mostWaiting) {
    this.finder = finder;
    this.lanes = new Lanes(LANES, mostWaiting);
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
    return lanes.turnedAway();
  }

  /** Asks if a lane is free, and turns nobody away if none is. */
  public <T> Optional<T> ifFree(Supplier<T> question) {
    return lanes.ifFree(question);
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
    return lanes.ask(atMost, question);
  }
}
