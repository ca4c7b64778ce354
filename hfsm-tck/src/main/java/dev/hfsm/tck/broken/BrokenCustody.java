package dev.hfsm.tck.broken;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.CustodyLedger;
import dev.hfsm.ledger.Discarded;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.HoldReason;
import dev.hfsm.model.Page;
import dev.hfsm.model.Scope;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Defects in how assets are held. */
final class BrokenCustody {

  private BrokenCustody() {}

  /** A ledger whose custody is {@code broken}. */
  static DelegatingLedger keeping(
      AssetLedger ledger, Function<Tracks, ? extends CustodyLedger> broken) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(broken.apply(tracks));
  }

  static AssetLedger holdDoesNothing(AssetLedger ledger) {
    return keeping(
        ledger,
        tracks ->
            new DelegatingCustody(ledger.custody()) {
              @Override
              public boolean hold(AssetId asset, HoldReason reason) {
                return ledger.reader().asset(asset).isPresent();
              }
            });
  }

  static AssetLedger holdAlwaysSaysYes(AssetLedger ledger) {
    return keeping(
        ledger,
        tracks ->
            new DelegatingCustody(ledger.custody()) {
              @Override
              public boolean hold(AssetId asset, HoldReason reason) {
                return sound.hold(asset, reason) || true;
              }
            });
  }

  static AssetLedger holdKeepsItsFirstReason(AssetLedger ledger) {
    Map<AssetId, HoldReason> first = new ConcurrentHashMap<>();
    return keeping(
        ledger,
        tracks ->
            new DelegatingCustody(ledger.custody()) {
              @Override
              public boolean hold(AssetId asset, HoldReason reason) {
                first.putIfAbsent(asset, reason);
                return sound.hold(asset, first.get(asset));
              }
            });
  }

  static AssetLedger heldGarbageIsListed(AssetLedger ledger) {
    return listing(
        ledger,
        (tracks, limit) -> {
          Map<AssetId, HoldReason> held = new HashMap<>();
          for (AssetId asset : tracks.assets) {
            ledger.reader().asset(asset).map(AssetRow::hold).ifPresent(r -> held.put(asset, r));
          }
          held.keySet().forEach(ledger.custody()::unhold);
          List<Discarded> all = ledger.collector().garbage(limit);
          held.forEach(ledger.custody()::hold);
          return all;
        });
  }

  static AssetLedger withheldForgetsAll(AssetLedger ledger) {
    return withholding(ledger, (sound, after, limit) -> new Page<>(List.of(), null));
  }

  /** What is about to be deleted is told as kept. */
  static AssetLedger withheldListsAllGarbage(AssetLedger ledger) {
    return withholding(
        ledger,
        (sound, after, limit) -> {
          Page<StorageKey> page = sound.custody().withheld(after, limit);
          List<StorageKey> items = new ArrayList<>(page.items());
          sound.collector().garbage(limit).forEach(garbage -> items.add(garbage.key()));
          return new Page<>(items, page.next());
        });
  }

  static AssetLedger withheldForgetsScopes(AssetLedger ledger) {
    return withholding(
        ledger,
        (sound, after, limit) -> {
          Page<StorageKey> page = sound.custody().withheld(after, limit);
          return new Page<>(
              page.items().stream()
                  .filter(key -> key.parts().orElseThrow().asset().scope().equals(Scope.DEFAULT))
                  .toList(),
              page.next());
        });
  }

  static AssetLedger withheldEndsEarly(AssetLedger ledger) {
    return withholding(
        ledger,
        (sound, after, limit) -> new Page<>(sound.custody().withheld(after, limit).items(), null));
  }

  private interface Withholding {
    Page<StorageKey> list(AssetLedger sound, Cursor after, int limit);
  }

  private static AssetLedger withholding(AssetLedger ledger, Withholding broken) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingCustody(ledger.custody()) {
              @Override
              public Page<StorageKey> withheld(Cursor after, int limit) {
                return broken.list(ledger, after, limit);
              }
            });
  }

  /** Of a held asset nothing is ever garbage, neither what can be made again. */
  static AssetLedger heldVariantsAreNoGarbage(AssetLedger ledger) {
    return listing(
        ledger,
        (tracks, limit) ->
            ledger.collector().garbage(limit).stream()
                .filter(
                    garbage ->
                        garbage
                            .key()
                            .parts()
                            .flatMap(parts -> ledger.reader().asset(parts.asset()))
                            .map(AssetRow::hold)
                            .isEmpty())
                .toList());
  }

  private static AssetLedger listing(
      AssetLedger ledger, BiFunction<Tracks, Integer, List<Discarded>> broken) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Collector(ledger.collector()) {
          @Override
          public List<Discarded> garbage(int limit) {
            return broken.apply(tracks, limit);
          }
        });
  }

  static AssetLedger holdCrossesScopes(AssetLedger ledger) {
    return keeping(
        ledger,
        tracks ->
            new DelegatingCustody(ledger.custody()) {
              @Override
              public boolean hold(AssetId asset, HoldReason reason) {
                boolean held = false;
                for (AssetId other : tracks.assets) {
                  held |= other.digest().equals(asset.digest()) && sound.hold(other, reason);
                }
                return held;
              }
            });
  }

  static AssetLedger unholdAlwaysSaysYes(AssetLedger ledger) {
    return keeping(
        ledger,
        tracks ->
            new DelegatingCustody(ledger.custody()) {
              @Override
              public boolean unhold(AssetId asset) {
                return sound.unhold(asset) || true;
              }
            });
  }

  /** A lifted hold is still shown and still keeps. */
  static AssetLedger unholdDoesNothing(AssetLedger ledger) {
    return keeping(
        ledger,
        tracks ->
            new DelegatingCustody(ledger.custody()) {
              @Override
              public boolean unhold(AssetId asset) {
                return ledger.reader().asset(asset).filter(r -> r.hold() != null).isPresent();
              }
            });
  }

  static AssetLedger unholdDropsAllNames(AssetLedger ledger) {
    return keeping(
        ledger,
        tracks ->
            new DelegatingCustody(ledger.custody()) {
              @Override
              public boolean unhold(AssetId asset) {
                tracks.releaseAll(asset);
                return sound.unhold(asset);
              }
            });
  }

  private static boolean isHeld(AssetLedger ledger, AssetId asset) {
    return ledger.reader().asset(asset).filter(row -> row.hold() != null).isPresent();
  }

  /** What was released while it was held goes as soon as the hold is lifted. */
  static AssetLedger liftedHoldsHaveNoGrace(AssetLedger ledger) {
    Set<AssetId> lifted = ConcurrentHashMap.newKeySet();
    Tracks tracks = new Tracks(ledger);
    return tracks
        .with(
            new DelegatingCustody(ledger.custody()) {
              @Override
              public boolean unhold(AssetId asset) {
                lifted.add(asset);
                return sound.unhold(asset);
              }
            })
        .with(
            new DelegatingLedger.Collector(ledger.collector()) {
              @Override
              public List<AssetId> collect(Duration grace, int limit) {
                List<AssetId> collected = new ArrayList<>(sound.collect(grace, limit));
                for (AssetId asset : lifted) {
                  if (!isHeld(ledger, asset)
                      && ledger.reader().asset(asset).isPresent()
                      && ledger.reader().references(asset).isEmpty()) {
                    ledger.custody().purge(asset);
                    collected.add(asset);
                  }
                }
                return collected;
              }
            });
  }

  /** Held assets are passed over after the limit was counted, not before. */
  static AssetLedger heldAssetsTakeThePlacesOfOthers(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Collector(ledger.collector()) {
          @Override
          public List<AssetId> collect(Duration grace, int limit) {
            long held =
                tracks.assets.stream()
                    .filter(a -> isHeld(ledger, a) && ledger.reader().references(a).isEmpty())
                    .count();
            return limit > held ? sound.collect(grace, (int) (limit - held)) : List.of();
          }
        });
  }

  static AssetLedger heldVariantsAreNotEvicted(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Collector(ledger.collector()) {
          @Override
          public Set<StorageKey> evict(Collection<StorageKey> variants) {
            return sound.evict(
                variants.stream()
                    .filter(key -> !isHeld(ledger, key.parts().orElseThrow().asset()))
                    .toList());
          }
        });
  }

  static AssetLedger holdEndsWithTheNextUpload(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Intake(tracks.intake()) {
          @Override
          public Admitted admit(Admission admission) {
            ledger.custody().unhold(admission.asset());
            return sound.admit(admission);
          }
        });
  }

  static AssetLedger holdIsATransition(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    Set<AssetId> held = ConcurrentHashMap.newKeySet();
    return tracks
        .with(
            new DelegatingCustody(ledger.custody()) {
              @Override
              public boolean hold(AssetId asset, HoldReason reason) {
                held.add(asset);
                return sound.hold(asset, reason);
              }
            })
        .with(
            new DelegatingLedger.Reader(ledger.reader()) {
              @Override
              public List<HistoryEntry> history(AssetId asset) {
                List<HistoryEntry> entries = new ArrayList<>(sound.history(asset));
                if (held.contains(asset)) {
                  entries.add(entries.get(0));
                }
                return entries;
              }
            });
  }
}
