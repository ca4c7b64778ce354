package dev.hfsm.tck.broken;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Discarded;
import dev.hfsm.ledger.LedgerStats;
import dev.hfsm.ledger.Retention;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Defects in how things are cleared away. */
final class BrokenCollector {

  private BrokenCollector() {}

  private static AssetLedger clearing(
      AssetLedger ledger, Function<Tracks, DelegatingLedger.Collector> broken) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(broken.apply(tracks));
  }

  private interface Collecting {
    List<AssetId> collect(Tracks tracks, Duration grace, int limit);
  }

  private static AssetLedger collecting(AssetLedger ledger, Collecting broken) {
    return clearing(
        ledger,
        tracks ->
            new DelegatingLedger.Collector(ledger.collector()) {
              @Override
              public List<AssetId> collect(Duration grace, int limit) {
                return broken.collect(tracks, grace, limit);
              }
            });
  }

  static AssetLedger collectIgnoresReferences(AssetLedger ledger) {
    return collecting(
        ledger,
        (tracks, grace, limit) -> {
          tracks.assets.forEach(tracks::releaseAll);
          return ledger.collector().collect(grace, limit);
        });
  }

  static AssetLedger collectIgnoresGrace(AssetLedger ledger) {
    return collecting(
        ledger, (t, grace, limit) -> ledger.collector().collect(Duration.ZERO, limit));
  }

  static AssetLedger collectIgnoresLimit(AssetLedger ledger) {
    return collecting(ledger, (t, grace, limit) -> ledger.collector().collect(grace, 1000));
  }

  static AssetLedger collectForgetsGarbage(AssetLedger ledger) {
    return collecting(
        ledger,
        (t, grace, limit) -> {
          List<AssetId> collected = ledger.collector().collect(grace, limit);
          ledger.collector().forget(keys(ledger.collector().garbage(1000)));
          return collected;
        });
  }

  static AssetLedger collectCrossesScopes(AssetLedger ledger) {
    return collecting(
        ledger,
        (tracks, grace, limit) -> {
          List<AssetId> collected = ledger.collector().collect(grace, limit);
          for (AssetId gone : collected) {
            tracks.assets.stream()
                .filter(other -> other.digest().equals(gone.digest()))
                .forEach(tracks::evictAll);
          }
          return collected;
        });
  }

  /**
   * Looks at references, and removes afterwards whatever it saw unclaimed. It gives a claim that is
   * under way the time to be committed in between, so that the race is lost every time.
   */
  static AssetLedger collectLooksThenRemoves(AssetLedger ledger) {
    Map<AssetId, Boolean> unclaimed = new ConcurrentHashMap<>();
    Semaphore retained = new Semaphore(0);
    DelegatingLedger.Intake intake =
        new DelegatingLedger.Intake(ledger.intake()) {
          @Override
          public Optional<AssetId> release(Scope scope, ReferenceName reference) {
            Optional<AssetId> asset = sound.release(scope, reference);
            asset
                .filter(id -> ledger.reader().references(id).isEmpty())
                .ifPresent(id -> unclaimed.put(id, true));
            retained.drainPermits();
            return asset;
          }

          @Override
          public Optional<AssetRow> retain(Retention retention) {
            Optional<AssetRow> row = sound.retain(retention);
            retained.release(2);
            return row;
          }
        };
    DelegatingLedger.Collector collector =
        new DelegatingLedger.Collector(ledger.collector()) {
          @Override
          public List<AssetId> collect(Duration grace, int limit) {
            List<AssetId> seen = List.copyOf(unclaimed.keySet());
            if (!seen.isEmpty()) {
              awaitClaim(retained);
            }
            for (AssetId asset : seen) {
              ledger
                  .reader()
                  .references(asset)
                  .forEach(r -> ledger.intake().release(asset.scope(), r.name()));
            }
            List<AssetId> collected = sound.collect(grace, limit);
            unclaimed.keySet().removeAll(collected);
            return collected;
          }
        };
    return new DelegatingLedger(ledger).with(intake).with(collector);
  }

  private static void awaitClaim(Semaphore retained) {
    try {
      retained.tryAcquire(50, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<StorageKey> keys(List<Discarded> garbage) {
    return garbage.stream().map(Discarded::key).toList();
  }

  static AssetLedger garbageIsListedOnce(AssetLedger ledger) {
    return clearing(
        ledger,
        tracks ->
            new DelegatingLedger.Collector(ledger.collector()) {
              @Override
              public List<Discarded> garbage(int limit) {
                List<Discarded> garbage = sound.garbage(limit);
                sound.forget(keys(garbage));
                return garbage;
              }
            });
  }

  static AssetLedger garbageIgnoresLimit(AssetLedger ledger) {
    return clearing(
        ledger,
        tracks ->
            new DelegatingLedger.Collector(ledger.collector()) {
              @Override
              public List<Discarded> garbage(int limit) {
                return sound.garbage(1000);
              }
            });
  }

  private static AssetLedger sizing(
      AssetLedger ledger, Function<Discarded, @Nullable Long> broken) {
    return clearing(
        ledger,
        tracks ->
            new DelegatingLedger.Collector(ledger.collector()) {
              @Override
              public List<Discarded> garbage(int limit) {
                return sound.garbage(limit).stream()
                    .map(garbage -> new Discarded(garbage.key(), broken.apply(garbage)))
                    .toList();
              }
            });
  }

  static AssetLedger garbageHasNoSizes(AssetLedger ledger) {
    return sizing(ledger, garbage -> null);
  }

  static AssetLedger emptyGarbageHasNoSize(AssetLedger ledger) {
    return sizing(
        ledger, garbage -> Long.valueOf(0).equals(garbage.size()) ? null : garbage.size());
  }

  static AssetLedger sizesOfGarbageAreInts(AssetLedger ledger) {
    return sizing(
        ledger,
        garbage ->
            garbage.size() == null ? null : Long.valueOf(garbage.size().intValue() & 0x7fffffff));
  }

  /** An eviction writes keys alone. */
  static AssetLedger evictedGarbageHasNoSizes(AssetLedger ledger) {
    Set<StorageKey> evicted = ConcurrentHashMap.newKeySet();
    return clearing(
        ledger,
        tracks ->
            new DelegatingLedger.Collector(ledger.collector()) {
              @Override
              public Set<StorageKey> evict(Collection<StorageKey> variants) {
                Set<StorageKey> gone = sound.evict(variants);
                evicted.addAll(gone);
                return gone;
              }

              @Override
              public List<Discarded> garbage(int limit) {
                return sound.garbage(limit).stream()
                    .map(g -> evicted.contains(g.key()) ? new Discarded(g.key(), null) : g)
                    .toList();
              }
            });
  }

  /** Whoever replaces an original writes its key alone: the asset is there still. */
  static AssetLedger replacedGarbageHasNoSize(AssetLedger ledger) {
    return sizing(
        ledger,
        garbage ->
            garbage.key().parts().filter(parts -> parts.variant().isEmpty()).stream()
                    .anyMatch(parts -> ledger.reader().asset(parts.asset()).isPresent())
                ? null
                : garbage.size());
  }

  /** What went with an asset has the size of its original. */
  static AssetLedger variantsAreAsBigAsTheirOriginals(AssetLedger ledger) {
    Map<AssetId, Long> sizes = new ConcurrentHashMap<>();
    Tracks tracks = new Tracks(ledger);
    return tracks
        .with(
            new DelegatingLedger.Intake(tracks.intake()) {
              @Override
              public Admitted admit(Admission admission) {
                sizes.put(admission.asset(), admission.size());
                return sound.admit(admission);
              }
            })
        .with(
            new DelegatingLedger.Collector(ledger.collector()) {
              @Override
              public List<Discarded> garbage(int limit) {
                return sound.garbage(limit).stream()
                    .map(
                        g ->
                            new Discarded(
                                g.key(), sizes.get(g.key().parts().orElseThrow().asset())))
                    .toList();
              }
            });
  }

  static AssetLedger forgetRemovesRows(AssetLedger ledger) {
    return clearing(
        ledger,
        tracks ->
            new DelegatingLedger.Collector(ledger.collector()) {
              @Override
              public void forget(Collection<StorageKey> deleted) {
                for (StorageKey key : deleted) {
                  StorageKey.Parts parts = key.parts().orElseThrow();
                  parts.variant().ifPresent(v -> tracks.evictAll(parts.asset()));
                }
                sound.forget(deleted);
              }
            });
  }

  private static AssetLedger naming(
      AssetLedger ledger, Function<Collection<StorageKey>, Set<StorageKey>> broken) {
    return clearing(
        ledger,
        tracks ->
            new DelegatingLedger.Collector(ledger.collector()) {
              @Override
              public Set<StorageKey> named(Collection<StorageKey> keys) {
                return broken.apply(keys);
              }
            });
  }

  static AssetLedger everythingIsNamed(AssetLedger ledger) {
    return naming(ledger, Set::copyOf);
  }

  static AssetLedger garbageIsNotNamed(AssetLedger ledger) {
    return naming(
        ledger,
        keys -> {
          Set<StorageKey> named = ledger.collector().named(keys);
          List<StorageKey> garbage = keys(ledger.collector().garbage(100_000));
          return named.stream().filter(k -> !garbage.contains(k)).collect(Collectors.toSet());
        });
  }

  static AssetLedger namedLooksAtThousand(AssetLedger ledger) {
    return naming(ledger, keys -> ledger.collector().named(keys.stream().limit(1000).toList()));
  }

  static AssetLedger statsKeepWhatIsCollected(AssetLedger ledger) {
    Map<Scope, LedgerStats> before = new ConcurrentHashMap<>();
    return new DelegatingLedger(
            collecting(
                ledger,
                (tracks, grace, limit) -> {
                  before.put(Scope.DEFAULT, ledger.operator().stats(Scope.DEFAULT));
                  return ledger.collector().collect(grace, limit);
                }))
        .with(
            new DelegatingLedger.Operator(ledger.operator()) {
              @Override
              public LedgerStats stats(Scope scope) {
                return Optional.ofNullable(before.get(scope)).orElseGet(() -> sound.stats(scope));
              }
            });
  }
}
