package dev.hfsm.tck.broken;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.RemovalLedger;
import dev.hfsm.ledger.Removals;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Defects in what those are told who keep rows in memory. */
final class BrokenRemovals {

  private BrokenRemovals() {}

  /** Passes everything on. */
  private static class Log implements RemovalLedger {

    final RemovalLedger sound;

    Log(AssetLedger ledger) {
      this.sound = ledger.removals();
    }

    @Override
    public long end() {
      return sound.end();
    }

    @Override
    public Removals after(long place, int limit) {
      return sound.after(place, limit);
    }

    @Override
    public int trim(Duration age, int limit) {
      return sound.trim(age, limit);
    }
  }

  private interface Reading {
    Removals after(RemovalLedger sound, long place, int limit);
  }

  private static AssetLedger reading(AssetLedger ledger, Reading broken) {
    return new DelegatingLedger(ledger)
        .with(
            new Log(ledger) {
              @Override
              public Removals after(long place, int limit) {
                return broken.after(sound, place, limit);
              }
            });
  }

  static AssetLedger nothingIsEverRemoved(AssetLedger ledger) {
    return reading(ledger, (sound, place, limit) -> new Removals(List.of(), place, true));
  }

  static AssetLedger onlyWhatIsGoneIsRemoved(AssetLedger ledger) {
    return reading(
        ledger,
        (sound, place, limit) -> {
          Removals all = sound.after(place, limit);
          List<AssetId> gone =
              all.assets().stream().filter(a -> ledger.reader().asset(a).isEmpty()).toList();
          return new Removals(gone, all.end(), all.isComplete());
        });
  }

  static AssetLedger collectionsAreNotLogged(AssetLedger ledger) {
    Set<AssetId> collected = ConcurrentHashMap.newKeySet();
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingLedger.Collector(ledger.collector()) {
              @Override
              public List<AssetId> collect(Duration grace, int limit) {
                List<AssetId> gone = sound.collect(grace, limit);
                collected.addAll(gone);
                return gone;
              }
            })
        .with(
            new Log(ledger) {
              @Override
              public Removals after(long place, int limit) {
                Removals all = sound.after(place, limit);
                List<AssetId> others =
                    all.assets().stream().filter(a -> !collected.contains(a)).toList();
                return new Removals(others, all.end(), all.isComplete());
              }
            });
  }

  static AssetLedger everyDuplicateIsARemoval(AssetLedger ledger) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingLedger.Intake(ledger.intake()) {
              @Override
              public Admitted admit(Admission admission) {
                Admitted admitted = sound.admit(admission);
                if (admitted.outcome() == Admitted.Outcome.DUPLICATE && admitted.asset() != null) {
                  flicker(ledger, admission.asset(), admitted.asset().visibility());
                }
                return admitted;
              }
            });
  }

  private static boolean flicker(AssetLedger ledger, AssetId asset, Visibility last) {
    ledger
        .custody()
        .show(asset, last == Visibility.PUBLIC ? Visibility.PRIVATE : Visibility.PUBLIC);
    return ledger.custody().show(asset, last);
  }

  static AssetLedger everyShowIsARemoval(AssetLedger ledger) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingCustody(ledger.custody()) {
              @Override
              public boolean show(AssetId asset, Visibility visibility) {
                return flicker(ledger, asset, visibility);
              }
            });
  }

  static AssetLedger removalsAreReadTwice(AssetLedger ledger) {
    return reading(
        ledger,
        (sound, place, limit) -> {
          Removals all = sound.after(place, limit);
          boolean more = all.assets().size() > 1;
          return new Removals(all.assets(), more ? all.end() - 1 : all.end(), all.isComplete());
        });
  }

  static AssetLedger removalsIgnoreLimit(AssetLedger ledger) {
    return reading(ledger, (sound, place, limit) -> sound.after(place, 1000));
  }

  static AssetLedger removalsLastFirst(AssetLedger ledger) {
    return reading(
        ledger,
        (sound, place, limit) -> {
          Removals all = sound.after(place, limit);
          List<AssetId> reversed = new ArrayList<>(all.assets());
          Collections.reverse(reversed);
          return new Removals(reversed, all.end(), all.isComplete());
        });
  }

  /** What is committed out of order is passed over by whoever reads on from the highest place. */
  static AssetLedger removalsArePassedOver(AssetLedger ledger) {
    return reading(
        ledger,
        (sound, place, limit) -> {
          Removals all = sound.after(place, limit);
          int size = all.assets().size();
          return size < 2
              ? all
              : new Removals(all.assets().subList(1, size), all.end(), all.isComplete());
        });
  }

  private interface Trimming {
    int trim(RemovalLedger sound, Duration age, int limit);
  }

  private static AssetLedger trimming(AssetLedger ledger, Trimming broken) {
    return new DelegatingLedger(ledger)
        .with(
            new Log(ledger) {
              @Override
              public int trim(Duration age, int limit) {
                return broken.trim(sound, age, limit);
              }
            });
  }

  static AssetLedger trimIgnoresAge(AssetLedger ledger) {
    return trimming(ledger, (sound, age, limit) -> sound.trim(Duration.ZERO, limit));
  }

  static AssetLedger trimIgnoresLimit(AssetLedger ledger) {
    return trimming(ledger, (sound, age, limit) -> sound.trim(age, Integer.MAX_VALUE));
  }

  static AssetLedger trimDoesNothing(AssetLedger ledger) {
    return trimming(ledger, (sound, age, limit) -> 0);
  }

  static AssetLedger trimmedRemovalsAreNotMissed(AssetLedger ledger) {
    return reading(
        ledger,
        (sound, place, limit) -> {
          Removals all = sound.after(place, limit);
          return new Removals(all.assets(), all.end(), true);
        });
  }

  static AssetLedger logEndsWithItsEntries(AssetLedger ledger) {
    return new DelegatingLedger(ledger)
        .with(
            new Log(ledger) {
              @Override
              public long end() {
                long end = sound.end();
                return sound.after(end - 1, 1).isComplete() ? end : 0;
              }
            });
  }

  static AssetLedger whoeverIsAheadIsNotTold(AssetLedger ledger) {
    return reading(
        ledger,
        (sound, place, limit) ->
            place > sound.end() ? new Removals(List.of(), place, true) : sound.after(place, limit));
  }
}
