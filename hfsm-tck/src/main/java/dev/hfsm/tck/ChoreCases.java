package dev.hfsm.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.ledger.CollectorLedger;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How one node at a time gets to do a chore. */
interface ChoreCases extends LedgerCases {

  Duration CHORE_LEASE = Duration.ofMinutes(1);

  @Test
  default void aChoreIsLeasedToOneAtATime() {
    assertThat(lease("sweep", "one")).isTrue();
    assertThat(lease("sweep", "two")).isFalse();
    scene().elapse(CHORE_LEASE.minusSeconds(20));
    assertThat(lease("sweep", "two")).isFalse();
  }

  @Test
  default void aChoreWhoseLeaseRanOutIsLeasedToWhoAsksFirst() {
    assertThat(lease("sweep", "one")).isTrue();
    scene().elapse(CHORE_LEASE);
    assertThat(lease("sweep", "two")).isTrue();
    assertThat(lease("sweep", "one")).isFalse();
  }

  @Test
  default void itsHolderExtendsTheLeaseOnAChore() {
    assertThat(lease("sweep", "one")).isTrue();
    scene().elapse(CHORE_LEASE.minusSeconds(20));
    assertThat(lease("sweep", "one")).isTrue();
    scene().elapse(CHORE_LEASE.minusSeconds(20));
    assertThat(lease("sweep", "two")).isFalse();
  }

  @Test
  default void choresAreLeasedApart() {
    assertThat(lease("sweep", "one")).isTrue();
    assertThat(lease("reap", "two")).isTrue();
    assertThat(lease("x".repeat(64), "three")).isTrue();
    assertThat(lease("reap", "one")).isFalse();
  }

  @Test
  default void ofManyWhoAskAtOnceOneGetsTheChore() {
    for (int round = 0; round < 5; round++) {
      String chore = "chore-" + round;
      List<Boolean> answers = Together.run(8, i -> lease(chore, "worker-" + i));
      assertThat(answers.stream().filter(held -> held)).hasSize(1);
    }
  }

  @Test
  default void aChoreHasAPlainName() {
    for (String chore : List.of("", "Sweep", "a b", "ä", "x".repeat(65))) {
      assertThatThrownBy(() -> lease(chore, "one")).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private boolean lease(String chore, String worker) {
    CollectorLedger collector = scene().ledger.collector();
    return collector.leaseChore(chore, worker, CHORE_LEASE);
  }
}
