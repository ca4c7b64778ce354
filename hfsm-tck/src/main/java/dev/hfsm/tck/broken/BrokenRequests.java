package dev.hfsm.tck.broken;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Defects in what holds when a variant is asked for more than once, or ahead of time. */
final class BrokenRequests {

  private BrokenRequests() {}

  private interface Requesting {
    VariantRow request(Tracks tracks, VariantRequest request, Optional<WorkRow> before);
  }

  private static DelegatingLedger requesting(AssetLedger ledger, Requesting broken) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Intake(tracks.intake()) {
          @Override
          public VariantRow requestVariant(VariantRequest request) {
            return broken.request(tracks, request, work(tracks, request));
          }
        });
  }

  private static Subject subject(VariantRequest request) {
    return Subject.derive(request.asset(), request.key());
  }

  private static Optional<WorkRow> work(Tracks tracks, VariantRequest request) {
    return tracks.sound.operator().work(request.asset()).stream()
        .filter(row -> row.subject().equals(subject(request)))
        .findFirst();
  }

  private static VariantRow request(Tracks tracks, VariantRequest request) {
    return tracks.sound.intake().requestVariant(request);
  }

  static AssetLedger delayIsIgnored(AssetLedger ledger) {
    return requesting(
        ledger,
        (tracks, r, before) ->
            request(
                tracks,
                new VariantRequest(
                    r.asset(), r.key(), r.transformation(), r.transformer(), r.priority())));
  }

  static AssetLedger requestsAreNotMerged(AssetLedger ledger) {
    return requesting(
        ledger,
        (tracks, r, before) ->
            tracks
                .sound
                .reader()
                .variant(r.asset(), r.key())
                .filter(row -> row.state() == VariantState.REQUESTED)
                .orElseGet(() -> request(tracks, r)));
  }

  /** A failed variant is due at once, whatever was asked for. */
  static AssetLedger delayIsForgottenAfterAFailure(AssetLedger ledger) {
    return requesting(
        ledger,
        (tracks, r, before) -> {
          boolean failed = before.filter(WorkRow::dead).isPresent();
          return request(
              tracks,
              new VariantRequest(
                  r.asset(),
                  r.key(),
                  r.transformation(),
                  r.transformer(),
                  r.priority(),
                  failed ? Duration.ZERO : r.delay()));
        });
  }

  /** Work is shown with another time or priority than the sound ledger has. */
  private record Shown(Map<Subject, Instant> due, Map<Subject, Integer> priority) {

    Shown() {
      this(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    }

    AssetLedger over(AssetLedger ledger, Requesting broken) {
      return requesting(ledger, broken)
          .with(
              new BrokenClaims.WorkShown(
                  ledger,
                  r ->
                      new WorkRow(
                          r.subject(),
                          priority.getOrDefault(r.subject(), r.priority()),
                          due.getOrDefault(r.subject(), r.due()),
                          r.attempts(),
                          r.worker(),
                          r.leasedUntil(),
                          r.failure(),
                          r.dead())));
    }
  }

  static AssetLedger lastRequestSetsTheTime(AssetLedger ledger) {
    Shown shown = new Shown();
    return shown.over(
        ledger,
        (tracks, request, before) -> {
          if (before.filter(work -> work.attempts() == 0).isPresent()) {
            shown.due.put(subject(request), tracks.now().plus(request.delay()));
          }
          return request(tracks, request);
        });
  }

  static AssetLedger lastRequestSetsThePriority(AssetLedger ledger) {
    Shown shown = new Shown();
    return shown.over(
        ledger,
        (tracks, request, before) -> {
          if (before.filter(work -> work.attempts() == 0).isPresent()) {
            shown.priority.put(subject(request), request.priority());
          }
          return request(tracks, request);
        });
  }

  static AssetLedger requestCutsTheWaitShort(AssetLedger ledger) {
    Shown shown = new Shown();
    return shown.over(
        ledger,
        (tracks, request, before) -> {
          if (before.filter(work -> work.attempts() > 0 && !work.dead()).isPresent()) {
            shown.due.put(subject(request), tracks.now().plus(request.delay()));
          }
          return request(tracks, request);
        });
  }

  static AssetLedger requestChangesLeasedWork(AssetLedger ledger) {
    Shown shown = new Shown();
    return shown.over(
        ledger,
        (tracks, request, before) -> {
          before
              .filter(work -> work.worker() != null)
              .ifPresent(
                  work -> shown.priority.merge(work.subject(), request.priority(), Math::max));
          return request(tracks, request);
        });
  }

  /** Work that was ever granted is never merged again, given back untouched or not. */
  static AssetLedger grantedOnceIsNeverMerged(AssetLedger ledger) {
    return requesting(
        ledger,
        (tracks, request, before) ->
            tracks.leases.containsKey(subject(request))
                    && before.filter(work -> !work.dead()).isPresent()
                ? tracks.sound.reader().variant(request.asset(), request.key()).orElseThrow()
                : request(tracks, request));
  }
}
