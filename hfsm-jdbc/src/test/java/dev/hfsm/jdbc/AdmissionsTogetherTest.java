package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.Admitted.Outcome;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.Reference;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Subject;
import dev.hfsm.storage.Stamp;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Admissions that one statement writes, on PostgreSQL. */
class AdmissionsTogetherTest {

  private static final AssetId A = Samples.asset("a");
  private static final AssetId B = Samples.asset("b");
  private static final AssetId C = Samples.asset("c");

  private final TestDatabase database = TestDatabase.postgres();
  private final JdbcLedger ledger = JdbcLedger.create(database.pool());
  private final PostgresSql sql = new PostgresSql();
  private final Transactions transactions =
      new OwnTransactions(database.pool(), sql, new Calm(System::nanoTime));

  @AfterEach
  void close() {
    database.close();
  }

  private Map<AssetId, Admitted> admit(Admission... admissions) {
    return transactions.writeOne(
        "admit assets", handle -> sql.admitNew(handle, List.of(admissions)));
  }

  private Instant now() {
    return ledger.intake().find(A).now();
  }

  @Test
  void eachIsWrittenAsIfItHadComeAlone() {
    Admission a = Samples.admission(A, "one", now());
    Admission b = shown(Samples.admission(B, "two", now()));

    Map<AssetId, Admitted> found = admit(a, b);

    for (Admission one : List.of(a, b)) {
      AssetId id = one.asset();
      Admitted admitted = found.get(id);
      assertThat(admitted.outcome()).isEqualTo(Outcome.CREATED);
      assertThat(ledger.reader().asset(id)).contains(admitted.asset());
      assertThat(ledger.reader().references(id))
          .extracting(Reference::name)
          .containsExactly(one.reference());
      assertThat(ledger.operator().work(id))
          .extracting(work -> work.subject())
          .containsExactly(Subject.inspect(id));
      assertThat(ledger.reader().history(id))
          .extracting(HistoryEntry::event)
          .containsExactly(AssetEvent.ADMITTED);
    }
  }

  private static Admission shown(Admission a) {
    return new Admission(a.asset(), a.size(), a.key(), a.reference(), a.facts(), Visibility.PUBLIC);
  }

  @Test
  void whatIsThereAlreadyIsLeftAsItIs() {
    AssetLedger before = ledger;
    Samples.admit(before, "a", "one");

    assertThat(admit(Samples.admission(A, "two", now()), Samples.admission(B, "three", now())))
        .containsOnlyKeys(B);
    assertThat(ledger.reader().asset(A).orElseThrow().uploads()).isEqualTo(1);
    assertThat(ledger.reader().references(A)).hasSize(1);
  }

  @Test
  void aKeyThatMayNotBeNamedIsRefused() {
    Instant now = now();
    Admission stale = Samples.admission(A, "one", now.minus(Stamp.SWEEP_WINDOW));
    Admission garbage = Samples.admission(B, "two", now);
    database.execute(
        "INSERT INTO hfsm_garbage (storage_key, at) VALUES ('" + garbage.key().text() + "', 1)");

    assertThat(admit(stale, garbage, Samples.admission(C, "three", now))).containsOnlyKeys(C);
    assertThat(ledger.reader().asset(A)).isEmpty();
    assertThat(ledger.reader().asset(B)).isEmpty();
    assertThat(ledger.reader().references(A)).isEmpty();
  }

  @Test
  void aNameMovesAndTheAssetItLeavesCanBeCollected() {
    Samples.admit(ledger, "a", "name");

    admit(Samples.admission(B, "name", now()), Samples.admission(C, "other", now()));

    assertThat(ledger.reader().references(A)).isEmpty();
    assertThat(ledger.reader().references(B)).hasSize(1);
    assertThat(ledger.collector().collect(Duration.ZERO, 10)).containsExactly(A);
  }

  @Test
  void aHostThatHoldsAnAssetHoldsUpNobodyElse() throws Exception {
    ExecutorService callers = Executors.newCachedThreadPool();
    try (Connection host = database.pool().getConnection()) {
      Instant now = now();
      host.setAutoCommit(false);
      ledger.enlisted(host).admit(Samples.admission(A, "host", now));
      Future<Admitted> waits = null;
      List<Future<Admitted>> others = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        Admission other = Samples.admission(Samples.asset("other" + i), "other" + i, now);
        others.add(callers.submit(() -> ledger.intake().admit(other)));
        if (i == 3) {
          Admission same = Samples.admission(A, "same", now);
          waits = callers.submit(() -> ledger.intake().admit(same));
        }
      }
      for (Future<Admitted> one : others) {
        assertThat(one.get(2, TimeUnit.MINUTES).outcome()).isEqualTo(Outcome.CREATED);
      }
      host.commit();
      assertThat(waits.get(2, TimeUnit.MINUTES).outcome()).isEqualTo(Outcome.DUPLICATE);
    } finally {
      callers.shutdownNow();
    }
  }
}
