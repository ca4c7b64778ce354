package dev.hfsm.tck.broken;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Failure;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Defects in how work is granted and shown. */
final class BrokenClaims {

  private BrokenClaims() {}

  private static AssetLedger claiming(
      AssetLedger ledger, BiFunction<Tracks, ClaimRequest, List<Claim>> broken) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Work(tracks.work()) {
          @Override
          public List<Claim> claim(ClaimRequest request) {
            return broken.apply(tracks, request);
          }
        });
  }

  private static List<Claim> claim(Tracks tracks, ClaimRequest request) {
    return tracks.sound.work().claim(request);
  }

  private static ClaimRequest upTo(int max, ClaimRequest r) {
    return new ClaimRequest(r.worker(), r.kinds(), r.subjects(), max, r.lease(), r.suspects());
  }

  static AssetLedger claimForgetsVariant(AssetLedger ledger) {
    return claiming(
        ledger,
        (t, request) ->
            claim(t, request).stream()
                .map(c -> new Claim(c.lease(), c.attempt(), c.asset(), null, c.now()))
                .toList());
  }

  static AssetLedger claimTellsNoTime(AssetLedger ledger) {
    return claiming(
        ledger,
        (t, request) ->
            claim(t, request).stream()
                .map(c -> new Claim(c.lease(), c.attempt(), c.asset(), c.variant(), Instant.EPOCH))
                .toList());
  }

  static AssetLedger kindsAreIgnored(AssetLedger ledger) {
    return claiming(
        ledger,
        (t, r) ->
            claim(
                t,
                new ClaimRequest(
                    r.worker(),
                    EnumSet.allOf(WorkKind.class),
                    r.subjects(),
                    r.max(),
                    r.lease(),
                    r.suspects())));
  }

  static AssetLedger maximumIsIgnored(AssetLedger ledger) {
    return claiming(ledger, (t, request) -> claim(t, upTo(1000, request)));
  }

  static AssetLedger longestDueWaits(AssetLedger ledger) {
    return claiming(
        ledger,
        (tracks, request) -> {
          List<Claim> all = claim(tracks, upTo(100_000, request));
          int surplus = Math.max(0, all.size() - request.max());
          all.subList(0, surplus).forEach(c -> tracks.sound.work().release(c.lease()));
          return all.subList(surplus, all.size());
        });
  }

  static AssetLedger grantedTwice(AssetLedger ledger) {
    List<Claim> granted = new ArrayList<>();
    return claiming(
        ledger,
        (tracks, request) -> {
          synchronized (granted) {
            List<Claim> claims = claim(tracks, request);
            granted.addAll(claims);
            return claims.isEmpty() ? granted.stream().limit(request.max()).toList() : claims;
          }
        });
  }

  static AssetLedger grantsListWorkTwice(AssetLedger ledger) {
    return claiming(
        ledger,
        (tracks, request) -> {
          List<Claim> claims = new ArrayList<>(claim(tracks, request));
          if (claims.size() < request.max()) {
            claims.addAll(List.copyOf(claims));
          }
          return claims;
        });
  }

  static AssetLedger grantsAreListedBackwards(AssetLedger ledger) {
    return claiming(ledger, (t, request) -> BrokenReader.reversed(claim(t, request)));
  }

  static AssetLedger expiredIsGranted(AssetLedger ledger) {
    return claiming(
        ledger,
        (tracks, request) -> {
          tracks.sound.work().reap(1000, Integer.MAX_VALUE);
          return claim(tracks, request);
        });
  }

  static AssetLedger deadIsGranted(AssetLedger ledger) {
    return claiming(
        ledger,
        (tracks, request) -> {
          tracks
              .sound
              .operator()
              .dead(Cursor.START, 1000)
              .items()
              .forEach(row -> tracks.sound.operator().redrive(row.subject()));
          return claim(tracks, request);
        });
  }

  static AssetLedger leasesAreShort(AssetLedger ledger) {
    return claiming(
        ledger,
        (t, r) ->
            claim(
                t,
                new ClaimRequest(
                    r.worker(),
                    r.kinds(),
                    r.subjects(),
                    r.max(),
                    r.lease().dividedBy(2),
                    r.suspects())));
  }

  static AssetLedger fencesFall(AssetLedger ledger) {
    Map<Lease, Lease> real = new ConcurrentHashMap<>();
    DelegatingLedger.Work falling =
        new BrokenLeases.Translated(ledger.work(), lease -> real.getOrDefault(lease, lease)) {
          @Override
          public List<Claim> claim(ClaimRequest request) {
            List<Claim> claims = new ArrayList<>();
            for (Claim c : sound.claim(request)) {
              Lease l = c.lease();
              Lease shown = new Lease(l.subject(), l.worker(), 1_000_000 - l.fence());
              real.put(shown, l);
              claims.add(new Claim(shown, c.attempt(), c.asset(), c.variant(), c.now()));
            }
            return claims;
          }
        };
    return new DelegatingLedger(ledger).with(falling);
  }

  /** Attempts as the wrapper counts them: {@code counted} per subject. */
  private abstract static class Counting extends DelegatingLedger.Work {

    final Map<Subject, AtomicInteger> counted = new ConcurrentHashMap<>();

    Counting(AssetLedger ledger) {
      super(ledger.work());
    }

    AtomicInteger count(Subject subject) {
      return counted.computeIfAbsent(subject, s -> new AtomicInteger());
    }

    AssetLedger over(AssetLedger ledger) {
      return new DelegatingLedger(ledger)
          .with(this)
          .with(
              new WorkShown(
                  ledger,
                  r ->
                      new WorkRow(
                          r.subject(),
                          r.priority(),
                          r.due(),
                          count(r.subject()).get(),
                          r.worker(),
                          r.leasedUntil(),
                          r.failure(),
                          r.dead())));
    }
  }

  static AssetLedger attemptsCountWhenTheyFail(AssetLedger ledger) {
    return new Counting(ledger) {
      @Override
      public List<Claim> claim(ClaimRequest request) {
        return sound.claim(request).stream()
            .map(
                c ->
                    new Claim(
                        c.lease(),
                        count(c.lease().subject()).get() + 1,
                        c.asset(),
                        c.variant(),
                        c.now()))
            .toList();
      }

      @Override
      public void retry(Lease held, Failure failure, Duration delay) {
        sound.retry(held, failure, delay);
        count(held.subject()).incrementAndGet();
      }
    }.over(ledger);
  }

  static AssetLedger attemptsAreNeverForgotten(AssetLedger ledger) {
    return new Counting(ledger) {
      @Override
      public List<Claim> claim(ClaimRequest request) {
        return sound.claim(request).stream()
            .map(
                c ->
                    new Claim(
                        c.lease(),
                        count(c.lease().subject()).incrementAndGet(),
                        c.asset(),
                        c.variant(),
                        c.now()))
            .toList();
      }
    }.over(ledger);
  }

  /** Work rows as an operator sees them, rewritten. */
  static class WorkShown extends DelegatingLedger.Operator {

    private final UnaryOperator<WorkRow> shown;

    WorkShown(AssetLedger ledger, UnaryOperator<WorkRow> shown) {
      super(ledger.operator());
      this.shown = shown;
    }

    @Override
    public List<WorkRow> work(AssetId asset) {
      return sound.work(asset).stream().map(shown).toList();
    }
  }

  static AssetLedger holdersAreHidden(AssetLedger ledger) {
    return new DelegatingLedger(ledger)
        .with(
            new WorkShown(
                ledger,
                r ->
                    new WorkRow(
                        r.subject(),
                        r.priority(),
                        r.due(),
                        r.attempts(),
                        null,
                        null,
                        r.failure(),
                        r.dead())));
  }
}
