package dev.hfsm.internal.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.AcceptPolicy;
import dev.hfsm.error.LeaseLostException;
import dev.hfsm.internal.CostBook;
import dev.hfsm.internal.MemoryPool;
import dev.hfsm.internal.Settings;
import dev.hfsm.internal.Spool;
import dev.hfsm.internal.chores.ChoreBody;
import dev.hfsm.internal.chores.ChoreBody.Turn;
import dev.hfsm.internal.chores.ChoreNote;
import dev.hfsm.internal.chores.ChorePlan;
import dev.hfsm.internal.chores.ChorePlan.Pace;
import dev.hfsm.ledger.Chore;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.transform.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class ChoresTest {
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path spool;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
  private final InstantSource clock = now::get;
  private final InMemoryLedger ledger = new InMemoryLedger(clock);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> seen = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() throws InterruptedException {
    closing.countDown();
    threads.shutdown();
    assertThat(threads.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
  }

  private Settings settings(String worker) {
    return new Settings(
        ledger,
        new InMemoryBlobStore(),
        null,
        List.of(),
        new Spool(spool, 1),
        Limits.DEFAULT,
        AcceptPolicy.EVERYTHING,
        (asset, transition) -> {},
        new MemoryPool(1),
        new CostBook(clock),
        clock,
        new Random(1),
        worker,
        1,
        1,
        1,
        1,
        8,
        LEASE,
        LEASE,
        Duration.ofSeconds(1),
        Map.of(),
        Duration.ZERO);
  }

  private Future<?> node(String worker, ChorePlan... plans) {
    Chores chores = new Chores(settings(worker), List.of(plans), closing, new Vitals(clock));
    return threads.submit(
        () -> {
          chores.run();
          return null;
        });
  }

  private void awaitSeen(int count) {
    while (seen.size() < count) {
      Thread.onSpinWait();
    }
  }

  private ChorePlan daily(ChoreBody body) {
    return new ChorePlan("sweep", DAY, Pace.SLOW, body);
  }

  @Test
  void aSlowChoreIsDoneOnceADayByWhicheverNode() {
    ChoreBody body =
        context -> {
          seen.add(context.settings().worker());
          return Turn.DONE;
        };
    node("one", daily(body));
    awaitSeen(1);
    while (ledger.chores().lease("sweep", "test", Duration.ofMillis(1)).isEmpty()) {
      Thread.onSpinWait();
    }
    now.updateAndGet(t -> t.plusMillis(1));
    AtomicInteger looked = new AtomicInteger();
    node(
        "two",
        daily(body),
        new ChorePlan(
            "after",
            Duration.ofMillis(1),
            Pace.LOCAL,
            context -> {
              looked.incrementAndGet();
              return Turn.DONE;
            }));
    while (looked.get() < 3) {
      Thread.onSpinWait();
    }
    assertThat(seen).containsExactly("one");
    now.updateAndGet(t -> t.plus(DAY));
    awaitSeen(2);
  }

  @Test
  void aSuccessorGoesOnWhereTheLastOneStopped() {
    Chore dead = ledger.chores().lease("sweep", "dead", LEASE).orElseThrow();
    ledger.chores().note(dead, ChoreNote.NONE.with("half way").toString());
    now.updateAndGet(t -> t.plus(LEASE)); // before the node looks: it looks again on this clock
    node(
        "next",
        daily(
            context -> {
              seen.add(context.progress());
              context.note("");
              return Turn.DONE;
            }));
    awaitSeen(1);
    assertThat(seen).containsExactly("half way");
  }

  @Test
  void aChoreThatWantsMoreIsCalledAgainAfterTheOthersHadTheirTurn() {
    AtomicInteger left = new AtomicInteger(2);
    ChorePlan sweep =
        daily(
            context -> {
              seen.add("sweep");
              context.note("at " + left);
              return left.getAndDecrement() > 0 ? Turn.MORE : Turn.DONE;
            });
    ChorePlan flush =
        new ChorePlan(
            "flush",
            Duration.ofNanos(1),
            Pace.LOCAL,
            context -> {
              seen.add("flush");
              return Turn.DONE;
            });
    node("one", sweep, flush);
    awaitSeen(5);
    assertThat(seen).startsWith("sweep", "flush", "sweep", "flush", "sweep");
  }

  @Test
  void whoeverLostItsLeaseNotesNothingAndStops() throws Exception {
    AtomicReference<Throwable> refused = new AtomicReference<>();
    CountDownLatch told = new CountDownLatch(1);
    Future<?> node =
        node(
            "paused",
            daily(
                context -> {
                  now.updateAndGet(t -> t.plus(LEASE));
                  Chore taken = ledger.chores().lease("sweep", "other", DAY).orElseThrow();
                  ledger.chores().note(taken, "- theirs");
                  try {
                    context.note("mine");
                  } catch (LeaseLostException e) {
                    refused.set(e);
                    told.countDown();
                    throw e;
                  }
                  return Turn.DONE;
                }));
    Patience.await(told);
    closing.countDown(); // or it would take the lease again as soon as the clock moves
    node.get(120, TimeUnit.SECONDS);
    assertThat(refused.get()).isInstanceOf(LeaseLostException.class);
    assertThat(ledger.chores().noted("sweep")).isEqualTo("- theirs");
  }

  /** Waits without a checked exception. */
  private static final class Patience {
    static void await(CountDownLatch latch) {
      try {
        assertThat(latch.await(120, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void aChoreThatFailsIsTriedAgainAndHoldsUpNoOther() {
    AtomicInteger failed = new AtomicInteger();
    node(
        "one",
        new ChorePlan(
            "bad",
            Duration.ofMillis(1),
            Pace.FAST,
            context -> {
              failed.incrementAndGet();
              throw new StackOverflowError();
            }),
        new ChorePlan(
            "good",
            Duration.ofMillis(1),
            Pace.FAST,
            context -> {
              seen.add("good");
              return Turn.DONE;
            }));
    awaitSeen(3);
    while (failed.get() < 3) {
      Thread.onSpinWait();
    }
  }

  @Test
  void closingEndsAChoreBetweenItsBatchesAndGivesItsLeaseBack() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    Future<?> node =
        node(
            "one",
            daily(
                context -> {
                  running.countDown();
                  while (context.keepGoing()) {
                    Thread.onSpinWait();
                  }
                  return Turn.MORE;
                }));
    Patience.await(running);
    closing.countDown();
    node.get(120, TimeUnit.SECONDS);
    assertThat(ledger.chores().lease("sweep", "test", LEASE)).isPresent();
  }

  @Test
  void aNoteReadsBackAndRefusesNoText() {
    Instant end = Instant.parse("2030-01-01T00:00:00Z");
    ChoreNote note = ChoreNote.NONE.with("cursor with spaces");
    assertThat(ChoreNote.parse(note.toString())).isEqualTo(note);
    assertThat(ChoreNote.parse(note.finished(end).toString())).isEqualTo(note.finished(end));
    assertThat(ChoreNote.parse("")).isEqualTo(ChoreNote.NONE);
    assertThat(ChoreNote.parse("of another version").ended()).isEqualTo(Instant.MIN);
    assertThatThrownBy(() -> new ChorePlan("x", Duration.ZERO, Pace.SLOW, context -> Turn.DONE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anEndThatIsStillToComeWasNotedByAWrongClock() {
    Instant end = Instant.parse("2030-01-01T00:00:00Z");
    ChoreNote note = ChoreNote.NONE.finished(end);
    assertThat(note.isDue(DAY, end.plus(DAY).minusNanos(1))).isFalse();
    assertThat(note.isDue(DAY, end.plus(DAY))).isTrue();
    assertThat(note.isDue(DAY, end.minusSeconds(1))).isTrue();
  }
}
