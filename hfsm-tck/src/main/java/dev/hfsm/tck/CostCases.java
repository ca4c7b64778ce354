package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.asset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.CostLedger;
import dev.hfsm.ledger.Costs;
import dev.hfsm.ledger.Spending;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Scope;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How it is known what variants cost. */
interface CostCases extends LedgerCases {

  Scope COSTLY = Scope.of("costly");
  Scope CHEAP = Scope.of("cheap");
  Duration HOUR = Duration.ofHours(1);
  Duration SECOND = Duration.ofSeconds(1);

  @Test
  default void whatNobodySpentIsNotThere() {
    assertThat(costs().costs(HOUR)).isEmpty();
    costs().spend(List.of());
    assertThat(costs().costs(HOUR)).isEmpty();
  }

  @Test
  default void whatIsSpentIsSummedForEachScope() {
    spend(COSTLY, Duration.ofMillis(1500), 2, 300);
    spend(CHEAP, Duration.ofNanos(7), 1, 5);
    Spending more = new Spending(COSTLY, SECOND, 1, 30);
    costs().spend(List.of(more, new Spending(CHEAP, SECOND, 0, 0), more));
    assertThat(costs().costs(HOUR))
        .containsExactly(
            new Costs(CHEAP, SECOND.plusNanos(7), 1, 5),
            new Costs(COSTLY, Duration.ofMillis(3500), 4, 360));
  }

  @Test
  default void theDefaultScopeIsOneToo() {
    spend(Scope.DEFAULT, SECOND, 1, 10);
    assertThat(costs().costs(HOUR)).containsExactly(new Costs(Scope.DEFAULT, SECOND, 1, 10));
  }

  @Test
  default void whatManySpendAtOnceIsAllCounted() {
    Together.run(
        8,
        i -> {
          for (int n = 0; n < 20; n++) {
            costs()
                .spend(
                    List.of(
                        new Spending(i % 2 == 0 ? COSTLY : CHEAP, SECOND, 1, 1),
                        new Spending(i % 2 == 0 ? CHEAP : COSTLY, SECOND, 1, 1)));
          }
          return i;
        });
    assertThat(costs().costs(HOUR))
        .containsExactly(
            new Costs(CHEAP, Duration.ofSeconds(160), 160, 160),
            new Costs(COSTLY, Duration.ofSeconds(160), 160, 160));
  }

  @Test
  default void whatWasSpentBeforeTheWindowIsNotCounted() {
    spend(COSTLY, SECOND, 1, 0);
    scene().elapse(Duration.ofMinutes(50));
    spend(COSTLY, SECOND.multipliedBy(2), 2, 0);
    assertThat(one().cpu()).isEqualTo(SECOND.multipliedBy(3));
    scene().elapse(Duration.ofMinutes(12));
    assertThat(one().cpu()).isEqualTo(SECOND.multipliedBy(2));
    assertThat(one().variants()).isEqualTo(2);
    assertThat(costs().costs(Duration.ofMinutes(5)))
        .allMatch(costs -> costs.cpu().isZero() && costs.variants() == 0);
  }

  @Test
  default void whatIsStoredIsMeasuredForEachScope() {
    AssetId big = asset("costly", "big");
    AssetId small = asset("cheap", "small");
    scene().describe(big);
    scene().describe(small);
    StorageKey first = scene().publish(big, "w=1", 1000, SECOND);
    scene().publish(big, "w=2", 500, SECOND);
    scene().publish(small, "w=1", 70, SECOND);
    scene().request(small, "w=2");
    costs().measure();
    assertThat(costs().costs(HOUR))
        .containsExactly(
            new Costs(CHEAP, Duration.ZERO, 0, 70), new Costs(COSTLY, Duration.ZERO, 0, 1500));
    scene().ledger.collector().evict(Set.of(first));
    assertThat(stored(COSTLY)).as("not measured since").isEqualTo(1500);
    costs().measure();
    assertThat(stored(COSTLY)).isEqualTo(500);
  }

  @Test
  default void whatIsToldAfterTheMeasuringIsAdded() {
    AssetId big = asset("costly", "big");
    scene().describe(big);
    scene().publish(big, "w=1", 1000, SECOND);
    spend(COSTLY, SECOND, 1, 1000);
    scene().elapse(Duration.ofMinutes(2));
    costs().measure();
    assertThat(stored(COSTLY)).as("what was told before is not counted twice").isEqualTo(1000);
    spend(COSTLY, SECOND, 1, 30);
    spend(CHEAP, SECOND, 1, 4);
    assertThat(stored(COSTLY)).isEqualTo(1030);
    assertThat(stored(CHEAP)).isEqualTo(4);
    scene().elapse(HOUR.multipliedBy(2));
    assertThat(stored(COSTLY)).as("as long as nobody measures").isEqualTo(1030);
  }

  @Test
  default void whatWasSpentLongAgoCanBeForgotten() {
    spend(COSTLY, SECOND, 1, 0);
    scene().elapse(Duration.ofMinutes(90));
    spend(COSTLY, SECOND, 1, 0);
    assertThat(costs().forget(HOUR.multipliedBy(2))).isZero();
    assertThat(costs().forget(HOUR)).isEqualTo(1);
    assertThat(costs().forget(HOUR)).isZero();
    assertThat(costs().costs(HOUR.multipliedBy(3)))
        .containsExactly(new Costs(COSTLY, SECOND, 1, 0));
  }

  private Costs one() {
    List<Costs> all = costs().costs(HOUR);
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private long stored(Scope scope) {
    return costs().costs(HOUR).stream()
        .filter(costs -> costs.scope().equals(scope))
        .mapToLong(Costs::storedBytes)
        .sum();
  }

  private void spend(Scope scope, Duration time, long variants, long bytes) {
    costs().spend(List.of(new Spending(scope, time, variants, bytes)));
  }

  private CostLedger costs() {
    return scene().ledger.costs();
  }
}
