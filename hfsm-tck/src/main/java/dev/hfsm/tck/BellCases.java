package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.derive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.LedgerBell;
import dev.hfsm.ledger.LedgerBell.Kind;
import dev.hfsm.ledger.LedgerBell.Listening;
import dev.hfsm.ledger.LedgerBell.Ring;
import dev.hfsm.model.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * How those who share a ledger wake each other. A medium may merge what it carries: a ring without
 * a subject tells of every subject.
 */
interface BellCases extends LedgerCases {

  Subject HEARD = derive(asset("tenant", "heard"), "t");

  @Test
  default void aRingIsHeardByAllWhoListen() throws InterruptedException {
    try (Listening one = bell().listen();
        Listening two = bell().listen()) {
      bell().ring(List.of(Ring.OWED));
      hears(one, Ring.OWED);
      hears(two, Ring.OWED);
      bell().ring(List.of(Ring.OWED));
      hears(two, Ring.OWED);
      hears(one, Ring.OWED);
    }
  }

  @Test
  default void whatWasSettledIsTold() throws InterruptedException {
    try (Listening listening = bell().listen()) {
      bell().ring(List.of(Ring.settled(HEARD), Ring.OWED));
      hears(listening, Ring.settled(HEARD), Ring.OWED);
      Subject inspection = Subject.inspect(asset("a"));
      bell().ring(List.of(Ring.settled(inspection)));
      hears(listening, Ring.settled(inspection));
    }
  }

  @Test
  default void removalsAreTold() throws InterruptedException {
    try (Listening listening = bell().listen()) {
      bell().ring(List.of(Ring.REMOVED));
      hears(listening, Ring.REMOVED);
    }
  }

  @Test
  default void aRingWakesWhoWaits() throws InterruptedException {
    try (Listening listening = bell().listen();
        Threads threads = new Threads()) {
      Future<List<Ring>> heard = waitingOn(listening, threads, new AtomicReference<>());
      bell().ring(List.of(Ring.settled(HEARD)));
      assertThat(Threads.get(heard)).anySatisfy(ring -> assertThat(tells(ring, HEARD)).isTrue());
    }
  }

  @Test
  default void manyRingsAreAllHeard() throws InterruptedException {
    List<Ring> rings = manyRings("t");
    try (Listening listening = bell().listen()) {
      bell().ring(rings);
      hears(listening, rings.toArray(Ring[]::new));
    }
  }

  @Test
  default void manyWhoRingAtOnceAreAllHeard() throws InterruptedException {
    List<List<Ring>> rings = IntStream.range(0, 6).mapToObj(i -> manyRings("t" + i)).toList();
    try (Listening listening = bell().listen()) {
      Together.run(
          rings.size(),
          i -> {
            rings.get(i).forEach(ring -> bell().ring(List.of(ring)));
            return i;
          });
      hears(listening, rings.stream().flatMap(List::stream).toArray(Ring[]::new));
    }
  }

  @Test
  default void whoRingsDoesNotWaitForWhoListens() throws InterruptedException {
    List<Ring> rings = manyRings("t");
    try (Listening listening = bell().listen();
        Threads threads = new Threads()) {
      Future<?> ringing =
          threads.run(() -> IntStream.range(0, 30).forEach(i -> bell().ring(rings)));
      Threads.get(ringing);
      hears(listening, rings.toArray(Ring[]::new));
    }
  }

  @Test
  default void whereNobodyRingsNothingIsHeard() throws InterruptedException {
    Duration wait = Duration.ofMillis(60);
    try (Listening listening = bell().listen()) {
      long start = System.nanoTime();
      assertThat(listening.await(wait)).isEmpty();
      long waited = System.nanoTime() - start;
      assertThat(Duration.ofNanos(waited))
          .isBetween(wait.dividedBy(2), Duration.ofMillis(Threads.patienceMillis()));
      assertThat(listening.await(Duration.ZERO)).isEmpty();
    }
  }

  @Test
  default void ringingWhereNobodyListensDoesNoHarm() throws InterruptedException {
    bell().ring(List.of(Ring.OWED, Ring.settled(HEARD)));
    bell().ring(List.of());
    try (Listening listening = bell().listen()) {
      bell().ring(List.of(Ring.settled(HEARD)));
      hears(listening, Ring.settled(HEARD));
    }
    bell().ring(List.of(Ring.OWED));
  }

  @Test
  default void closingWakesWhoWaits() throws Exception {
    Listening listening = bell().listen();
    try (Threads threads = new Threads()) {
      Future<List<Ring>> heard = waitingOn(listening, threads, new AtomicReference<>());
      listening.close();
      try {
        assertThat(heard.get(Threads.patienceMillis(), TimeUnit.MILLISECONDS)).isEmpty();
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(LedgerException.class);
      }
    }
    listening.close();
  }

  @Test
  default void whoStopsListeningLeavesOthersListening() throws InterruptedException {
    try (Listening stays = bell().listen()) {
      Listening goes = bell().listen();
      goes.close();
      bell().ring(List.of(Ring.settled(HEARD)));
      hears(stays, Ring.settled(HEARD));
    }
    try (Listening later = bell().listen()) {
      bell().ring(List.of(Ring.OWED));
      hears(later, Ring.OWED);
    }
  }

  @Test
  default void whoWaitsCanBeInterrupted() throws InterruptedException {
    try (Listening listening = bell().listen();
        Threads threads = new Threads()) {
      AtomicReference<Thread> waiting = new AtomicReference<>();
      Future<List<Ring>> heard = waitingOn(listening, threads, waiting);
      waiting.get().interrupt();
      assertThatThrownBy(() -> Threads.get(heard)).hasCauseInstanceOf(InterruptedException.class);
    }
  }

  /** A thread that waits to hear something, for longer than any case has patience. */
  private static Future<List<Ring>> waitingOn(
      Listening listening, Threads threads, AtomicReference<Thread> waiting)
      throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    Future<List<Ring>> heard =
        threads.call(
            () -> {
              waiting.set(Thread.currentThread());
              begun.countDown();
              return listening.await(longerThanAnyPatience());
            });
    begun.await();
    Threads.letItWait(waiting.get());
    return heard;
  }

  private static Duration longerThanAnyPatience() {
    return Duration.ofMillis(4 * Threads.patienceMillis());
  }

  /** Checks that all of these are heard before patience ends, alone or merged, in any order. */
  private static void hears(Listening listening, Ring... expected) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofMillis(Threads.patienceMillis()).toNanos();
    Set<Ring> missing = new HashSet<>(List.of(expected));
    while (!missing.isEmpty()) {
      long left = deadline - System.nanoTime();
      assertThat(left).as("time left to hear %s", missing).isPositive();
      for (Ring ring : listening.await(Duration.ofNanos(left))) {
        missing.removeIf(
            m -> m.kind() == ring.kind() && (ring.subject() == null || ring.equals(m)));
      }
    }
  }

  private static boolean tells(Ring ring, Subject subject) {
    return ring.kind() == Kind.SETTLED
        && (ring.subject() == null || ring.subject().equals(subject));
  }

  /** More than one message of any medium carries. */
  private static List<Ring> manyRings(String transformation) {
    List<Ring> rings = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      rings.add(Ring.settled(derive(asset("x".repeat(63), "asset " + i), transformation)));
    }
    rings.add(Ring.OWED);
    return rings;
  }

  private LedgerBell bell() {
    return scene().ledger.bell();
  }
}
