package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.Retention;
import dev.hfsm.ledger.Spending;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import dev.hfsm.model.WorkKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Costs are statements: each is a round trip to the database. BEGIN and COMMIT are not counted. */
class StatementCountTest {

  @ParameterizedTest
  @EnumSource
  void anIngestTakesFewStatements(TestDatabase.Kind kind) {
    boolean sqlite = kind == TestDatabase.Kind.SQLITE;
    try (TestDatabase database = kind.open()) {
      Watched watched = new Watched(database.pool());
      JdbcLedger ledger = JdbcLedger.create(watched.dataSource());
      AssetId asset = Samples.asset("a");
      Admission first = Samples.admission(asset, "first", ledger.intake().find(asset).now());

      assertThat(count(watched, () -> ledger.intake().find(asset))).as("find").isEqualTo(1);
      assertThat(count(watched, () -> ledger.intake().admit(first)))
          .as("admit")
          .isEqualTo(sqlite ? 3 : 1);
      assertThat(count(watched, () -> ledger.intake().admit(first)))
          .as("admit again")
          .isEqualTo(sqlite ? 2 : 1);
      Retention again = new Retention(asset, ReferenceName.of("second"), Retention.Cause.UPLOAD);
      assertThat(count(watched, () -> ledger.intake().retain(again))).as("retain").isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClaimTakesTheSameNumberOfStatementsHoweverMuchItGrants(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open()) {
      Watched watched = new Watched(database.pool());
      JdbcLedger ledger = JdbcLedger.create(watched.dataSource());
      int work = 20;
      for (int i = 0; i < work; i++) {
        Samples.admit(ledger, "a" + i, "name" + i);
      }
      ClaimRequest all =
          ClaimRequest.due("worker", EnumSet.allOf(WorkKind.class), work, Samples.LEASE);

      int expected = kind == TestDatabase.Kind.POSTGRESQL ? 1 : 4;
      assertThat(count(watched, () -> assertThat(ledger.work().claim(all)).hasSize(work)))
          .isEqualTo(expected);
      assertThat(count(watched, () -> assertThat(ledger.work().claim(all)).isEmpty()))
          .as("idle")
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReapingTakesTheSameNumberOfStatementsHoweverManyLeasesRanOut(TestDatabase.Kind kind) {
    boolean sqlite = kind == TestDatabase.Kind.SQLITE;
    try (TestDatabase database = kind.open()) {
      Watched watched = new Watched(database.pool());
      JdbcLedger ledger = JdbcLedger.create(watched.dataSource());
      int work = 20;
      for (int i = 0; i < work; i++) {
        Samples.admit(ledger, "a" + i, "name" + i);
      }
      ClaimRequest all =
          ClaimRequest.due("worker", EnumSet.allOf(WorkKind.class), work, Samples.LEASE);
      ledger.work().claim(all);
      database.age(Samples.LEASE);
      assertThat(count(watched, () -> assertThat(ledger.work().reap(100, 2).freed()).hasSize(work)))
          .as("freed")
          .isEqualTo(2);
      ledger.work().claim(all);
      database.age(Samples.LEASE);
      assertThat(
              count(watched, () -> assertThat(ledger.work().reap(100, 2).buried()).hasSize(work)))
          .as("buried")
          .isEqualTo(sqlite ? 5 : 4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFirstRequestTakesFewStatementsWithItsClaim(TestDatabase.Kind kind) {
    boolean sqlite = kind == TestDatabase.Kind.SQLITE;
    try (TestDatabase database = kind.open()) {
      Watched watched = new Watched(database.pool());
      JdbcLedger ledger = JdbcLedger.create(watched.dataSource());
      AssetId asset = Samples.asset("a");
      Samples.admit(ledger, "a", "first");
      VariantRequest request = Samples.request(asset, "w=1");
      Runnable begin =
          () -> ledger.work().requestAndClaim(List.of(request), "worker", Samples.LEASE);
      assertThat(count(watched, begin)).as("new").isEqualTo(sqlite ? 6 : 1);
      assertThat(count(watched, begin)).as("under way").isLessThanOrEqualTo(sqlite ? 7 : 6);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsPublicTakesNoMoreStatementsToAdmitThanWhatIsPrivate(TestDatabase.Kind kind) {
    boolean sqlite = kind == TestDatabase.Kind.SQLITE;
    try (TestDatabase database = kind.open()) {
      Watched watched = new Watched(database.pool());
      JdbcLedger ledger = JdbcLedger.create(watched.dataSource());
      AssetId asset = Samples.asset("a");
      Admission some = Samples.admission(asset, "first", ledger.intake().find(asset).now());
      Admission first =
          new Admission(
              asset, some.size(), some.key(), some.reference(), some.facts(), Visibility.PUBLIC);
      assertThat(count(watched, () -> ledger.intake().admit(first)))
          .as("admit")
          .isEqualTo(sqlite ? 3 : 1);
      assertThat(ledger.reader().asset(asset).orElseThrow().visibility())
          .isEqualTo(Visibility.PUBLIC);
    }
  }

  @ParameterizedTest
  @EnumSource
  void readingTheLogOfRemovalsTakesOneStatementHoweverMuchIsInIt(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open()) {
      Watched watched = new Watched(database.pool());
      JdbcLedger ledger = JdbcLedger.create(watched.dataSource());
      for (int i = 0; i < 5; i++) {
        AssetId asset = Samples.admit(ledger, "a" + i, "name" + i).id();
        ledger.custody().purge(asset);
      }
      assertThat(
              count(watched, () -> assertThat(ledger.removals().after(0, 100).assets()).hasSize(5)))
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void costsOfAllScopesAreToldInOneBatchAndReadByOneStatement(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open()) {
      Watched watched = new Watched(database.pool());
      JdbcLedger ledger = JdbcLedger.create(watched.dataSource());
      List<Spending> spent = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        spent.add(new Spending(Scope.of("s" + i), Duration.ofMillis(1), 1, 1));
      }
      assertThat(count(watched, () -> ledger.costs().spend(spent))).as("told").isEqualTo(1);
      assertThat(
              count(
                  watched, () -> assertThat(ledger.costs().costs(Duration.ofHours(1))).hasSize(20)))
          .as("read")
          .isEqualTo(1);
    }
  }

  private static int count(Watched watched, Runnable call) {
    int before = watched.statements.get();
    call.run();
    return watched.statements.get() - before;
  }
}
