package dev.hfsm.tck.broken;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.Requested;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Defects in what is granted together with a request. */
final class BrokenBeginnings {

  private BrokenBeginnings() {}

  /** A call. */
  private record Call(List<VariantRequest> requests, String worker, Duration lease) {

    Call of(List<VariantRequest> others) {
      return new Call(others, worker, lease);
    }

    List<Subject> subjects() {
      return requests.stream().map(r -> Subject.derive(r.asset(), r.key())).toList();
    }
  }

  private interface Defect {
    List<Requested> answer(Tracks tracks, Call call);
  }

  private static AssetLedger beginning(AssetLedger ledger, Defect defect) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Work(tracks.work()) {
          @Override
          public List<Requested> requestAndClaim(
              List<VariantRequest> requests, String worker, Duration lease) {
            return defect.answer(tracks, new Call(requests, worker, lease));
          }
        });
  }

  private static List<Requested> begin(Tracks tracks, Call call) {
    return tracks.sound.work().requestAndClaim(call.requests(), call.worker(), call.lease());
  }

  /** As if the claim were a second call, by whatever terms. */
  private static List<Requested> claimed(
      Tracks tracks, Call call, Function<ClaimRequest, ClaimRequest> terms) {
    List<VariantRow> rows = new ArrayList<>();
    call.requests().forEach(r -> rows.add(tracks.sound.intake().requestVariant(r)));
    ClaimRequest about = ClaimRequest.about(call.worker(), call.subjects(), call.lease());
    return Requested.of(rows, tracks.sound.work().claim(terms.apply(about)));
  }

  private static Requested with(Requested answer, @Nullable Claim claim) {
    return new Requested(answer.row(), claim);
  }

  static AssetLedger requestsBringNoClaim(AssetLedger ledger) {
    return beginning(
        ledger, (t, call) -> begin(t, call).stream().map(answer -> with(answer, null)).toList());
  }

  static AssetLedger leasesOfRequestsAreShort(AssetLedger ledger) {
    return beginning(
        ledger,
        (t, call) -> begin(t, new Call(call.requests(), call.worker(), call.lease().dividedBy(2))));
  }

  static AssetLedger claimsOfRequestsAreMadeUp(AssetLedger ledger) {
    return beginning(
        ledger,
        (t, call) ->
            begin(t, call).stream()
                .map(
                    answer ->
                        answer.claim() == null ? answer : with(answer, madeUp(answer.claim())))
                .toList());
  }

  private static Claim madeUp(Claim c) {
    Lease lease = new Lease(c.lease().subject(), c.lease().worker(), c.lease().fence() + 1);
    return new Claim(lease, c.attempt(), c.asset(), c.variant(), c.now());
  }

  static AssetLedger requestsAreAnsweredBackwards(AssetLedger ledger) {
    return beginning(ledger, (t, call) -> BrokenReader.reversed(begin(t, call)));
  }

  static AssetLedger onlyFreshWorkComesWithARequest(AssetLedger ledger) {
    return beginning(
        ledger,
        (t, call) -> {
          VariantRequest first = call.requests().get(0);
          boolean known = t.sound.reader().variant(first.asset(), first.key()).isPresent();
          return known
              ? List.of(new Requested(t.sound.intake().requestVariant(first), null))
              : begin(t, call);
        });
  }

  static AssetLedger requestsTakeWorkFromItsHolder(AssetLedger ledger) {
    return beginning(
        ledger,
        (t, call) -> {
          List<Requested> answers = begin(t, call);
          for (Requested answer : answers) {
            Subject subject = Subject.derive(answer.row().asset(), answer.row().key());
            Lease held = t.leases.get(subject);
            if (answer.claim() == null && held != null && t.isHeld(held)) {
              t.sound.work().release(held);
              return begin(t, call);
            }
            if (answer.claim() != null) {
              t.leases.put(subject, answer.claim().lease());
            }
          }
          return answers;
        });
  }

  static AssetLedger whatIsThereIsBegunAgain(AssetLedger ledger) {
    return beginning(
        ledger,
        (t, call) -> {
          call.requests().stream().map(VariantRequest::asset).distinct().forEach(t::evictAll);
          return begin(t, call);
        });
  }

  static AssetLedger pausedWorkComesWithARequest(AssetLedger ledger) {
    return beginning(
        ledger,
        (t, call) -> {
          boolean paused = t.sound.operator().paused().contains(WorkKind.DERIVE);
          t.sound.operator().resume(WorkKind.DERIVE);
          try {
            return begin(t, call);
          } finally {
            if (paused) {
              t.sound.operator().pause(WorkKind.DERIVE);
            }
          }
        });
  }

  static AssetLedger suspectsComeWithARequest(AssetLedger ledger) {
    return beginning(ledger, (t, call) -> claimed(t, call, terms -> terms));
  }

  static AssetLedger whatIsForLaterComesWithTheRequest(AssetLedger ledger) {
    return beginning(
        ledger,
        (t, call) ->
            begin(
                t,
                call.of(
                    call.requests().stream()
                        .map(
                            r ->
                                new VariantRequest(
                                    r.asset(),
                                    r.key(),
                                    r.transformation(),
                                    r.transformer(),
                                    r.priority()))
                        .toList())));
  }

  static AssetLedger missingAssetsAreAnsweredByNothing(AssetLedger ledger) {
    return beginning(
        ledger,
        (t, call) -> {
          try {
            return begin(t, call);
          } catch (AssetGoneException e) {
            return List.of();
          }
        });
  }

  /** One after the other, whatever they are about. */
  static AssetLedger requestsAreTakenOneByOne(AssetLedger ledger) {
    return beginning(
        ledger,
        (t, call) -> {
          List<Requested> answers = new ArrayList<>();
          for (VariantRequest request : call.requests()) {
            answers.addAll(begin(t, call.of(List.of(request))));
          }
          return answers;
        });
  }
}
