package dev.hfsm.tck.broken;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.ClaimRequest.Suspects;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.Reaped;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.Failure;
import dev.hfsm.model.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Defects in how work is told apart that may have killed its worker. */
final class BrokenSuspects {

  private BrokenSuspects() {}

  /** Grants what another idea of suspicion lets through. */
  private static class Suspecting extends DelegatingLedger.Work {

    private final Tracks tracks;
    private final Predicate<WorkRow> suspicious;

    Suspecting(Tracks tracks, Predicate<WorkRow> suspicious) {
      super(tracks.work());
      this.tracks = tracks;
      this.suspicious = suspicious;
    }

    @Override
    public List<Claim> claim(ClaimRequest request) {
      if (request.suspects() == Suspects.INCLUDED) {
        return sound.claim(request);
      }
      boolean wanted = request.suspects() == Suspects.ONLY;
      List<Claim> granted = new ArrayList<>();
      for (Claim claim : sound.claim(upTo(100_000, request).with(Suspects.INCLUDED))) {
        if (granted.size() < request.max() && suspicious.test(rowOf(claim)) == wanted) {
          granted.add(claim);
        } else {
          sound.release(claim.lease());
        }
      }
      return granted;
    }

    private WorkRow rowOf(Claim claim) {
      Subject subject = claim.lease().subject();
      return tracks.sound.operator().work(subject.asset()).stream()
          .filter(row -> row.subject().equals(subject))
          .findFirst()
          .orElseThrow();
    }
  }

  private static ClaimRequest upTo(int max, ClaimRequest r) {
    return new ClaimRequest(r.worker(), r.kinds(), r.subjects(), max, r.lease(), r.suspects());
  }

  private static boolean isSuspect(WorkRow row) {
    return row.failure() != null && row.failure().code().equals(WorkLedger.WORKER_LOST);
  }

  private static AssetLedger suspecting(AssetLedger ledger, Predicate<WorkRow> suspicious) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(new Suspecting(tracks, suspicious));
  }

  static AssetLedger nobodyIsSuspected(AssetLedger ledger) {
    return suspecting(ledger, row -> false);
  }

  static AssetLedger everyFailureIsSuspicious(AssetLedger ledger) {
    return suspecting(ledger, row -> row.failure() != null);
  }

  static AssetLedger onlyInspectionsAreSuspected(AssetLedger ledger) {
    return suspecting(ledger, row -> isSuspect(row) && row.subject().variant() == null);
  }

  /** The attempt under way is counted in the row. */
  static AssetLedger suspicionEndsWithTheSecondLoss(AssetLedger ledger) {
    return suspecting(ledger, row -> isSuspect(row) && row.attempts() < 3);
  }

  static AssetLedger suspectsTakeThePlacesOfOthers(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new Suspecting(tracks, BrokenSuspects::isSuspect) {
          @Override
          public List<Claim> claim(ClaimRequest request) {
            List<Claim> first = sound.claim(request.with(Suspects.INCLUDED));
            first.forEach(claim -> sound.release(claim.lease()));
            List<Subject> places = first.stream().map(c -> c.lease().subject()).toList();
            return super.claim(request).stream()
                .filter(c -> places.contains(c.lease().subject()))
                .toList();
          }
        });
  }

  static AssetLedger suspectsAreGrantedBySubject(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Work(tracks.work()) {
          @Override
          public List<Claim> claim(ClaimRequest request) {
            return sound.claim(
                request.subjects().isEmpty() ? request : request.with(Suspects.INCLUDED));
          }
        });
  }

  static AssetLedger suspicionNeverEnds(AssetLedger ledger) {
    Set<Subject> ever = ConcurrentHashMap.newKeySet();
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new Suspecting(tracks, row -> isSuspect(row) || ever.contains(row.subject())) {
          @Override
          public Reaped reap(int limit, int maxAttempts) {
            Reaped reaped = sound.reap(limit, maxAttempts);
            ever.addAll(reaped.freed());
            ever.addAll(reaped.buried());
            return reaped;
          }
        });
  }

  static AssetLedger suspicionEndsWithARelease(AssetLedger ledger) {
    Set<Subject> cleared = ConcurrentHashMap.newKeySet();
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new Suspecting(tracks, row -> isSuspect(row) && !cleared.contains(row.subject())) {
          @Override
          public void release(Lease held) {
            sound.release(held);
            cleared.add(held.subject());
          }
        });
  }

  static AssetLedger lostWorkersLeaveNoReason(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Work(tracks.work()) {
          @Override
          public Reaped reap(int limit, int maxAttempts) {
            Reaped reaped = sound.reap(limit, maxAttempts);
            for (Subject subject : reaped.freed()) {
              sound
                  .claim(ClaimRequest.about("reaper", List.of(subject), Duration.ofHours(1)))
                  .forEach(c -> sound.retry(c.lease(), unexplained(c), Duration.ZERO));
            }
            return reaped;
          }
        });
  }

  private static Failure unexplained(Claim claim) {
    return new Failure("expired", "the lease ran out", true, claim.now());
  }
}
