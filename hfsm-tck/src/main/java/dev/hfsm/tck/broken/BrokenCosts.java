package dev.hfsm.tck.broken;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.CostLedger;
import dev.hfsm.ledger.Costs;
import dev.hfsm.ledger.Spending;
import dev.hfsm.model.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Defects in what is known of costs. */
final class BrokenCosts {

  private BrokenCosts() {}

  /** Passes everything on. */
  private static class Delegating implements CostLedger {
    final CostLedger sound;

    Delegating(CostLedger sound) {
      this.sound = sound;
    }

    @Override
    public void spend(List<Spending> spent) {
      sound.spend(spent);
    }

    @Override
    public List<Costs> costs(Duration window) {
      return sound.costs(window);
    }

    @Override
    public void measure() {
      sound.measure();
    }

    @Override
    public int forget(Duration age) {
      return sound.forget(age);
    }
  }

  private static AssetLedger doing(AssetLedger ledger, Function<CostLedger, CostLedger> broken) {
    return new DelegatingLedger(ledger).with(broken.apply(ledger.costs()));
  }

  private static AssetLedger telling(AssetLedger ledger, Function<List<Costs>, List<Costs>> told) {
    return doing(
        ledger,
        costs ->
            new Delegating(costs) {
              @Override
              public List<Costs> costs(Duration window) {
                return told.apply(sound.costs(window));
              }
            });
  }

  static AssetLedger costsAreUnordered(AssetLedger ledger) {
    return telling(
        ledger,
        all ->
            all.stream().sorted((a, b) -> b.scope().name().compareTo(a.scope().name())).toList());
  }

  static AssetLedger costsOfTheDefaultScopeAreLost(AssetLedger ledger) {
    return telling(
        ledger, all -> all.stream().filter(c -> !c.scope().equals(Scope.DEFAULT)).toList());
  }

  static AssetLedger costsAreMadeUp(AssetLedger ledger) {
    return telling(
        ledger,
        all -> all.isEmpty() ? List.of(new Costs(Scope.DEFAULT, Duration.ZERO, 0, 0)) : all);
  }

  static AssetLedger timesAreMillis(AssetLedger ledger) {
    return telling(
        ledger,
        all ->
            all.stream()
                .map(
                    c ->
                        new Costs(
                            c.scope(),
                            Duration.ofMillis(c.cpu().toMillis()),
                            c.variants(),
                            c.storedBytes()))
                .toList());
  }

  static AssetLedger theWindowIsPassedOver(AssetLedger ledger) {
    return doing(
        ledger,
        costs ->
            new Delegating(costs) {
              @Override
              public List<Costs> costs(Duration window) {
                return sound.costs(Duration.ofDays(1));
              }
            });
  }

  /** As by a look and a write that are not one. */
  static AssetLedger someSpendingIsLost(AssetLedger ledger) {
    AtomicInteger calls = new AtomicInteger();
    return doing(
        ledger,
        costs ->
            new Delegating(costs) {
              @Override
              public void spend(List<Spending> spent) {
                if (calls.incrementAndGet() % 5 != 0) {
                  sound.spend(spent);
                }
              }
            });
  }

  static AssetLedger spendingOfAScopeCountsOnce(AssetLedger ledger) {
    return doing(
        ledger,
        costs ->
            new Delegating(costs) {
              @Override
              public void spend(List<Spending> spent) {
                Map<Scope, Spending> last = new ConcurrentHashMap<>();
                spent.forEach(one -> last.put(one.scope(), one));
                sound.spend(List.copyOf(last.values()));
              }
            });
  }

  static AssetLedger nothingIsMeasured(AssetLedger ledger) {
    return doing(
        ledger,
        costs ->
            new Delegating(costs) {
              @Override
              public void measure() {
                // the defect
              }
            });
  }

  static AssetLedger measuredTwiceCountsTwice(AssetLedger ledger) {
    return doing(
        ledger,
        costs ->
            new Delegating(costs) {
              @Override
              public void measure() {
                List<Spending> before =
                    sound.costs(Duration.ZERO).stream()
                        .map(c -> new Spending(c.scope(), Duration.ZERO, 0, c.storedBytes()))
                        .toList();
                sound.measure();
                sound.spend(before);
              }
            });
  }

  static AssetLedger whatWasSpentIsNeverForgotten(AssetLedger ledger) {
    return doing(
        ledger,
        costs ->
            new Delegating(costs) {
              @Override
              public int forget(Duration age) {
                return 0;
              }
            });
  }

  static AssetLedger allThatWasSpentIsForgotten(AssetLedger ledger) {
    return doing(
        ledger,
        costs ->
            new Delegating(costs) {
              @Override
              public int forget(Duration age) {
                return sound.forget(Duration.ZERO.minusMinutes(2));
              }
            });
  }
}
