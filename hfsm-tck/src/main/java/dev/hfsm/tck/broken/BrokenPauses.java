package dev.hfsm.tck.broken;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.OperatorLedger;
import dev.hfsm.ledger.Reaped;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** Defects in how kinds of work are paused. */
final class BrokenPauses {

  private BrokenPauses() {}

  private static AssetLedger operating(
      AssetLedger ledger, Function<Tracks, DelegatingLedger.Operator> broken) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(broken.apply(tracks));
  }

  static AssetLedger pauseDoesNothing(AssetLedger ledger) {
    return operating(
        ledger,
        tracks ->
            new DelegatingLedger.Operator(ledger.operator()) {
              @Override
              public void pause(WorkKind kind) {
                // the defect
              }
            });
  }

  static AssetLedger pauseStopsEveryKind(AssetLedger ledger) {
    return operating(
        ledger,
        tracks ->
            new DelegatingLedger.Operator(ledger.operator()) {
              @Override
              public void pause(WorkKind kind) {
                EnumSet.allOf(WorkKind.class).forEach(sound::pause);
              }
            });
  }

  static AssetLedger resumeDoesNothing(AssetLedger ledger) {
    return operating(
        ledger,
        tracks ->
            new DelegatingLedger.Operator(ledger.operator()) {
              @Override
              public void resume(WorkKind kind) {
                // the defect
              }
            });
  }

  static AssetLedger pausesAreCounted(AssetLedger ledger) {
    Map<WorkKind, Integer> pauses = new ConcurrentHashMap<>();
    return operating(
        ledger,
        tracks ->
            new DelegatingLedger.Operator(ledger.operator()) {
              @Override
              public void pause(WorkKind kind) {
                pauses.merge(kind, 1, Integer::sum);
                sound.pause(kind);
              }

              @Override
              public void resume(WorkKind kind) {
                if (pauses.merge(kind, -1, Integer::sum) <= 0) {
                  sound.resume(kind);
                }
              }
            });
  }

  static AssetLedger pausesAreNotTold(AssetLedger ledger) {
    return operating(
        ledger,
        tracks ->
            new DelegatingLedger.Operator(ledger.operator()) {
              @Override
              public Set<WorkKind> paused() {
                return Set.of();
              }
            });
  }

  static AssetLedger pausedWorkIsListed(AssetLedger ledger) {
    return operating(
        ledger,
        tracks ->
            new DelegatingLedger.Operator(ledger.operator()) {
              @Override
              public Page<Hint> due(Cursor after, int limit) {
                return unpaused(sound, () -> sound.due(after, limit));
              }
            });
  }

  private static <T> T unpaused(OperatorLedger operator, Supplier<T> call) {
    Set<WorkKind> paused = operator.paused();
    paused.forEach(operator::resume);
    try {
      return call.get();
    } finally {
      paused.forEach(operator::pause);
    }
  }

  static AssetLedger pausedWorkIsGrantedBySubject(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Work(tracks.work()) {
          @Override
          public List<Claim> claim(ClaimRequest request) {
            return request.subjects().isEmpty()
                ? sound.claim(request)
                : unpaused(ledger.operator(), () -> sound.claim(request));
          }
        });
  }

  static AssetLedger pauseTakesLeases(AssetLedger ledger) {
    return operating(
        ledger,
        tracks ->
            new DelegatingLedger.Operator(ledger.operator()) {
              @Override
              public void pause(WorkKind kind) {
                for (Lease lease : tracks.leases.values()) {
                  if (lease.subject().kind() == kind && tracks.isHeld(lease)) {
                    tracks.sound.work().release(lease);
                  }
                }
                sound.pause(kind);
              }
            });
  }

  static AssetLedger pauseStopsReaping(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Work(tracks.work()) {
          @Override
          public Reaped reap(int limit, int maxAttempts) {
            return ledger.operator().paused().isEmpty()
                ? sound.reap(limit, maxAttempts)
                : new Reaped(List.of(), List.of());
          }
        });
  }
}
