package dev.hfsm.tck.broken;

import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.Published;
import dev.hfsm.ledger.Settled;
import dev.hfsm.ledger.Settled.Outcome;
import dev.hfsm.ledger.Settlement;
import dev.hfsm.ledger.Settlement.Rendered;
import dev.hfsm.ledger.Settlement.Step;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.StateMachine;
import dev.hfsm.model.Subject;
import dev.hfsm.storage.StorageKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Defects in how much work is settled at once. */
final class BrokenSettlements {

  private BrokenSettlements() {}

  private interface Settling {
    List<Settled> settle(Tracks tracks, List<Settlement> settlements);
  }

  private static AssetLedger settling(AssetLedger ledger, Settling broken) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Work(tracks.work()) {
          @Override
          public List<Settled> settle(List<Settlement> settlements) {
            return broken.settle(tracks, settlements);
          }
        });
  }

  private static List<Settled> settle(Tracks tracks, List<Settlement> settlements) {
    return tracks.sound.work().settle(settlements);
  }

  /** What is wrong with a batch shows when it is met, and what came before stays written. */
  static AssetLedger settleIsManyTransactions(AssetLedger ledger) {
    return settling(
        ledger,
        (tracks, settlements) ->
            settlements.stream().map(s -> byItself(tracks.sound.work(), s)).toList());
  }

  private static Settled byItself(WorkLedger work, Settlement settlement) {
    try {
      if (settlement instanceof Step step) {
        return new Settled(Outcome.DONE, work.advance(step.held(), step.event(), step.learned()));
      }
      Rendered rendered = (Rendered) settlement;
      Published published = work.publish(rendered.held(), rendered.content());
      return published.outcome() == Published.Outcome.STALE_KEY
          ? new Settled(Outcome.STALE_KEY, null)
          : new Settled(Outcome.DONE, published.transition());
    } catch (LeaseLostException e) {
      return new Settled(Outcome.LEASE_LOST, null);
    }
  }

  static AssetLedger settleThrowsForALostLease(AssetLedger ledger) {
    return settling(
        ledger,
        (tracks, settlements) -> {
          List<Settled> settled = settle(tracks, settlements);
          if (settled.stream().anyMatch(s -> s.outcome() == Outcome.LEASE_LOST)) {
            throw new LeaseLostException("one of " + settlements);
          }
          return settled;
        });
  }

  static AssetLedger settleStopsAtALostLease(AssetLedger ledger) {
    return settling(
        ledger,
        (tracks, settlements) -> {
          List<Settled> all = new ArrayList<>();
          boolean lost = false;
          for (Settlement settlement : settlements) {
            Settled settled =
                lost
                    ? new Settled(Outcome.LEASE_LOST, null)
                    : settle(tracks, List.of(settlement)).get(0);
            lost |= settled.outcome() == Outcome.LEASE_LOST;
            all.add(settled);
          }
          return all;
        });
  }

  static AssetLedger settleWithoutFence(AssetLedger ledger) {
    return settling(
        ledger,
        (tracks, settlements) ->
            settle(tracks, settlements.stream().map(s -> taken(tracks, s)).toList()));
  }

  private static Settlement taken(Tracks tracks, Settlement settlement) {
    Lease held = settlement.held();
    if (tracks.isHeld(held)) {
      return settlement;
    }
    try {
      Lease lease = tracks.takenFor(held);
      return settlement instanceof Step step
          ? new Step(lease, step.event(), step.learned())
          : new Rendered(lease, ((Rendered) settlement).content());
    } catch (LeaseLostException e) {
      return settlement;
    }
  }

  static AssetLedger settleAnswersBackwards(AssetLedger ledger) {
    return settling(
        ledger, (tracks, settlements) -> BrokenReader.reversed(settle(tracks, settlements)));
  }

  static AssetLedger settleTakesTenAtMost(AssetLedger ledger) {
    return settling(
        ledger,
        (tracks, settlements) ->
            settle(tracks, settlements.subList(0, Math.min(10, settlements.size()))));
  }

  static AssetLedger settleRefusesNothing(AssetLedger ledger) {
    return settling(
        ledger,
        (tracks, settlements) -> {
          if (settlements.isEmpty()) {
            throw new IllegalArgumentException("expected something to settle");
          }
          return settle(tracks, settlements);
        });
  }

  /** Of two reports about one subject the last one counts. */
  static AssetLedger settleTakesTheLastWord(AssetLedger ledger) {
    return settling(
        ledger,
        (tracks, settlements) -> {
          Map<Subject, Settlement> last = new LinkedHashMap<>();
          settlements.forEach(s -> last.put(s.held().subject(), s));
          Collection<Settlement> once = last.values();
          return settle(tracks, List.copyOf(once));
        });
  }

  /** Refuses what cannot happen before it looks whether the lease is held at all. */
  static AssetLedger settleJudgesZombies(AssetLedger ledger) {
    return settling(
        ledger,
        (tracks, settlements) -> {
          for (Settlement settlement : settlements) {
            if (settlement instanceof Step step) {
              tracks
                  .sound
                  .reader()
                  .asset(step.held().subject().asset())
                  .map(AssetRow::state)
                  .ifPresent(state -> StateMachine.require(state, step.event()));
            }
          }
          return settle(tracks, settlements);
        });
  }

  static AssetLedger settleTakesStaleKeys(AssetLedger ledger) {
    return settling(
        ledger,
        (tracks, settlements) -> {
          List<Settled> settled = new ArrayList<>(settle(tracks, settlements));
          for (int i = 0; i < settled.size(); i++) {
            if (settled.get(i).outcome() == Outcome.STALE_KEY) {
              Rendered stale = (Rendered) settlements.get(i);
              settled.set(i, settle(tracks, List.of(underFreshKey(tracks, stale))).get(0));
            }
          }
          return settled;
        });
  }

  private static Rendered underFreshKey(Tracks tracks, Rendered stale) {
    Subject subject = stale.held().subject();
    StorageKey fresh = tracks.freshKey(subject.asset(), Objects.requireNonNull(subject.variant()));
    VariantContent c = stale.content();
    return new Rendered(
        stale.held(),
        new VariantContent(fresh, c.blob(), c.type(), c.width(), c.height(), c.cost()));
  }

  static AssetLedger settleEndsTheLeaseOfAStaleKey(AssetLedger ledger) {
    return settling(
        ledger,
        (tracks, settlements) -> {
          List<Settled> settled = settle(tracks, settlements);
          for (int i = 0; i < settled.size(); i++) {
            if (settled.get(i).outcome() == Outcome.STALE_KEY) {
              tracks.sound.work().release(settlements.get(i).held());
            }
          }
          return settled;
        });
  }

  static AssetLedger settledStepEndsTheLease(AssetLedger ledger) {
    return settling(
        ledger,
        (tracks, settlements) -> {
          List<Settled> settled = settle(tracks, settlements);
          for (int i = 0; i < settled.size(); i++) {
            Lease held = settlements.get(i).held();
            if (settled.get(i).outcome() == Outcome.DONE && tracks.isHeld(held)) {
              tracks.sound.work().release(held);
            }
          }
          return settled;
        });
  }

  static AssetLedger everySettledVariantIsTheFirst(AssetLedger ledger) {
    return settling(
        ledger,
        (tracks, settlements) -> {
          List<Settled> settled = new ArrayList<>(settle(tracks, settlements));
          for (int i = 0; i < settled.size(); i++) {
            if (settlements.get(i) instanceof Rendered
                && settled.get(i).outcome() == Outcome.DONE) {
              settled.set(
                  i,
                  new Settled(
                      Outcome.DONE,
                      StateMachine.require(
                          AssetState.METADATA_READY, AssetEvent.FIRST_VARIANT_PUBLISHED)));
            }
          }
          return settled;
        });
  }

  static AssetLedger settleTellsNoTransition(AssetLedger ledger) {
    return settling(
        ledger,
        (tracks, settlements) ->
            settle(tracks, settlements).stream().map(s -> new Settled(s.outcome(), null)).toList());
  }

  /** What was done once is answered as done again, as if the report had been the first. */
  static AssetLedger settledTwiceIsDoneTwice(AssetLedger ledger) {
    Set<Lease> done = ConcurrentHashMap.newKeySet();
    return settling(
        ledger,
        (tracks, settlements) -> {
          List<Settled> settled = new ArrayList<>(settle(tracks, settlements));
          for (int i = 0; i < settled.size(); i++) {
            Lease held = settlements.get(i).held();
            if (settled.get(i).outcome() == Outcome.DONE) {
              done.add(held);
            } else if (done.contains(held)) {
              settled.set(i, new Settled(Outcome.DONE, null));
            }
          }
          return settled;
        });
  }

  /** Step by step as by itself, but by nobody and at no attempt. */
  static AssetLedger settledHistoryForgetsAttempts(AssetLedger ledger) {
    return settling(
        ledger,
        (tracks, settlements) -> {
          List<Settlement> fresh = new ArrayList<>();
          for (Settlement settlement : settlements) {
            Lease held = settlement.held();
            if (settlement instanceof Step step && tracks.isHeld(held)) {
              tracks.sound.work().release(held);
              fresh.add(new Step(tracks.takenFor(held), step.event(), step.learned()));
            } else {
              fresh.add(settlement);
            }
          }
          return settle(tracks, fresh);
        });
  }
}
