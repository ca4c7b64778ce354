package dev.hfsm.tck.broken;

import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.Published;
import dev.hfsm.ledger.Reaped;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Failure;
import dev.hfsm.model.Subject;
import dev.hfsm.model.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Defects in how leases are checked, kept, given back and taken away. */
final class BrokenLeases {

  private BrokenLeases() {}

  /** Takes each lease for another one. */
  static class Translated extends DelegatingLedger.Work {

    private final UnaryOperator<Lease> meaning;

    Translated(WorkLedger sound, UnaryOperator<Lease> meaning) {
      super(sound);
      this.meaning = meaning;
    }

    @Override
    public void renew(Lease held, Duration lease) {
      sound.renew(meaning.apply(held), lease);
    }

    @Override
    public Transition advance(Lease held, AssetEvent event, Facts learned) {
      return sound.advance(meaning.apply(held), event, learned);
    }

    @Override
    public Published publish(Lease held, VariantContent content) {
      return sound.publish(meaning.apply(held), content);
    }

    @Override
    public void retry(Lease held, Failure failure, Duration delay) {
      sound.retry(meaning.apply(held), failure, delay);
    }

    @Override
    public void bury(Lease held, Failure failure) {
      sound.bury(meaning.apply(held), failure);
    }

    @Override
    public void release(Lease held) {
      sound.release(meaning.apply(held));
    }
  }

  private static <T> T unfenced(Tracks tracks, Lease held, Function<Lease, T> call) {
    try {
      return call.apply(held);
    } catch (LeaseLostException e) {
      return call.apply(tracks.takenFor(held));
    }
  }

  private static void unfencedRun(Tracks tracks, Lease held, Consumer<Lease> call) {
    unfenced(
        tracks,
        held,
        lease -> {
          call.accept(lease);
          return lease;
        });
  }

  static AssetLedger publishWithoutFence(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Work(tracks.work()) {
          @Override
          public Published publish(Lease held, VariantContent content) {
            return unfenced(tracks, held, lease -> sound.publish(lease, content));
          }
        });
  }

  static AssetLedger advanceWithoutFence(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Work(tracks.work()) {
          @Override
          public Transition advance(Lease held, AssetEvent event, Facts learned) {
            return unfenced(tracks, held, lease -> sound.advance(lease, event, learned));
          }
        });
  }

  static AssetLedger retryWithoutFence(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Work(tracks.work()) {
          @Override
          public void retry(Lease held, Failure failure, Duration delay) {
            unfencedRun(tracks, held, lease -> sound.retry(lease, failure, delay));
          }
        });
  }

  static AssetLedger buryWithoutFence(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Work(tracks.work()) {
          @Override
          public void bury(Lease held, Failure failure) {
            unfencedRun(tracks, held, lease -> sound.bury(lease, failure));
          }
        });
  }

  static AssetLedger releaseWithoutFence(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Work(tracks.work()) {
          @Override
          public void release(Lease held) {
            unfencedRun(tracks, held, sound::release);
          }
        });
  }

  static AssetLedger renewWithoutFence(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Work(tracks.work()) {
          @Override
          public void renew(Lease held, Duration duration) {
            unfencedRun(tracks, held, lease -> sound.renew(lease, duration));
          }
        });
  }

  /** The fence is checked, the end of the lease is not. */
  static AssetLedger expiredIsAccepted(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    UnaryOperator<Lease> revived =
        held -> {
          boolean expired =
              held.equals(tracks.leases.get(held.subject()))
                  && tracks.sound.operator().work(held.subject().asset()).stream()
                      .anyMatch(
                          row ->
                              row.subject().equals(held.subject())
                                  && row.leasedUntil() != null
                                  && !row.leasedUntil().isAfter(tracks.now()));
          return expired ? tracks.takenFor(held) : held;
        };
    return tracks.with(new Translated(tracks.work(), revived));
  }

  private static AssetLedger working(
      AssetLedger ledger, Function<Tracks, DelegatingLedger.Work> broken) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(broken.apply(tracks));
  }

  static AssetLedger renewDoesNothing(AssetLedger ledger) {
    return renewing(ledger, lease -> Duration.ZERO);
  }

  static AssetLedger renewIsForever(AssetLedger ledger) {
    return renewing(ledger, lease -> lease.multipliedBy(100));
  }

  private static AssetLedger renewing(AssetLedger ledger, UnaryOperator<Duration> change) {
    return working(
        ledger,
        tracks ->
            new DelegatingLedger.Work(tracks.work()) {
              @Override
              public void renew(Lease held, Duration lease) {
                Duration changed = change.apply(lease);
                if (!changed.isZero() || !tracks.isHeld(held)) {
                  sound.renew(held, lease.plus(changed));
                }
              }
            });
  }

  static AssetLedger renewTakesWorkFromItsHolder(AssetLedger ledger) {
    return working(
        ledger,
        tracks ->
            new DelegatingLedger.Work(tracks.work()) {
              @Override
              public void renew(Lease held, Duration lease) {
                sound.release(held);
                tracks.loseWork(held.subject());
              }
            });
  }

  static AssetLedger releaseCounts(AssetLedger ledger) {
    return working(
        ledger,
        tracks ->
            new DelegatingLedger.Work(tracks.work()) {
              @Override
              public void release(Lease held) {
                Failure failure = new Failure("released", "given back", true, Instant.EPOCH);
                sound.retry(held, failure, Duration.ZERO);
              }
            });
  }

  static AssetLedger retryLosesReason(AssetLedger ledger) {
    return retrying(
        ledger, UnaryOperator.identity(), f -> new Failure("failed", "", false, f.at()));
  }

  static AssetLedger retryIgnoresDelay(AssetLedger ledger) {
    return retrying(ledger, delay -> Duration.ZERO, UnaryOperator.identity());
  }

  static AssetLedger retryAddsDelay(AssetLedger ledger) {
    return retrying(ledger, delay -> delay.plusSeconds(5), UnaryOperator.identity());
  }

  private static AssetLedger retrying(
      AssetLedger ledger, UnaryOperator<Duration> delays, UnaryOperator<Failure> reasons) {
    return working(
        ledger,
        tracks ->
            new DelegatingLedger.Work(tracks.work()) {
              @Override
              public void retry(Lease held, Failure failure, Duration delay) {
                sound.retry(held, reasons.apply(failure), delays.apply(delay));
              }
            });
  }

  static AssetLedger buryLosesReason(AssetLedger ledger) {
    return working(
        ledger,
        tracks ->
            new DelegatingLedger.Work(tracks.work()) {
              @Override
              public void bury(Lease held, Failure failure) {
                sound.bury(held, new Failure("failed", "", false, failure.at()));
              }
            });
  }

  /** {@code reap} as {@code broken} does it. */
  private interface Reaping {
    Reaped reap(WorkLedger sound, int limit, int maxAttempts);
  }

  private static AssetLedger reaping(AssetLedger ledger, Reaping broken) {
    return working(
        ledger,
        tracks ->
            new DelegatingLedger.Work(tracks.work()) {
              @Override
              public Reaped reap(int limit, int maxAttempts) {
                return broken.reap(sound, limit, maxAttempts);
              }
            });
  }

  static AssetLedger reapDoesNothing(AssetLedger ledger) {
    return reaping(ledger, (sound, limit, max) -> new Reaped(List.of(), List.of()));
  }

  static AssetLedger reapReportsAgain(AssetLedger ledger) {
    Map<String, Reaped> last = new ConcurrentHashMap<>();
    return reaping(
        ledger,
        (sound, limit, max) -> {
          Reaped reaped = sound.reap(limit, max);
          boolean nothing = reaped.freed().isEmpty() && reaped.buried().isEmpty();
          if (!nothing) {
            last.put("last", reaped);
          }
          return last.getOrDefault("last", reaped);
        });
  }

  static AssetLedger reapIgnoresMaximum(AssetLedger ledger) {
    return reaping(ledger, (sound, limit, max) -> sound.reap(limit, Integer.MAX_VALUE));
  }

  static AssetLedger reapIgnoresLimit(AssetLedger ledger) {
    return reaping(ledger, (sound, limit, max) -> sound.reap(1000, max));
  }

  static AssetLedger reapTakesHeldLeases(AssetLedger ledger) {
    return working(
        ledger,
        tracks ->
            new DelegatingLedger.Work(tracks.work()) {
              @Override
              public Reaped reap(int limit, int maxAttempts) {
                Failure lost = new Failure("worker-lost", "", true, Instant.EPOCH);
                List<Subject> taken =
                    tracks.leases.values().stream()
                        .filter(tracks::isHeld)
                        .map(Lease::subject)
                        .toList();
                taken.forEach(s -> sound.retry(tracks.leases.get(s), lost, Duration.ZERO));
                Reaped reaped = sound.reap(limit, maxAttempts);
                return taken.isEmpty() ? reaped : new Reaped(taken, reaped.buried());
              }
            });
  }
}
