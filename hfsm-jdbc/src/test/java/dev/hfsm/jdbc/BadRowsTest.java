package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What somebody else wrote into the tables. */
class BadRowsTest {

  @ParameterizedTest
  @EnumSource
  void workThatCannotBeReadIsGivenUpAndKeepsNothingElseWaiting(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open();
        JdbcLedger ledger = JdbcLedger.create(database.pool())) {
      Subject bad = Subject.inspect(Samples.admit(ledger, "bad", "bad").id());
      Subject good = Subject.inspect(Samples.admit(ledger, "good", "good").id());
      database.execute(
          "UPDATE hfsm_asset SET facts = 'no facts' WHERE digest = '"
              + bad.asset().digest().hex()
              + "'");
      ClaimRequest all =
          ClaimRequest.due("worker", EnumSet.allOf(WorkKind.class), 10, Samples.LEASE);

      List<Claim> claims = ledger.work().claim(all);

      assertThat(claims).extracting(claim -> claim.lease().subject()).containsExactly(good);
      WorkRow dead = ledger.operator().work(bad.asset()).get(0);
      assertThat(dead.dead()).isTrue();
      assertThat(dead.failure()).isNotNull();
      assertThat(dead.failure().code()).isEqualTo("unreadable-row");
      assertThat(dead.failure().message()).contains("facts").contains("no facts");
      assertThat(ledger.reader().history(bad.asset())).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void workThatCannotEvenBeGivenUpKeepsNothingElseWaiting(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open();
        JdbcLedger ledger = JdbcLedger.create(database.pool())) {
      Subject bad = Subject.inspect(Samples.admit(ledger, "bad", "bad").id());
      Subject good = Subject.inspect(Samples.admit(ledger, "good", "good").id());
      database.execute(
          "UPDATE hfsm_asset SET facts = 'no facts' WHERE digest = '"
              + bad.asset().digest().hex()
              + "'",
          "DROP TABLE hfsm_history"); // no state can be changed without
      ClaimRequest all =
          ClaimRequest.due("worker", EnumSet.allOf(WorkKind.class), 10, Samples.LEASE);

      List<Claim> claims = ledger.work().claim(all);

      assertThat(claims).extracting(claim -> claim.lease().subject()).containsExactly(good);
      assertThat(ledger.operator().work(bad.asset()).get(0).leasedUntil())
          .as("it comes back when its lease has run out")
          .isNotNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void claimedWorkThatCannotBeLookedAtAgainIsGivenBackAndTheRestIsKept(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open();
        JdbcLedger ledger = JdbcLedger.create(database.pool())) {
      Subject changed = Subject.inspect(Samples.admit(ledger, "changed", "changed").id());
      Samples.admit(ledger, "other", "other");
      ClaimRequest all =
          ClaimRequest.due("worker", EnumSet.allOf(WorkKind.class), 10, Samples.LEASE);
      List<Claim> claimed = ledger.work().claim(all);
      database.execute("DROP TABLE hfsm_variant");

      List<Claim> kept =
          ((JdbcWork) ledger.work())
              .claims(
                  claimed.stream()
                      .map(c -> new Grant(c, null, c.lease().subject().equals(changed)))
                      .toList());

      assertThat(kept)
          .extracting(claim -> claim.lease().subject())
          .hasSize(1)
          .doesNotContain(changed);
      WorkRow givenBack = ledger.operator().work(changed.asset()).get(0);
      assertThat(givenBack.leasedUntil()).isNull();
      assertThat(givenBack.attempts()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void timeIsTheDatabasesAlone(TestDatabase.Kind kind) {
    Sql sql = kind == TestDatabase.Kind.SQLITE ? new SqliteSql() : new PostgresSql();
    try (TestDatabase database = kind.open();
        JdbcLedger ledger = JdbcLedger.create(database.pool())) {
      String before = database.query(sql.of(CustodyStatements.NOW)).get(0);
      long now = ledger.intake().find(Samples.asset("a")).now().toEpochMilli();
      String after = database.query(sql.of(CustodyStatements.NOW)).get(0);
      assertThat(now).isBetween(Long.parseLong(before), Long.parseLong(after));
    }
  }

  /** So a node whose clock is an hour off does what all the others do. */
  @Test
  void noClassAsksTheJvmForTheTime() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
      assertThat(sources).hasSizeGreaterThan(20);
      assertThat(sources)
          .allSatisfy(
              source ->
                  assertThat(Files.readString(source))
                      .doesNotContain("Instant.now(", "currentTimeMillis", "Clock.", "new Date("));
    }
  }
}
