package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.LedgerBell;
import dev.hfsm.ledger.LedgerBell.Kind;
import dev.hfsm.ledger.LedgerBell.Listening;
import dev.hfsm.ledger.LedgerBell.Ring;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BellTest {

  private static final Duration LONG = Duration.ofMinutes(2);

  @Test
  void reachesTheOtherNodesOfAPostgresLedgerAndNoOtherLedger() throws Exception {
    try (TestDatabase database = TestDatabase.postgres();
        HikariDataSource otherNode = database.anotherPool();
        TestDatabase elsewhere = TestDatabase.postgres();
        Listening heard = JdbcLedger.create(otherNode).bell().listen();
        Listening unheard = JdbcLedger.create(elsewhere.pool()).bell().listen()) {
      Ring ring = Ring.settled(Subject.inspect(Samples.asset("a")));

      JdbcLedger.create(database.pool()).bell().ring(List.of(ring, Ring.OWED));

      assertThat(heard.await(LONG)).containsExactlyInAnyOrder(ring, Ring.OWED);
      assertThat(unheard.await(Duration.ofMillis(1))).isEmpty();
    }
  }

  @Test
  void saysManyRingsInSeveralPayloadsAndTooManyInOne() throws Exception {
    try (TestDatabase database = TestDatabase.postgres();
        JdbcLedger ledger = JdbcLedger.create(database.pool());
        Listening listening = ledger.bell().listen()) {
      List<Ring> many = rings(150);
      ledger.bell().ring(many);
      assertThat(all(listening, many.size())).containsExactlyInAnyOrderElementsOf(many);

      ledger.bell().ring(rings(1000));
      assertThat(listening.await(LONG)).containsExactly(new Ring(Kind.SETTLED, null));
    }
  }

  private static List<Ring> rings(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Samples.asset("asset " + i))
        .map(asset -> Ring.settled(Subject.derive(asset, Samples.variant(asset, "t"))))
        .toList();
  }

  private static List<Ring> all(Listening listening, int count) throws InterruptedException {
    List<Ring> all = new ArrayList<>();
    while (all.size() < count) {
      List<Ring> more = listening.await(LONG);
      assertThat(more).isNotEmpty();
      all.addAll(more);
    }
    return all;
  }

  @Test
  void everyPayloadIsShortEnough() {
    assertThat(Payloads.of(rings(150))).hasSizeGreaterThan(1).allMatch(p -> p.length() < 8000);
    assertThat(Payloads.parse("NEWER something\n"))
        .containsExactlyInAnyOrder(Ring.OWED, new Ring(Kind.SETTLED, null), Ring.REMOVED);
  }

  @ParameterizedTest
  @EnumSource
  void aCloseWakesWhoWaits(TestDatabase.Kind kind) throws Exception {
    try (TestDatabase database = kind.open();
        JdbcLedger ledger = JdbcLedger.create(database.pool())) {
      Listening listening = ledger.bell().listen();
      CompletableFuture<List<Ring>> waiting =
          CompletableFuture.supplyAsync(() -> uninterrupted(listening));
      listening.close();
      listening.close();
      assertThatThrownBy(() -> waiting.get(2, TimeUnit.MINUTES))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(LedgerException.class);
      ledger.bell().ring(List.of(Ring.OWED));
      assertThat(database.query("SELECT 1")).as("the connection is back").containsExactly("1");
    }
  }

  private static List<Ring> uninterrupted(Listening listening) {
    try {
      return listening.await(Duration.ofHours(1));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void saysThatTheLineBroke() {
    try (TestDatabase database = TestDatabase.postgres();
        JdbcLedger ledger = JdbcLedger.create(database.pool())) {
      LedgerBell bell = ledger.bell();
      try (Listening listening = bell.listen()) {
        database.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE query LIKE 'LISTEN hfsm_"
                + ledger.custody().ledgerId().replace("-", "")
                + "%'");
        assertThatThrownBy(() -> listening.await(LONG))
            .isInstanceOfSatisfying(LedgerException.class, e -> assertThat(e.retryable()).isTrue())
            .hasMessageContaining("broke off");
      }
      try (Listening anew = bell.listen()) {
        bell.ring(List.of(Ring.OWED));
        assertThat(uninterrupted(anew)).containsExactly(Ring.OWED);
      }
    }
  }

  @Test
  void onSqliteReachesAllWhoListenToTheSameObject() throws Exception {
    AssetId asset = Samples.asset("a");
    try (TestDatabase database = TestDatabase.sqlite();
        JdbcLedger ledger = JdbcLedger.create(database.pool());
        Listening one = ledger.bell().listen();
        Listening two = ledger.bell().listen()) {
      ledger.bell().ring(List.of(Ring.OWED, Ring.settled(Subject.inspect(asset)), Ring.OWED));
      assertThat(one.await(LONG))
          .containsExactly(Ring.OWED, Ring.settled(Subject.inspect(asset)))
          .isEqualTo(two.await(LONG));
      assertThat(one.await(Duration.ZERO)).isEmpty();
    }
  }
}
