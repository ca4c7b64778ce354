package dev.hfsm.internal.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Subject;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rings that are missed would make these tests wait for ever, and fail by their time limit. */
@Timeout(300)
class SignalsTest {
  private static final Duration FOR_EVER = ChronoUnit.FOREVER.getDuration();
  private static final Subject SUBJECT =
      Subject.inspect(AssetId.of(Digest.ofContent(new byte[] {1})));
  private static final Subject OTHER =
      Subject.inspect(AssetId.of(Digest.ofContent(new byte[] {2})));

  @Test
  void aBellRungBeforeTheWaitIsHeard() throws InterruptedException {
    Bell bell = new Bell();
    long heard = bell.heard();
    bell.ring();
    bell.await(heard, FOR_EVER);
    assertThat(bell.heard()).isEqualTo(heard + 1);
  }

  @Test
  void aBellThatIsNotRungLetsGoAfterAWhile() throws InterruptedException {
    Bell bell = new Bell();
    bell.await(bell.heard(), Duration.ofMillis(1));
    bell.await(bell.heard(), Duration.ZERO);
    bell.await(bell.heard(), Duration.ofSeconds(-1));
    assertThat(bell.heard()).isZero();
  }

  /** Two threads answer each other; one missed ring and both stand still. */
  @Test
  void noRingIsMissedByThreadsThatAnswerEachOther() throws Exception {
    Bell bell = new Bell();
    AtomicInteger turn = new AtomicInteger();
    int turns = 20_000;
    ExecutorService two = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> both = new ArrayList<>();
      for (int parity = 0; parity < 2; parity++) {
        int mine = parity;
        both.add(
            two.submit(
                () -> {
                  while (turn.get() < turns) {
                    long heard = bell.heard();
                    if (turn.get() % 2 == mine || turn.get() >= turns) {
                      turn.incrementAndGet();
                      bell.ring();
                    } else {
                      bell.await(heard, FOR_EVER);
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> f : both) {
        f.get();
      }
    } finally {
      two.shutdownNow();
    }
    assertThat(turn.get()).isGreaterThanOrEqualTo(turns);
  }

  @Test
  void aSignalBetweenListeningAndWaitingIsNotMissed() throws InterruptedException {
    Signals signals = new Signals();
    try (Signals.Waiter waiter = signals.listen(SUBJECT)) {
      signals.signal(SUBJECT);
      waiter.await(FOR_EVER);
    }
  }

  @Test
  void aSignalWakesEveryoneWhoListensAndNobodyElse() throws Exception {
    Signals signals = new Signals();
    int listeners = 8;
    CountDownLatch listening = new CountDownLatch(listeners);
    ExecutorService threads = Executors.newFixedThreadPool(listeners + 1);
    try {
      List<Future<?>> woken = new ArrayList<>();
      for (int i = 0; i < listeners; i++) {
        woken.add(
            threads.submit(
                () -> {
                  try (Signals.Waiter waiter = signals.listen(SUBJECT)) {
                    listening.countDown();
                    waiter.await(FOR_EVER);
                  }
                  return null;
                }));
      }
      Signals.Waiter elsewhere = signals.listen(OTHER);
      Future<?> other =
          threads.submit(
              () -> {
                elsewhere.await(FOR_EVER);
                return null;
              });
      listening.await();
      signals.signal(SUBJECT);
      for (Future<?> f : woken) {
        f.get();
      }
      assertThat(other.isDone()).isFalse();
      signals.signal(OTHER);
      other.get();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aListenerThatLeavesDoesNotSilenceTheOthers() throws InterruptedException {
    Signals signals = new Signals();
    Signals.Waiter first = signals.listen(SUBJECT);
    try (Signals.Waiter second = signals.listen(SUBJECT)) {
      first.close();
      signals.signal(SUBJECT);
      second.await(FOR_EVER);
    }
    signals.signal(SUBJECT);
  }
}
