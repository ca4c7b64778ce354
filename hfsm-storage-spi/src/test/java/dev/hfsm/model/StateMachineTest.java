package dev.hfsm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks the table against one written down independently, from the design. */
class StateMachineTest {
  /** from (a dash if the asset did not exist), event, to, work owed (a dash if none). */
  private static final String EXPECTED =
      """
      -              ADMITTED                INGESTED       INSPECT
      INGESTED       FINGERPRINTED           DEDUP_CHECK    INSPECT
      INGESTED       REFUSED                 REJECTED       -
      INGESTED       EXHAUSTED               FAILED         -
      DEDUP_CHECK    DESCRIBED               METADATA_READY -
      DEDUP_CHECK    REFUSED                 REJECTED       -
      DEDUP_CHECK    EXHAUSTED               FAILED         -
      METADATA_READY FIRST_VARIANT_PUBLISHED VARIANTS_READY -
      REJECTED       REDRIVEN                INGESTED       INSPECT
      FAILED         REDRIVEN                INGESTED       INSPECT
      FAILED         UPLOADED_AGAIN          INGESTED       INSPECT
      """;

  private static Set<String> expected() {
    Set<String> rows = new HashSet<>();
    EXPECTED.lines().forEach(line -> rows.add(String.join(" ", line.trim().split(" +"))));
    return rows;
  }

  private static String row(Transition t) {
    return (t.from() == null ? "-" : t.from().name())
        + " "
        + t.event()
        + " "
        + t.to()
        + " "
        + (t.owes() == null ? "-" : t.owes().name());
  }

  private static List<AssetState> everyStateAndNone() {
    List<AssetState> states = new ArrayList<>(List.of(AssetState.values()));
    states.add(null);
    return states;
  }

  @Test
  void allowsExactlyWhatTheDesignLists() {
    Set<String> found = new HashSet<>();
    for (AssetState from : everyStateAndNone()) {
      for (AssetEvent event : AssetEvent.values()) {
        StateMachine.on(from, event)
            .ifPresent(
                t -> {
                  assertThat(t.from()).isEqualTo(from);
                  assertThat(t.event()).isEqualTo(event);
                  found.add(row(t));
                });
      }
    }
    assertThat(found).isEqualTo(expected());
  }

  @Test
  void hasNoSecondRowForAStateAndAnEvent() {
    assertThat(StateMachine.TABLE).hasSameSizeAs(expected());
    assertThat(StateMachine.TABLE.stream().map(t -> t.from() + " " + t.event()))
        .doesNotHaveDuplicates();
  }

  @Test
  void refusesEveryPairTheDesignDoesNotListAndSaysWhich() {
    Set<String> legal = new HashSet<>();
    expected().forEach(r -> legal.add(r.split(" ")[0] + " " + r.split(" ")[1]));
    int refused = 0;
    for (AssetState from : everyStateAndNone()) {
      for (AssetEvent event : AssetEvent.values()) {
        if (!legal.contains((from == null ? "-" : from.name()) + " " + event)) {
          assertThat(StateMachine.on(from, event)).isEmpty();
          assertThatThrownBy(() -> StateMachine.require(from, event))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining(event.name())
              .hasMessageContaining(String.valueOf(from));
          refused++;
        }
      }
    }
    assertThat(refused).isEqualTo(7 * 8 - 11);
  }

  @Test
  void owesAnInspectionInExactlyTheStatesThatAreBeingInspected() {
    assertThat(StateMachine.TABLE)
        .allSatisfy(
            t -> assertThat(t.owes() == WorkKind.INSPECT).isEqualTo(t.to().isBeingInspected()));
  }

  @Test
  void takesNothingForARepetitionButTheStepThatLeavesItsWorkOwed() {
    for (AssetState state : AssetState.values()) {
      for (AssetEvent event : AssetEvent.values()) {
        boolean repeated = state == AssetState.DEDUP_CHECK && event == AssetEvent.FINGERPRINTED;
        assertThat(StateMachine.repeated(state, event))
            .as("%s in %s", event, state)
            .isEqualTo(
                repeated
                    ? Optional.of(
                        StateMachine.require(AssetState.INGESTED, AssetEvent.FINGERPRINTED))
                    : Optional.empty());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(AssetState.class)
  void noStateIsBothDescribedAndBeingInspected(AssetState state) {
    assertThat(state.isDescribed() && state.isBeingInspected()).isFalse();
    assertThat(state.isDescribed())
        .isEqualTo(state == AssetState.METADATA_READY || state == AssetState.VARIANTS_READY);
  }
}
