package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.StateMachine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HistoryTest {

  @ParameterizedTest
  @EnumSource
  void admitsExactlyTheTransitionsOfTheStateTable(TestDatabase.Kind kind) {
    List<AssetState> before = new ArrayList<>(Arrays.asList(AssetState.values()));
    before.add(null);
    try (TestDatabase database = kind.open()) {
      JdbcLedger.create(database.pool()).close();
      for (AssetState from : before) {
        for (AssetState to : AssetState.values()) {
          boolean legal =
              StateMachine.TABLE.stream().anyMatch(t -> t.from() == from && t.to() == to);
          assertThat(isAdmitted(database, from, to)).as(from + " to " + to).isEqualTo(legal);
        }
      }
    }
  }

  private static boolean isAdmitted(
      TestDatabase database, @Nullable AssetState from, AssetState to) {
    String old = from == null ? "NULL" : "'" + from + "'";
    try {
      database.execute(
          "INSERT INTO hfsm_history (scope, digest, from_state, to_state, event, attempt, at)"
              + " VALUES ('', '', %s, '%s', 'ADMITTED', 0, 0)".formatted(old, to));
      return true;
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining("hfsm_history_legal");
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource
  void recordsAChangeOfStateWhoeverMakesItAndRefusesAnIllegalOne(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open();
        JdbcLedger ledger = JdbcLedger.create(database.pool())) {
      Samples.admit(ledger, "a", "name");

      database.execute("UPDATE hfsm_asset SET state = 'FAILED', event = 'EXHAUSTED'");

      assertThat(ledger.reader().history(Samples.asset("a")))
          .extracting(HistoryEntry::event)
          .containsExactly(AssetEvent.ADMITTED, AssetEvent.EXHAUSTED);
      assertThatThrownBy(() -> database.execute("UPDATE hfsm_asset SET state = 'VARIANTS_READY'"))
          .hasMessageContaining("hfsm_history_legal");
    }
  }

  @ParameterizedTest
  @EnumSource
  void isAppendOnly(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open();
        JdbcLedger ledger = JdbcLedger.create(database.pool())) {
      Samples.admit(ledger, "a", "name");

      assertThatThrownBy(() -> database.execute("DELETE FROM hfsm_history"))
          .hasMessageContaining("append-only");
      assertThatThrownBy(() -> database.execute("UPDATE hfsm_history SET detail = 'forged'"))
          .hasMessageContaining("append-only");
      assertThatCode(() -> database.execute("UPDATE hfsm_asset SET uploads = uploads + 1"))
          .doesNotThrowAnyException();
      assertThat(ledger.reader().history(Samples.asset("a"))).hasSize(1);
    }
  }
}
