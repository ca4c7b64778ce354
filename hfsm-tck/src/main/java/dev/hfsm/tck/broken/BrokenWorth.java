package dev.hfsm.tck.broken;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.Evictable;
import dev.hfsm.ledger.IntakeLedger;
import dev.hfsm.ledger.LedgerStats;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantUse;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.model.Scope;
import dev.hfsm.model.VariantKey;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/** Defects in how it is known which variants are worth keeping. */
final class BrokenWorth {

  private static final int ALL = 100_000;

  private BrokenWorth() {}

  private interface Using {
    void used(IntakeLedger sound, Collection<VariantUse> uses);
  }

  private static DelegatingLedger using(AssetLedger ledger, Using broken) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Intake(tracks.intake()) {
          @Override
          public void used(Collection<VariantUse> uses) {
            broken.used(sound, uses);
          }
        });
  }

  static AssetLedger usesAreNotCounted(AssetLedger ledger) {
    return using(ledger, (sound, uses) -> {});
  }

  static AssetLedger usesCountAsOne(AssetLedger ledger) {
    return using(
        ledger,
        (sound, uses) ->
            sound.used(uses.stream().map(u -> new VariantUse(u.asset(), u.variant(), 1)).toList()));
  }

  static AssetLedger usesAreInts(AssetLedger ledger) {
    return using(
        ledger,
        (sound, uses) ->
            sound.used(
                uses.stream()
                    .map(
                        u ->
                            new VariantUse(
                                u.asset(), u.variant(), Math.min(u.uses(), Integer.MAX_VALUE)))
                    .toList()));
  }

  static AssetLedger oneUseOfAVariantCountsAtATime(AssetLedger ledger) {
    return using(ledger, (sound, uses) -> sound.used(Set.copyOf(uses)));
  }

  static AssetLedger usesOfTheUnknownFail(AssetLedger ledger) {
    return using(
        ledger,
        (sound, uses) -> {
          for (VariantUse use : uses) {
            if (ledger.reader().variant(use.asset(), use.variant()).isEmpty()) {
              throw new IllegalArgumentException("no such variant: " + use);
            }
          }
          sound.used(uses);
        });
  }

  static AssetLedger usesCrossScopes(AssetLedger ledger) {
    return using(
        ledger,
        (sound, uses) ->
            sound.used(
                uses.stream()
                    .map(u -> new VariantUse(AssetId.of(u.asset().digest()), u.variant(), u.uses()))
                    .toList()));
  }

  private interface Listing {
    Page<Evictable> list(AssetLedger sound, Duration idle, Cursor after, int limit);
  }

  private static AssetLedger listing(AssetLedger ledger, Listing broken) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingLedger.Collector(ledger.collector()) {
              @Override
              public Page<Evictable> evictable(Duration idle, Cursor after, int limit) {
                return broken.list(ledger, idle, after, limit);
              }
            });
  }

  private static Page<Evictable> list(AssetLedger sound, Duration idle, Cursor after, int limit) {
    return sound.collector().evictable(idle, after, limit);
  }

  static AssetLedger evictableIgnoresIdleness(AssetLedger ledger) {
    return listing(ledger, (sound, idle, after, limit) -> list(sound, Duration.ZERO, after, limit));
  }

  static AssetLedger evictableMostWorthFirst(AssetLedger ledger) {
    return listing(
        ledger,
        (sound, idle, after, limit) ->
            BrokenReader.byOffset(
                BrokenReader.reversed(list(sound, idle, Cursor.START, ALL).items()), after, limit));
  }

  static AssetLedger evictableByOffset(AssetLedger ledger) {
    return listing(
        ledger,
        (sound, idle, after, limit) ->
            BrokenReader.byOffset(list(sound, idle, Cursor.START, ALL).items(), after, limit));
  }

  static AssetLedger evictableEndsEarly(AssetLedger ledger) {
    return listing(
        ledger,
        (sound, idle, after, limit) -> new Page<>(list(sound, idle, after, limit).items(), null));
  }

  static AssetLedger evictableListsTheDefaultScope(AssetLedger ledger) {
    return listing(
        ledger,
        (sound, idle, after, limit) -> {
          Page<Evictable> page = list(sound, idle, after, limit);
          return new Page<>(
              page.items().stream()
                  .filter(
                      e ->
                          e.key()
                              .parts()
                              .filter(p -> p.asset().scope().equals(Scope.DEFAULT))
                              .isPresent())
                  .toList(),
              page.next());
        });
  }

  private static AssetLedger judging(
      AssetLedger ledger, BiFunction<Evictable, VariantContent, Evictable> broken) {
    return listing(
        ledger,
        (sound, idle, after, limit) -> {
          Page<Evictable> page = list(sound, idle, after, limit);
          return new Page<>(
              page.items().stream().map(e -> broken.apply(e, contentOf(sound, e.key()))).toList(),
              page.next());
        });
  }

  private static VariantContent contentOf(AssetLedger sound, StorageKey key) {
    StorageKey.Parts parts = key.parts().orElseThrow();
    VariantRow row =
        sound.reader().variant(parts.asset(), parts.variant().orElseThrow()).orElseThrow();
    return Objects.requireNonNull(row.content());
  }

  static AssetLedger worthIgnoresBytes(AssetLedger ledger) {
    return judging(
        ledger, (e, c) -> new Evictable(e.key(), e.bytes(), e.worth() * e.bytes(), e.usedAt()));
  }

  static AssetLedger worthIsInMilliseconds(AssetLedger ledger) {
    return judging(
        ledger, (e, c) -> new Evictable(e.key(), e.bytes(), e.worth() / 1e6, e.usedAt()));
  }

  static AssetLedger worthOfNothingIsNoNumber(AssetLedger ledger) {
    return judging(
        ledger,
        (e, c) ->
            new Evictable(
                e.key(),
                e.bytes(),
                e.bytes() == 0 ? Double.POSITIVE_INFINITY : e.worth(),
                e.usedAt()));
  }

  static AssetLedger publishingIsNoUse(AssetLedger ledger) {
    return judging(
        ledger,
        (e, c) ->
            new Evictable(
                e.key(),
                e.bytes(),
                e.worth() - (double) c.cost().toNanos() / Math.max(1, e.bytes()),
                e.usedAt()));
  }

  static AssetLedger usesAreNotTimed(AssetLedger ledger) {
    return judging(ledger, (e, c) -> new Evictable(e.key(), e.bytes(), e.worth(), Instant.EPOCH));
  }

  /** What an evicted variant was worth is credited to the one made in its place. */
  static AssetLedger worthSurvivesEviction(AssetLedger ledger) {
    Map<VariantKey, Double> worth = new ConcurrentHashMap<>();
    return judging(
        ledger,
        (e, c) -> {
          VariantKey variant = e.key().parts().orElseThrow().variant().orElseThrow();
          double most = worth.merge(variant, e.worth(), Math::max);
          return new Evictable(e.key(), e.bytes(), most, e.usedAt());
        });
  }

  static AssetLedger variantBytesAreOfOneScope(AssetLedger ledger) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingLedger.Collector(ledger.collector()) {
              @Override
              public long variantBytes() {
                LedgerStats stats = ledger.operator().stats(Scope.DEFAULT);
                return stats.variantBytes();
              }
            });
  }
}
