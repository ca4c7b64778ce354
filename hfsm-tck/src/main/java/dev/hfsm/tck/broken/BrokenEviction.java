package dev.hfsm.tck.broken;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.storage.StorageKey;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Defects in how variants are judged and evicted. */
final class BrokenEviction {

  private BrokenEviction() {}

  private interface Evicting {
    Set<StorageKey> evict(Tracks tracks, Collection<StorageKey> variants);
  }

  private static AssetLedger evicting(AssetLedger ledger, Evicting broken) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Collector(ledger.collector()) {
          @Override
          public Set<StorageKey> evict(Collection<StorageKey> variants) {
            return broken.evict(tracks, variants);
          }
        });
  }

  private static Set<StorageKey> evict(Tracks tracks, Collection<StorageKey> variants) {
    return tracks.sound.collector().evict(variants);
  }

  static AssetLedger evictLosesKey(AssetLedger ledger) {
    return evicting(
        ledger,
        (tracks, variants) -> {
          Set<StorageKey> evicted = evict(tracks, variants);
          tracks.sound.collector().forget(evicted);
          return evicted;
        });
  }

  static AssetLedger evictAnswersWhatItWasAsked(AssetLedger ledger) {
    return evicting(
        ledger,
        (tracks, variants) -> {
          evict(tracks, variants);
          return new LinkedHashSet<>(variants);
        });
  }

  static AssetLedger evictCrossesScopes(AssetLedger ledger) {
    return evicting(
        ledger,
        (tracks, variants) -> {
          Set<StorageKey> evicted = evict(tracks, variants);
          for (StorageKey key : evicted) {
            StorageKey.Parts gone = key.parts().orElseThrow();
            tracks.assets.stream()
                .filter(other -> other.digest().equals(gone.asset().digest()))
                .filter(other -> !other.equals(gone.asset()))
                .forEach(tracks::evictAll);
          }
          return evicted;
        });
  }

  /** Looks at which variant a key is of, and not whether the variant lies there. */
  static AssetLedger evictLooksAtTheNameOnly(AssetLedger ledger) {
    return evicting(
        ledger,
        (tracks, variants) -> {
          List<StorageKey> meant =
              variants.stream()
                  .flatMap(key -> key.parts().stream())
                  .flatMap(
                      p ->
                          p
                              .variant()
                              .flatMap(v -> tracks.sound.reader().variant(p.asset(), v))
                              .flatMap(Tracks::keyOf)
                              .stream())
                  .toList();
          return evict(tracks, meant);
        });
  }

  static AssetLedger evictTakesTenAtMost(AssetLedger ledger) {
    return evicting(
        ledger, (tracks, variants) -> evict(tracks, variants.stream().limit(10).toList()));
  }
}
