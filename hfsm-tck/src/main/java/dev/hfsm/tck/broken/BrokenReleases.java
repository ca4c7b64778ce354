package dev.hfsm.tck.broken;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Retention;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.ReferenceName;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Defects in how a name is taken away from one asset only. */
final class BrokenReleases {

  private BrokenReleases() {}

  private interface Releasing {
    boolean release(Tracks tracks, AssetId from, ReferenceName name);
  }

  private static AssetLedger releasing(AssetLedger ledger, Releasing broken) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Intake(tracks.intake()) {
          @Override
          public boolean release(AssetId from, ReferenceName reference) {
            return broken.release(tracks, from, reference);
          }
        });
  }

  static AssetLedger guardedReleaseTakesFromAnybody(AssetLedger ledger) {
    return releasing(
        ledger,
        (tracks, from, name) -> tracks.sound.intake().release(from.scope(), name).isPresent());
  }

  static AssetLedger guardedReleaseAlwaysSaysYes(AssetLedger ledger) {
    return releasing(
        ledger, (tracks, from, name) -> tracks.sound.intake().release(from, name) || true);
  }

  static AssetLedger guardedReleaseDoesNothing(AssetLedger ledger) {
    return releasing(
        ledger,
        (tracks, from, name) ->
            tracks.sound.reader().references(from).stream().anyMatch(r -> r.name().equals(name)));
  }

  static AssetLedger guardedReleaseDropsAllNames(AssetLedger ledger) {
    return releasing(
        ledger,
        (tracks, from, name) -> {
          boolean released = tracks.sound.intake().release(from, name);
          if (released) {
            tracks.releaseAll(from);
          }
          return released;
        });
  }

  /** Keeps a secret claim, so that the asset never goes. */
  static AssetLedger guardedReleaseStartsNoGrace(AssetLedger ledger) {
    return releasing(
        ledger,
        (tracks, from, name) -> {
          boolean released = tracks.sound.intake().release(from, name);
          if (released && tracks.sound.reader().references(from).isEmpty()) {
            tracks.claimFor(from, new ReferenceName("kept " + from));
          }
          return released;
        });
  }

  /** Looks where the name points, and takes it away from wherever it points afterwards. */
  static AssetLedger guardedReleaseLooksFirst(AssetLedger ledger) {
    Semaphore moved = new Semaphore(0);
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Intake(tracks.intake()) {
          @Override
          public Optional<AssetRow> retain(Retention retention) {
            Optional<AssetRow> row = sound.retain(retention);
            moved.release();
            return row;
          }

          @Override
          public boolean release(AssetId from, ReferenceName name) {
            moved.drainPermits();
            boolean pointsThere =
                ledger.reader().references(from).stream().anyMatch(r -> r.name().equals(name));
            if (!pointsThere) {
              return false;
            }
            awaitMove();
            return sound.release(from.scope(), name).isPresent();
          }

          private void awaitMove() {
            try {
              moved.tryAcquire(300, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        });
  }
}
