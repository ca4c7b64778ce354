package dev.hfsm.tck.broken;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.Admitted.Outcome;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.Lookup;
import dev.hfsm.ledger.Retention;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import dev.hfsm.model.Subject;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/** Defects in how assets come in and are claimed. */
final class BrokenIntake {

  private BrokenIntake() {}

  static AssetLedger findForgets(AssetLedger ledger) {
    return new Tracks(ledger)
        .with(
            new DelegatingLedger.Intake(ledger.intake()) {
              @Override
              public Lookup find(AssetId asset) {
                return new Lookup(null, sound.find(asset).now());
              }
            });
  }

  /** {@code admit} as {@code broken} does it, which may call the sound one. */
  private static AssetLedger admitting(
      AssetLedger ledger, BiFunction<Tracks, Admission, Admitted> broken) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Intake(tracks.intake()) {
          @Override
          public Admitted admit(Admission admission) {
            Admitted admitted = broken.apply(tracks, admission);
            tracks.assets.add(admission.asset());
            return admitted;
          }
        });
  }

  private static Admitted admit(Tracks tracks, Admission admission) {
    return tracks.sound.intake().admit(admission);
  }

  static AssetLedger duplicateCreates(AssetLedger ledger) {
    return admitting(
        ledger,
        (tracks, admission) -> {
          Admitted admitted = admit(tracks, admission);
          return admitted.outcome() == Outcome.DUPLICATE
              ? new Admitted(Outcome.CREATED, admitted.asset())
              : admitted;
        });
  }

  static AssetLedger admitWithoutWork(AssetLedger ledger) {
    return admitting(
        ledger,
        (tracks, admission) -> {
          Admitted admitted = admit(tracks, admission);
          if (admitted.outcome() == Outcome.CREATED) {
            tracks.loseWork(Subject.inspect(admission.asset()));
          }
          return admitted;
        });
  }

  static AssetLedger reviveWithoutWork(AssetLedger ledger) {
    return admitting(
        ledger,
        (tracks, admission) -> {
          Admitted admitted = admit(tracks, admission);
          if (admitted.outcome() == Outcome.REVIVED) {
            tracks.loseWork(Subject.inspect(admission.asset()));
          }
          return admitted;
        });
  }

  static AssetLedger admitTakesStaleKey(AssetLedger ledger) {
    return admitting(
        ledger,
        (tracks, admission) -> {
          Admitted admitted = admit(tracks, admission);
          return admitted.outcome() == Outcome.STALE_KEY
              ? admit(tracks, tracks.underFreshKey(admission))
              : admitted;
        });
  }

  static AssetLedger admitCallsFreshKeyStale(AssetLedger ledger) {
    return admitting(
        ledger,
        (tracks, admission) ->
            admission
                    .key()
                    .parts()
                    .filter(p -> p.stamp().at().isBefore(tracks.now().minus(Duration.ofHours(6))))
                    .isPresent()
                ? new Admitted(Outcome.STALE_KEY, null)
                : admit(tracks, admission));
  }

  static AssetLedger admitTakesForeignKey(AssetLedger ledger) {
    return admitting(
        ledger,
        (tracks, admission) -> {
          try {
            return admit(tracks, admission);
          } catch (IllegalArgumentException e) {
            return admit(tracks, tracks.underFreshKey(admission));
          }
        });
  }

  static AssetLedger admitForgetsUploads(AssetLedger ledger) {
    return admitting(
        ledger,
        (tracks, admission) ->
            tracks
                .claimFor(admission.asset(), admission.reference())
                .map(row -> new Admitted(Outcome.DUPLICATE, row))
                .orElseGet(() -> admit(tracks, admission)));
  }

  static AssetLedger admitDoesNotRevive(AssetLedger ledger) {
    return admitting(
        ledger,
        (tracks, admission) ->
            tracks
                .sound
                .intake()
                .retain(
                    new Retention(admission.asset(), admission.reference(), Retention.Cause.UPLOAD))
                .map(row -> new Admitted(Outcome.DUPLICATE, row))
                .orElseGet(() -> admit(tracks, admission)));
  }

  /** What may be damaged stays, what was just uploaded is told to be deleted. */
  static AssetLedger reviveKeepsOldKey(AssetLedger ledger) {
    return admitting(
        ledger,
        (tracks, admission) -> {
          Subject inspection = Subject.inspect(admission.asset());
          boolean failed =
              tracks.reader().asset(admission.asset()).stream()
                  .anyMatch(row -> row.state() == AssetState.FAILED);
          if (!failed || !tracks.sound.operator().redrive(inspection)) {
            return admit(tracks, admission);
          }
          return tracks
              .sound
              .intake()
              .retain(
                  new Retention(admission.asset(), admission.reference(), Retention.Cause.UPLOAD))
              .map(row -> new Admitted(Outcome.REVIVED, row))
              .orElseGet(() -> admit(tracks, admission));
        });
  }

  /** Equal bytes are one asset wherever they are. */
  static AssetLedger admitCrossesScopes(AssetLedger ledger) {
    return admitting(
        ledger,
        (tracks, admission) ->
            tracks.assets.stream()
                .filter(other -> other.digest().equals(admission.asset().digest()))
                .filter(other -> !other.equals(admission.asset()))
                .findFirst()
                .flatMap(other -> tracks.claimFor(other, admission.reference()))
                .map(row -> new Admitted(Outcome.DUPLICATE, row))
                .orElseGet(() -> admit(tracks, admission)));
  }

  static AssetLedger duplicateOwesInspection(AssetLedger ledger) {
    return admitting(
        ledger,
        (tracks, admission) -> {
          tracks.sound.operator().redrive(Subject.inspect(admission.asset()));
          return admit(tracks, admission);
        });
  }

  static AssetLedger duplicateTakesLease(AssetLedger ledger) {
    return admitting(
        ledger,
        (tracks, admission) -> {
          Lease lease = tracks.leases.get(Subject.inspect(admission.asset()));
          if (lease != null && tracks.isHeld(lease)) {
            tracks.sound.work().release(lease);
          }
          return admit(tracks, admission);
        });
  }

  static AssetLedger admitWithoutReference(AssetLedger ledger) {
    return admitting(
        ledger,
        (tracks, admission) -> {
          Admitted admitted = admit(tracks, admission);
          if (admitted.outcome() == Outcome.DUPLICATE) {
            tracks.sound.intake().release(admission.asset().scope(), admission.reference());
          }
          return admitted;
        });
  }

  /** {@code retain} as {@code broken} does it, which may call the sound one. */
  private static AssetLedger retaining(
      AssetLedger ledger, BiFunction<Tracks, Retention, Optional<AssetRow>> broken) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Intake(tracks.intake()) {
          @Override
          public Optional<AssetRow> retain(Retention retention) {
            return broken.apply(tracks, retention);
          }
        });
  }

  static AssetLedger retainForgetsUploads(AssetLedger ledger) {
    return retaining(
        ledger, (t, retention) -> t.claimFor(retention.asset(), retention.reference()));
  }

  static AssetLedger retainRevives(AssetLedger ledger) {
    return retaining(
        ledger,
        (tracks, retention) -> {
          tracks
              .sound
              .reader()
              .asset(retention.asset())
              .filter(row -> row.state() == AssetState.FAILED)
              .ifPresent(row -> tracks.sound.operator().redrive(Subject.inspect(row.id())));
          return tracks.sound.intake().retain(retention);
        });
  }

  static AssetLedger retainIsNotWritten(AssetLedger ledger) {
    return retaining(ledger, (t, retention) -> t.sound.reader().asset(retention.asset()));
  }

  static AssetLedger retainMovesNameFirst(AssetLedger ledger) {
    return retaining(
        ledger,
        (tracks, retention) -> {
          tracks.sound.intake().release(retention.asset().scope(), retention.reference());
          return tracks.sound.intake().retain(retention);
        });
  }

  /** Answers with the row it saw before the collection removed it. */
  static AssetLedger retainLosesToCollect(AssetLedger ledger) {
    Map<AssetId, AssetRow> seen = new ConcurrentHashMap<>();
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Intake(tracks.intake()) {
          @Override
          public Admitted admit(Admission admission) {
            Admitted admitted = sound.admit(admission);
            Optional.ofNullable(admitted.asset()).ifPresent(row -> seen.put(row.id(), row));
            return admitted;
          }

          @Override
          public Optional<AssetRow> retain(Retention retention) {
            return sound
                .retain(retention)
                .or(() -> Optional.ofNullable(seen.get(retention.asset())));
          }
        });
  }

  private static AssetLedger releasing(
      AssetLedger ledger, BiFunction<Tracks, ReferenceOf, Optional<AssetId>> broken) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Intake(tracks.intake()) {
          @Override
          public Optional<AssetId> release(Scope scope, ReferenceName reference) {
            return broken.apply(tracks, new ReferenceOf(scope, reference));
          }
        });
  }

  private record ReferenceOf(Scope scope, ReferenceName name) {

    Optional<AssetId> release(Tracks tracks) {
      return tracks.sound.intake().release(scope, name);
    }
  }

  static AssetLedger releaseAnswersAgain(AssetLedger ledger) {
    Map<ReferenceOf, AssetId> released = new ConcurrentHashMap<>();
    return releasing(
        ledger,
        (tracks, reference) -> {
          Optional<AssetId> asset = reference.release(tracks);
          asset.ifPresent(id -> released.put(reference, id));
          return asset.or(() -> Optional.ofNullable(released.get(reference)));
        });
  }

  static AssetLedger releaseCollectsAtOnce(AssetLedger ledger) {
    return releasing(
        ledger,
        (tracks, reference) -> {
          Optional<AssetId> asset = reference.release(tracks);
          tracks.sound.collector().collect(Duration.ZERO, 1000);
          return asset;
        });
  }

  static AssetLedger releaseDropsAllNames(AssetLedger ledger) {
    return releasing(
        ledger,
        (tracks, reference) -> {
          Optional<AssetId> asset = reference.release(tracks);
          asset.ifPresent(tracks::releaseAll);
          return asset;
        });
  }

  static AssetLedger releaseCrossesScopes(AssetLedger ledger) {
    return releasing(
        ledger,
        (tracks, reference) -> {
          Optional<AssetId> asset = reference.release(tracks);
          for (AssetId other : tracks.assets) {
            Optional<AssetId> crossed =
                new ReferenceOf(other.scope(), reference.name()).release(tracks);
            asset = asset.or(() -> crossed);
          }
          return asset;
        });
  }

  static AssetLedger namesIgnoreCase(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Intake(tracks.intake()) {
          @Override
          public Admitted admit(Admission a) {
            return sound.admit(
                new Admission(
                    a.asset(),
                    a.size(),
                    a.key(),
                    folded(a.reference()),
                    a.facts(),
                    a.visibility()));
          }

          @Override
          public Optional<AssetRow> retain(Retention r) {
            return sound.retain(
                new Retention(r.asset(), folded(r.reference()), r.cause(), r.visibility()));
          }

          @Override
          public Optional<AssetId> release(Scope scope, ReferenceName reference) {
            return sound.release(scope, folded(reference));
          }
        });
  }

  private static ReferenceName folded(ReferenceName name) {
    return new ReferenceName(name.text().toLowerCase(Locale.ROOT));
  }

  static AssetLedger closeOnlyOnce(AssetLedger ledger) {
    return new DelegatingLedger(ledger) {
      private boolean closed;

      @Override
      public void close() {
        if (closed) {
          throw new AssetGoneException("the ledger is closed");
        }
        closed = true;
      }
    };
  }
}
