package dev.hfsm.tck.broken;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.Admitted.Outcome;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.Retention;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Failure;
import dev.hfsm.model.Transition;
import dev.hfsm.storage.StorageKey;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Defects in how damage is remembered and healed. */
final class BrokenDamage {

  private BrokenDamage() {}

  static AssetLedger damageIsNotNoted(AssetLedger ledger) {
    return BrokenCustody.keeping(
        ledger,
        tracks ->
            new DelegatingCustody(ledger.custody()) {
              @Override
              public boolean markDamaged(AssetId asset, StorageKey key, Failure damage) {
                return sound.markDamaged(asset, key, damage) && sound.markSound(asset, key);
              }
            });
  }

  static AssetLedger damageIsNotedForAnyKey(AssetLedger ledger) {
    return BrokenCustody.keeping(
        ledger,
        tracks ->
            new DelegatingCustody(ledger.custody()) {
              @Override
              public boolean markDamaged(AssetId asset, StorageKey key, Failure damage) {
                return ledger
                    .reader()
                    .asset(asset)
                    .filter(row -> sound.markDamaged(asset, row.key(), damage))
                    .isPresent();
              }
            });
  }

  static AssetLedger soundnessIsNotedForAnyKey(AssetLedger ledger) {
    return BrokenCustody.keeping(
        ledger,
        tracks ->
            new DelegatingCustody(ledger.custody()) {
              @Override
              public boolean markSound(AssetId asset, StorageKey key) {
                return ledger
                    .reader()
                    .asset(asset)
                    .filter(row -> sound.markSound(asset, row.key()))
                    .isPresent();
              }
            });
  }

  static AssetLedger soundnessIsAlwaysNews(AssetLedger ledger) {
    return BrokenCustody.keeping(
        ledger,
        tracks ->
            new DelegatingCustody(ledger.custody()) {
              @Override
              public boolean markSound(AssetId asset, StorageKey key) {
                return sound.markSound(asset, key) || true;
              }
            });
  }

  private static AssetLedger admitting(
      AssetLedger ledger, BiFunction<Tracks, Admission, Admitted> broken) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Intake(tracks.intake()) {
          @Override
          public Admitted admit(Admission admission) {
            tracks.assets.add(admission.asset());
            return broken.apply(tracks, admission);
          }
        });
  }

  private static Admitted admit(Tracks tracks, Admission admission) {
    return tracks.sound.intake().admit(admission);
  }

  private static Optional<AssetRow> damaged(Tracks tracks, AssetId asset) {
    return tracks.sound.reader().asset(asset).filter(row -> row.damage() != null);
  }

  private static void markAgain(Tracks tracks, AssetRow before, AssetRow after) {
    Failure damage = before.damage();
    if (damage != null) {
      tracks.sound.custody().markDamaged(after.id(), after.key(), damage);
    }
  }

  static AssetLedger damagedIsADuplicate(AssetLedger ledger) {
    return admitting(
        ledger,
        (tracks, admission) -> {
          Optional<AssetRow> before = damaged(tracks, admission.asset());
          before.ifPresent(row -> tracks.sound.custody().markSound(row.id(), row.key()));
          Admitted admitted = admit(tracks, admission);
          AssetRow after = admitted.asset();
          if (after != null) {
            before.ifPresent(row -> markAgain(tracks, row, after));
          }
          return admitted;
        });
  }

  static AssetLedger healingIsCalledADuplicate(AssetLedger ledger) {
    return admitting(
        ledger,
        (tracks, admission) -> {
          Admitted admitted = admit(tracks, admission);
          return admitted.outcome() == Outcome.HEALED
              ? new Admitted(Outcome.DUPLICATE, admitted.asset())
              : admitted;
        });
  }

  static AssetLedger everyDuplicateIsHealed(AssetLedger ledger) {
    return admitting(
        ledger,
        (tracks, admission) -> {
          Admitted admitted = admit(tracks, admission);
          return admitted.outcome() == Outcome.DUPLICATE
              ? new Admitted(Outcome.HEALED, admitted.asset())
              : admitted;
        });
  }

  static AssetLedger healingLosesTheOldKey(AssetLedger ledger) {
    return admitting(
        ledger,
        (tracks, admission) -> {
          Optional<AssetRow> before = damaged(tracks, admission.asset());
          Admitted admitted = admit(tracks, admission);
          before.ifPresent(row -> tracks.sound.collector().forget(List.of(row.key())));
          return admitted;
        });
  }

  /** The note stays, about bytes that are sound. */
  static AssetLedger healingKeepsTheNote(AssetLedger ledger) {
    return admitting(
        ledger,
        (tracks, admission) -> {
          Optional<AssetRow> before = damaged(tracks, admission.asset());
          Admitted admitted = admit(tracks, admission);
          AssetRow after = admitted.asset();
          if (after != null) {
            before.ifPresent(row -> markAgain(tracks, row, after));
          }
          return admitted;
        });
  }

  static AssetLedger healingTakesTheLease(AssetLedger ledger) {
    return admitting(
        ledger,
        (tracks, admission) -> {
          Admitted admitted = admit(tracks, admission);
          if (admitted.outcome() == Outcome.HEALED) {
            tracks.leases.values().stream()
                .filter(tracks::isHeld)
                .toList()
                .forEach(tracks.sound.work()::release);
          }
          return admitted;
        });
  }

  static AssetLedger aNameHeals(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Intake(tracks.intake()) {
          @Override
          public Optional<AssetRow> retain(Retention retention) {
            damaged(tracks, retention.asset())
                .ifPresent(row -> ledger.custody().markSound(row.id(), row.key()));
            return sound.retain(retention);
          }
        });
  }

  static AssetLedger damageEndsWithTheNextStep(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Work(tracks.work()) {
          @Override
          public Transition advance(Lease held, AssetEvent event, Facts learned) {
            damaged(tracks, held.subject().asset())
                .ifPresent(row -> ledger.custody().markSound(row.id(), row.key()));
            return sound.advance(held, event, learned);
          }
        });
  }
}
