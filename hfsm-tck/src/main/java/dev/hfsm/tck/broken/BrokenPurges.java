package dev.hfsm.tck.broken;

import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.Published;
import dev.hfsm.ledger.Purged;
import dev.hfsm.ledger.Purged.Outcome;
import dev.hfsm.ledger.Reference;
import dev.hfsm.ledger.Settled;
import dev.hfsm.ledger.Settlement;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.model.AssetId;
import dev.hfsm.storage.StorageKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Defects in how assets are purged. */
final class BrokenPurges {

  private BrokenPurges() {}

  private interface Purging {
    Purged purge(Tracks tracks, AssetId asset);
  }

  private static DelegatingLedger purging(AssetLedger ledger, Purging broken) {
    return BrokenCustody.keeping(
        ledger,
        tracks ->
            new DelegatingCustody(ledger.custody()) {
              @Override
              public Purged purge(AssetId asset) {
                return broken.purge(tracks, asset);
              }
            });
  }

  private static Purged purge(Tracks tracks, AssetId asset) {
    return tracks.sound.custody().purge(asset);
  }

  private static AssetLedger telling(AssetLedger ledger, UnaryOperator<Purged> told) {
    return purging(ledger, (tracks, asset) -> told.apply(purge(tracks, asset)));
  }

  static AssetLedger purgeDoesNothing(AssetLedger ledger) {
    return purging(
        ledger,
        (tracks, asset) -> {
          boolean there = tracks.sound.reader().asset(asset).isPresent();
          return Purged.nothing(there ? Outcome.PURGED : Outcome.ABSENT, tracks.now());
        });
  }

  static AssetLedger purgeIgnoresHolds(AssetLedger ledger) {
    return purging(
        ledger,
        (tracks, asset) -> {
          tracks.sound.custody().unhold(asset);
          return purge(tracks, asset);
        });
  }

  static AssetLedger purgeLooksForClaims(AssetLedger ledger) {
    return purging(
        ledger,
        (tracks, asset) ->
            tracks.sound.reader().references(asset).isEmpty()
                ? purge(tracks, asset)
                : Purged.nothing(Outcome.HELD, tracks.now()));
  }

  static AssetLedger purgeLosesKeys(AssetLedger ledger) {
    return purging(
        ledger,
        (tracks, asset) -> {
          Purged purged = purge(tracks, asset);
          tracks.sound.collector().forget(purged.keys());
          return purged;
        });
  }

  static AssetLedger purgeCrossesScopes(AssetLedger ledger) {
    return purging(
        ledger,
        (tracks, asset) -> {
          Purged purged = purge(tracks, asset);
          tracks.assets.stream()
              .filter(other -> other.digest().equals(asset.digest()))
              .forEach(other -> purge(tracks, other));
          return purged;
        });
  }

  static AssetLedger purgeSaysTheAbsentIsPurged(AssetLedger ledger) {
    return telling(
        ledger, p -> p.outcome() == Outcome.ABSENT ? Purged.nothing(Outcome.PURGED, p.at()) : p);
  }

  static AssetLedger purgeTellsNoTime(AssetLedger ledger) {
    return telling(
        ledger,
        p ->
            new Purged(
                p.outcome(), p.references(), p.variants(), p.work(), p.keys(), Instant.EPOCH));
  }

  static AssetLedger purgeTellsNoKeys(AssetLedger ledger) {
    return telling(
        ledger,
        p -> new Purged(p.outcome(), p.references(), p.variants(), p.work(), List.of(), p.at()));
  }

  static AssetLedger purgeTellsKeysInAnyOrder(AssetLedger ledger) {
    return telling(
        ledger,
        p ->
            new Purged(
                p.outcome(),
                p.references(),
                p.variants(),
                p.work(),
                BrokenReader.reversed(p.keys()),
                p.at()));
  }

  static AssetLedger purgeCountsWhatWasMadeOnly(AssetLedger ledger) {
    return telling(
        ledger,
        p ->
            new Purged(
                p.outcome(),
                p.references(),
                Math.max(0, p.keys().size() - 1),
                p.work(),
                p.keys(),
                p.at()));
  }

  static AssetLedger purgeKeepsReferences(AssetLedger ledger) {
    Map<AssetId, List<Reference>> kept = new ConcurrentHashMap<>();
    return purging(
            ledger,
            (tracks, asset) -> {
              kept.put(asset, tracks.sound.reader().references(asset));
              return purge(tracks, asset);
            })
        .with(
            new DelegatingLedger.Reader(ledger.reader()) {
              @Override
              public List<Reference> references(AssetId asset) {
                List<Reference> references = new ArrayList<>(sound.references(asset));
                references.addAll(kept.getOrDefault(asset, List.of()));
                return references;
              }
            });
  }

  /** Who works on an asset when it is purged is told that all went well. */
  static AssetLedger purgeLeavesLeases(AssetLedger ledger) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingLedger.Work(ledger.work()) {
              @Override
              public Published publish(Lease held, VariantContent content) {
                try {
                  return sound.publish(held, content);
                } catch (LeaseLostException e) {
                  if (isThere(held)) {
                    throw e;
                  }
                  return new Published(Published.Outcome.PUBLISHED, null);
                }
              }

              @Override
              public List<Settled> settle(List<Settlement> settlements) {
                List<Settled> settled = new ArrayList<>(sound.settle(settlements));
                for (int i = 0; i < settled.size(); i++) {
                  if (!isThere(settlements.get(i).held())) {
                    settled.set(i, new Settled(Settled.Outcome.DONE, null));
                  }
                }
                return settled;
              }

              private boolean isThere(Lease held) {
                return ledger.reader().asset(held.subject().asset()).isPresent();
              }
            });
  }

  /** The keys of what was purged before are forgotten when the same bytes come back. */
  static AssetLedger purgedKeysAreForgottenWhenBytesComeBack(AssetLedger ledger) {
    Map<AssetId, List<StorageKey>> purged = new ConcurrentHashMap<>();
    Tracks tracks = new Tracks(ledger);
    return tracks
        .with(
            new DelegatingCustody(ledger.custody()) {
              @Override
              public Purged purge(AssetId asset) {
                Purged answer = sound.purge(asset);
                purged.put(asset, answer.keys());
                return answer;
              }
            })
        .with(
            new DelegatingLedger.Intake(tracks.intake()) {
              @Override
              public Admitted admit(Admission admission) {
                ledger.collector().forget(purged.getOrDefault(admission.asset(), List.of()));
                return sound.admit(admission);
              }
            });
  }
}
