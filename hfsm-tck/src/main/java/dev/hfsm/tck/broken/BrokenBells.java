package dev.hfsm.tck.broken;

import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.LedgerBell;
import dev.hfsm.ledger.LedgerBell.Kind;
import dev.hfsm.ledger.LedgerBell.Listening;
import dev.hfsm.ledger.LedgerBell.Ring;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Subject;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** Bells that wake nobody, or the wrong ones. */
final class BrokenBells {

  private BrokenBells() {}

  private interface Ringing {
    void ring(LedgerBell sound, Collection<Ring> rings);
  }

  private static AssetLedger ringing(AssetLedger ledger, Ringing broken) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingBell(ledger.bell()) {
              @Override
              public void ring(Collection<Ring> rings) {
                broken.ring(sound, rings);
              }
            });
  }

  private static AssetLedger listening(AssetLedger ledger, UnaryOperator<Listening> broken) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingBell(ledger.bell()) {
              @Override
              public Listening listen() {
                return broken.apply(sound.listen());
              }
            });
  }

  static AssetLedger bellIsMute(AssetLedger ledger) {
    return ringing(ledger, (sound, rings) -> {});
  }

  static AssetLedger bellRingsForOwedWorkOnly(AssetLedger ledger) {
    return ringing(
        ledger,
        (sound, rings) -> sound.ring(rings.stream().filter(r -> r.kind() == Kind.OWED).toList()));
  }

  static AssetLedger bellConfusesSubjects(AssetLedger ledger) {
    return ringing(
        ledger,
        (sound, rings) ->
            sound.ring(
                rings.stream().map(r -> new Ring(r.kind(), confused(r.subject()))).toList()));
  }

  private static Subject confused(Subject subject) {
    return subject == null ? null : Subject.inspect(AssetId.of(subject.asset().digest()));
  }

  static AssetLedger bellCarriesTenAtMost(AssetLedger ledger) {
    return ringing(ledger, (sound, rings) -> sound.ring(rings.stream().limit(10).toList()));
  }

  /** Only what the thread rings that was the first to ring is heard. */
  static AssetLedger bellKnowsOneRinger(AssetLedger ledger) {
    AtomicReference<Thread> ringer = new AtomicReference<>();
    return ringing(
        ledger,
        (sound, rings) -> {
          Thread me = Thread.currentThread();
          if (ringer.compareAndSet(null, me) || me.equals(ringer.get())) {
            sound.ring(rings);
          }
        });
  }

  static AssetLedger bellNeedsAListener(AssetLedger ledger) {
    Set<Listening> all = ConcurrentHashMap.newKeySet();
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingBell(ledger.bell()) {
              @Override
              public void ring(Collection<Ring> rings) {
                if (all.isEmpty()) {
                  throw new LedgerException("nobody listens", null, true);
                }
                sound.ring(rings);
              }

              @Override
              public Listening listen() {
                Ear ear =
                    new Ear(sound.listen()) {
                      @Override
                      public void close() {
                        all.remove(this);
                        super.close();
                      }
                    };
                all.add(ear);
                return ear;
              }
            });
  }

  /** Whoever rings for much waits until somebody listens to it. */
  static AssetLedger bellWaitsForAListener(AssetLedger ledger) {
    CountDownLatch awaited = new CountDownLatch(1);
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingBell(ledger.bell()) {
              @Override
              public void ring(Collection<Ring> rings) {
                sound.ring(rings);
                if (rings.size() > 50) {
                  awaitListener(awaited);
                }
              }

              @Override
              public Listening listen() {
                return new Ear(sound.listen()) {
                  @Override
                  public List<Ring> await(Duration atMost) throws InterruptedException {
                    awaited.countDown();
                    return sound.await(atMost);
                  }
                };
              }
            });
  }

  private static void awaitListener(CountDownLatch awaited) {
    try {
      awaited.await(3, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Only whoever began to listen last hears anything. */
  static AssetLedger bellReachesTheLastListener(AssetLedger ledger) {
    AtomicInteger listeners = new AtomicInteger();
    return listening(
        ledger,
        ear -> {
          int number = listeners.incrementAndGet();
          return new DelegatingBell.Ear(ear) {
            @Override
            public List<Ring> await(Duration atMost) throws InterruptedException {
              List<Ring> heard = sound.await(atMost);
              return number == listeners.get() ? heard : List.of();
            }
          };
        });
  }

  static AssetLedger bellIsHeardByWhoeverWaitsOnly(AssetLedger ledger) {
    return listening(
        ledger,
        ear ->
            new DelegatingBell.Ear(ear) {
              @Override
              public List<Ring> await(Duration atMost) throws InterruptedException {
                sound.await(Duration.ZERO);
                return sound.await(atMost);
              }
            });
  }

  /** A listener looks again when its time is over, and is not woken before. */
  static AssetLedger bellWakesNobody(AssetLedger ledger) {
    return listening(
        ledger,
        ear ->
            new DelegatingBell.Ear(ear) {
              @Override
              public List<Ring> await(Duration atMost) throws InterruptedException {
                new CountDownLatch(1).await(atMost.toMillis(), TimeUnit.MILLISECONDS);
                return sound.await(Duration.ZERO);
              }
            });
  }

  static AssetLedger bellMakesThingsUp(AssetLedger ledger) {
    return listening(
        ledger,
        ear ->
            new DelegatingBell.Ear(ear) {
              @Override
              public List<Ring> await(Duration atMost) throws InterruptedException {
                List<Ring> heard = sound.await(atMost);
                return heard.isEmpty() ? List.of(Ring.OWED) : heard;
              }
            });
  }

  static AssetLedger bellDoesNotWait(AssetLedger ledger) {
    return listening(
        ledger,
        ear ->
            new DelegatingBell.Ear(ear) {
              @Override
              public List<Ring> await(Duration atMost) throws InterruptedException {
                return sound.await(Duration.ZERO);
              }
            });
  }

  static AssetLedger bellSwallowsInterrupts(AssetLedger ledger) {
    return listening(
        ledger,
        ear ->
            new DelegatingBell.Ear(ear) {
              @Override
              public List<Ring> await(Duration atMost) {
                try {
                  return sound.await(atMost);
                } catch (InterruptedException e) {
                  return List.of();
                }
              }
            });
  }

  /** Closing ends the listening once the wait is over. */
  static AssetLedger closedBellsLetWait(AssetLedger ledger) {
    return listening(
        ledger,
        ear ->
            new DelegatingBell.Ear(ear) {
              @Override
              public void close() {
                // the defect: whoever waits is not told
              }
            });
  }

  static AssetLedger bellClosesForAll(AssetLedger ledger) {
    Set<Listening> all = ConcurrentHashMap.newKeySet();
    return listening(
        ledger,
        ear -> {
          all.add(ear);
          return new DelegatingBell.Ear(ear) {
            @Override
            public void close() {
              all.forEach(Listening::close);
            }
          };
        });
  }
}
