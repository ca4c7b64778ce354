package dev.hfsm.internal.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.LedgerBell;
import dev.hfsm.ledger.LedgerBell.Ring;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Subject;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A ring that is missed would make these tests wait for ever, and fail by their time limit. */
@Timeout(300)
class EarTest {
  private static final Duration FOR_EVER = ChronoUnit.FOREVER.getDuration();
  private static final Subject SUBJECT =
      Subject.inspect(AssetId.of(Digest.ofContent(new byte[] {1})));

  private final InMemoryLedger ledger = new InMemoryLedger(InstantSource.system());
  private final Bell bell = new Bell();
  private final Bell removals = new Bell();
  private final Signals signals = new Signals();
  private final Vitals vitals = new Vitals(InstantSource.system());
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Ear ear =
      new Ear(
          ledger.bell(),
          bell,
          removals,
          signals,
          vitals,
          new Outage("listening", vitals, closing),
          closing);
  private final Thread listener =
      new Thread(
          () -> {
            try {
              ear.run();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });

  private void listen() {
    listener.start();
    while (!vitals.isListening()) {
      Thread.onSpinWait();
    }
  }

  @AfterEach
  void close() throws InterruptedException {
    closing.countDown();
    ear.close();
    listener.join();
    assertThat(vitals.isListening()).isFalse();
  }

  @Test
  void workThatIsOwedAnywhereRingsTheBellHere() throws InterruptedException {
    listen();
    bell.await(0, FOR_EVER); // rung once as the listening begins, for what was missed
    long heard = bell.heard();
    ledger.bell().ring(List.of(Ring.OWED));
    bell.await(heard, FOR_EVER);
  }

  @Test
  void whoWaitsHereIsWokenByWorkThatAnotherNodeHasDone() throws InterruptedException {
    assertThat(signals.lookAgain()).isLessThan(Duration.ofSeconds(1));
    listen();
    for (Ring ring : List.of(Ring.settled(SUBJECT), new Ring(LedgerBell.Kind.SETTLED, null))) {
      try (Signals.Waiter waiter = signals.listen(SUBJECT)) {
        ledger.bell().ring(List.of(ring));
        waiter.await(FOR_EVER);
      }
    }
    assertThat(signals.lookAgain()).isEqualTo(Duration.ofSeconds(1));
  }

  /** Notes what is rung, one call at a time. */
  private static final class SlowBell implements LedgerBell {
    final BlockingQueue<List<Ring>> calls = new LinkedBlockingQueue<>();
    final CountDownLatch release = new CountDownLatch(1);

    @Override
    public void ring(Collection<Ring> rings) {
      calls.add(List.copyOf(rings));
      try {
        if (!release.await(120, TimeUnit.SECONDS)) {
          throw new LedgerException("nobody let go", null, false);
        }
      } catch (InterruptedException e) {
        throw new LedgerException("interrupted", e, false);
      }
    }

    @Override
    public Listening listen() {
      throw new LedgerException("deaf", null, false);
    }
  }

  @Test
  void whatComesTogetherWhileOneRingIsUnderWayGoesWithTheNext() throws InterruptedException {
    SlowBell slow = new SlowBell();
    Ringer ringer = new Ringer(slow, new Outage("ringing", vitals, closing));
    Thread rings =
        new Thread(
            () -> {
              try {
                ringer.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    rings.start();
    ringer.owed();
    assertThat(slow.calls.take()).containsExactly(Ring.OWED);
    ringer.settled(SUBJECT);
    ringer.owed();
    ringer.owed();
    ringer.settled(SUBJECT);
    slow.release.countDown();
    ringer.leaveWhenEmpty();
    rings.join();
    assertThat(slow.calls).containsExactly(List.of(Ring.OWED, Ring.settled(SUBJECT)));
    listener.start();
  }

  @Test
  void soManySubjectsThatTheyCannotBeNamedAreAnything() throws InterruptedException {
    SlowBell slow = new SlowBell();
    slow.release.countDown();
    Ringer ringer = new Ringer(slow, new Outage("ringing", vitals, closing));
    for (int i = 0; i < 1000; i++) {
      ringer.settled(
          Subject.inspect(AssetId.of(Digest.ofContent(new byte[] {(byte) i, (byte) (i >> 8)}))));
    }
    ringer.leaveWhenEmpty();
    ringer.run();
    assertThat(slow.calls).containsExactly(List.of(new Ring(LedgerBell.Kind.SETTLED, null)));
    listener.start();
  }
}
