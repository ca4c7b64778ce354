package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.Admitted.Outcome;
import dev.hfsm.model.AssetId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who goes with whom, when, and what becomes of them. */
class CompanyTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  private final ExecutorService callers = Executors.newCachedThreadPool();
  private final Database database = new Database();
  private final Company company = new Company(database);

  /** Holds whom it is told to hold, and writes down who came how. */
  private static final class Database implements Company.Admitting {

    final CountDownLatch twoCame = new CountDownLatch(2);
    final CountDownLatch open = new CountDownLatch(1);
    final CountDownLatch openForSecond = new CountDownLatch(1);
    final Queue<String> calls = new ConcurrentLinkedQueue<>();
    volatile @Nullable AssetId known;
    volatile @Nullable LedgerException trouble;

    @Override
    public Admitted alone(Admission admission) {
      calls.add("alone " + admission.reference().text());
      return new Admitted(Outcome.STALE_KEY, null);
    }

    @Override
    public Admitted soon(Admission admission) {
      calls.add("soon " + admission.reference().text());
      twoCame.countDown();
      await(admission.reference().text().equals("second") ? openForSecond : open);
      return Admissions.created(admission, NOW);
    }

    @Override
    public Map<AssetId, Admitted> together(List<Admission> admissions) {
      calls.add("together " + admissions.stream().map(a -> a.reference().text()).sorted().toList());
      if (trouble != null) {
        throw trouble;
      }
      Map<AssetId, Admitted> found = new HashMap<>();
      admissions.stream()
          .filter(a -> !a.asset().equals(known))
          .forEach(a -> found.put(a.asset(), Admissions.created(a, NOW)));
      return found;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(2, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void end() {
    database.openForSecond.countDown();
    callers.shutdownNow();
  }

  private Future<Admitted> comes(String content, String name) {
    return callers.submit(
        () -> company.admit(Samples.admission(Samples.asset(content), name, NOW)));
  }

  /** Takes both turns, lets others come one after the other, then lets go of one turn. */
  private List<Future<Admitted>> whileTurnsAreTaken(String... contentsAndNames) throws Exception {
    Future<Admitted> first = comes("first", "first");
    comes("second", "second");
    await(database.twoCame);
    List<Future<Admitted>> others = new ArrayList<>();
    for (String one : contentsAndNames) {
      String[] parts = one.split(" ");
      others.add(comes(parts[0], parts[1]));
      while (company.waiting() < others.size()) {
        Thread.onSpinWait();
      }
    }
    database.open.countDown();
    first.get(2, TimeUnit.MINUTES);
    return others;
  }

  private static Outcome outcome(Future<Admitted> answer) throws Exception {
    return answer.get(2, TimeUnit.MINUTES).outcome();
  }

  @Test
  void whoFindsATurnFreeDoesNotWaitForOthers() throws Exception {
    database.open.countDown();
    assertThat(outcome(comes("a", "a"))).isEqualTo(Outcome.CREATED);
    assertThat(database.calls).containsExactly("soon a");
  }

  @Test
  void whoComesWhileTurnsAreTakenGoesTogetherAndGetsAnAnswerOfItsOwn() throws Exception {
    for (Future<Admitted> one : whileTurnsAreTaken("a a", "b b", "c c")) {
      assertThat(outcome(one)).isEqualTo(Outcome.CREATED);
    }
    assertThat(database.calls).contains("together [a, b, c]").hasSize(3);
  }

  @Test
  void theSameAssetAndTheSameNameGoLater() throws Exception {
    for (Future<Admitted> one : whileTurnsAreTaken("a a", "a b", "c a", "d d")) {
      assertThat(outcome(one)).isEqualTo(Outcome.CREATED);
    }
    assertThat(database.calls).endsWith("together [a, d]", "together [a, b]");
  }

  @Test
  void whoIsLeftOutByTheOthersGoesAlone() throws Exception {
    database.known = Samples.asset("b");
    List<Future<Admitted>> all = whileTurnsAreTaken("a a", "b b", "c c");
    assertThat(outcome(all.get(1))).as("what alone answers").isEqualTo(Outcome.STALE_KEY);
    assertThat(outcome(all.get(2))).isEqualTo(Outcome.CREATED);
    assertThat(database.calls).contains("alone b").doesNotContain("alone a", "alone c");
  }

  @Test
  void nobodyPaysForWhatAnotherBrought() throws Exception {
    database.trouble = trouble("22021");
    for (Future<Admitted> one : whileTurnsAreTaken("a a", "b b")) {
      assertThat(outcome(one)).isEqualTo(Outcome.STALE_KEY);
    }
    assertThat(database.calls).contains("together [a, b]", "alone a", "alone b");
  }

  @Test
  void whatMayHaveTakenEffectIsNotTriedAgain() throws Exception {
    database.trouble = trouble("08006");
    for (Future<Admitted> one : whileTurnsAreTaken("a a", "b b")) {
      assertThatThrownBy(() -> outcome(one))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOfSatisfying(LedgerException.class, e -> assertThat(e.retryable()).isTrue());
    }
    assertThat(database.calls).doesNotContain("alone a", "alone b");
    database.trouble = null;
    assertThat(outcome(comes("c", "c"))).as("the turns are free again").isEqualTo(Outcome.CREATED);
  }

  private static LedgerException trouble(String state) {
    return new LedgerException("on purpose", new SQLException("on purpose", state), true);
  }
}
