package dev.hfsm.tck.broken;

import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.Chore;
import dev.hfsm.ledger.ChoreLedger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Defects in how chores are leased and what is remembered about them. */
final class BrokenChores {

  private static final Duration LONG = Duration.ofDays(1000);

  private BrokenChores() {}

  private static AssetLedger doing(
      AssetLedger ledger, Function<ChoreLedger, DelegatingChores> broken) {
    return new DelegatingLedger(ledger).with(broken.apply(ledger.chores()));
  }

  private interface Leasing {
    Optional<Chore> lease(ChoreLedger sound, String chore, String worker, Duration lease);
  }

  private static AssetLedger leasing(AssetLedger ledger, Leasing broken) {
    return doing(
        ledger,
        chores ->
            new DelegatingChores(chores) {
              @Override
              public Optional<Chore> lease(String chore, String worker, Duration lease) {
                return broken.lease(sound, chore, worker, lease);
              }
            });
  }

  static AssetLedger choreIsEverybodys(AssetLedger ledger) {
    return leasing(
        ledger,
        (sound, chore, worker, lease) ->
            sound.lease(chore, worker, lease).or(() -> Optional.of(new Chore(chore, worker, ""))));
  }

  static AssetLedger choreIsHeldForever(AssetLedger ledger) {
    return leasing(ledger, (sound, chore, worker, lease) -> sound.lease(chore, worker, LONG));
  }

  static AssetLedger choreIsNotExtended(AssetLedger ledger) {
    Map<String, Chore> holders = new ConcurrentHashMap<>();
    return leasing(
        ledger,
        (sound, chore, worker, lease) -> {
          Chore holder = holders.get(chore);
          if (holder != null && holder.worker().equals(worker)) {
            return Optional.of(holder);
          }
          Optional<Chore> held = sound.lease(chore, worker, lease);
          held.ifPresent(h -> holders.put(chore, h));
          return held;
        });
  }

  static AssetLedger choresShareOneLease(AssetLedger ledger) {
    return named(ledger, chore -> "chore");
  }

  static AssetLedger choreNamesAreNotChecked(AssetLedger ledger) {
    return named(ledger, chore -> "c" + Integer.toHexString(chore.hashCode()));
  }

  /** Every chore goes by another name behind the scenes. */
  private static AssetLedger named(AssetLedger ledger, UnaryOperator<String> names) {
    return doing(
        ledger,
        chores ->
            new DelegatingChores(chores) {
              @Override
              public Optional<Chore> lease(String chore, String worker, Duration lease) {
                return sound
                    .lease(names.apply(chore), worker, lease)
                    .map(held -> new Chore(chore, worker, held.progress()));
              }

              @Override
              public void note(Chore held, String progress) {
                sound.note(renamed(held), progress);
              }

              @Override
              public String noted(String chore) {
                return sound.noted(names.apply(chore));
              }

              @Override
              public void release(Chore held) {
                sound.release(renamed(held));
              }

              private Chore renamed(Chore held) {
                return new Chore(names.apply(held.name()), held.worker(), held.progress());
              }
            });
  }

  /** Whoever asks what was noted holds the chore from then on. */
  static AssetLedger askingWhatWasNotedTakesTheChore(AssetLedger ledger) {
    return noting(
        ledger,
        (sound, chore) -> {
          String noted = sound.noted(chore);
          sound.lease(chore, "asker", LONG);
          return noted;
        });
  }

  static AssetLedger onlyTheFreeTellWhatWasNoted(AssetLedger ledger) {
    return noting(
        ledger,
        (sound, chore) ->
            sound
                .lease(chore, "asker", Duration.ofSeconds(1))
                .map(
                    held -> {
                      sound.release(held);
                      return held.progress();
                    })
                .orElse(""));
  }

  private static AssetLedger noting(
      AssetLedger ledger, BiFunction<ChoreLedger, String, String> broken) {
    return doing(
        ledger,
        chores ->
            new DelegatingChores(chores) {
              @Override
              public String noted(String chore) {
                return broken.apply(sound, chore);
              }
            });
  }

  static AssetLedger choreForgetsAtTakeOver(AssetLedger ledger) {
    Map<String, String> holders = new ConcurrentHashMap<>();
    return leasing(
        ledger,
        (sound, chore, worker, lease) -> {
          Optional<Chore> held = sound.lease(chore, worker, lease);
          if (held.isPresent() && !worker.equals(holders.put(chore, worker))) {
            sound.note(held.get(), "");
            return Optional.of(new Chore(chore, worker, ""));
          }
          return held;
        });
  }

  static AssetLedger choreForgetsWhenExtended(AssetLedger ledger) {
    Map<String, String> holders = new ConcurrentHashMap<>();
    return leasing(
        ledger,
        (sound, chore, worker, lease) -> {
          Optional<Chore> held = sound.lease(chore, worker, lease);
          if (held.isPresent() && worker.equals(holders.put(chore, worker))) {
            sound.note(held.get(), "");
            return Optional.of(new Chore(chore, worker, ""));
          }
          return held;
        });
  }

  /** A chore was done once: that is its progress. */
  static AssetLedger choreStartsWithANote(AssetLedger ledger) {
    return leasing(
        ledger,
        (sound, chore, worker, lease) ->
            sound
                .lease(chore, worker, lease)
                .map(c -> c.progress().isEmpty() ? new Chore(chore, worker, "start") : c));
  }

  private interface Noting {
    void note(ChoreLedger sound, Chore held, String progress);
  }

  private static AssetLedger noting(AssetLedger ledger, Noting broken) {
    return doing(
        ledger,
        chores ->
            new DelegatingChores(chores) {
              @Override
              public void note(Chore held, String progress) {
                broken.note(sound, held, progress);
              }
            });
  }

  static AssetLedger noteIsLostInSilence(AssetLedger ledger) {
    return noting(
        ledger,
        (sound, held, progress) -> {
          try {
            sound.note(held, progress);
          } catch (LeaseLostException e) {
            // the defect: nobody is told
          }
        });
  }

  static AssetLedger noteExtendsTheLease(AssetLedger ledger) {
    return noting(
        ledger,
        (sound, held, progress) -> {
          sound.note(held, progress);
          sound.lease(held.name(), held.worker(), LONG);
        });
  }

  static AssetLedger notesAreCut(AssetLedger ledger) {
    return noting(
        ledger,
        (sound, held, progress) ->
            sound.note(held, progress.substring(0, Math.min(255, progress.length()))));
  }

  static AssetLedger notesAreShared(AssetLedger ledger) {
    Map<String, String> last = new ConcurrentHashMap<>();
    return doing(
        ledger,
        chores ->
            new DelegatingChores(chores) {
              @Override
              public Optional<Chore> lease(String chore, String worker, Duration lease) {
                return sound
                    .lease(chore, worker, lease)
                    .map(c -> new Chore(chore, worker, last.getOrDefault("last", "")));
              }

              @Override
              public void note(Chore held, String progress) {
                sound.note(held, progress);
                last.put("last", progress);
              }
            });
  }

  private interface Releasing {
    void release(Map<String, Chore> holders, ChoreLedger sound, Chore held);
  }

  private static AssetLedger releasing(AssetLedger ledger, Releasing broken) {
    Map<String, Chore> holders = new ConcurrentHashMap<>();
    return doing(
        ledger,
        chores ->
            new DelegatingChores(chores) {
              @Override
              public Optional<Chore> lease(String chore, String worker, Duration lease) {
                Optional<Chore> held = sound.lease(chore, worker, lease);
                held.ifPresent(h -> holders.put(chore, h));
                return held;
              }

              @Override
              public void release(Chore held) {
                broken.release(holders, sound, held);
              }
            });
  }

  static AssetLedger choreIsNotGivenBack(AssetLedger ledger) {
    return releasing(ledger, (holders, sound, held) -> {});
  }

  static AssetLedger choreIsGivenBackByAnybody(AssetLedger ledger) {
    return releasing(
        ledger, (holders, sound, held) -> sound.release(holders.getOrDefault(held.name(), held)));
  }

  static AssetLedger choreGivenBackForgets(AssetLedger ledger) {
    return releasing(
        ledger,
        (holders, sound, held) -> {
          try {
            sound.note(held, "");
          } catch (LeaseLostException e) {
            return;
          }
          sound.release(held);
        });
  }
}
