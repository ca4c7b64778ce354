package dev.hfsm.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.Chore;
import dev.hfsm.ledger.ChoreLedger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How one node at a time gets to do a chore, and where the next one goes on. */
interface ChoreCases extends LedgerCases {

  Duration CHORE_LEASE = Duration.ofMinutes(1);

  @Test
  default void aChoreIsLeasedToOneAtATime() {
    assertThat(lease("sweep", "one")).isPresent();
    assertThat(lease("sweep", "two")).isEmpty();
    scene().elapse(CHORE_LEASE.minusSeconds(20));
    assertThat(lease("sweep", "two")).isEmpty();
  }

  @Test
  default void aChoreWhoseLeaseRanOutIsLeasedToWhoAsksFirst() {
    assertThat(lease("sweep", "one")).isPresent();
    scene().elapse(CHORE_LEASE);
    assertThat(lease("sweep", "two")).isPresent();
    assertThat(lease("sweep", "one")).isEmpty();
  }

  @Test
  default void itsHolderExtendsTheLeaseOnAChore() {
    assertThat(lease("sweep", "one")).isPresent();
    scene().elapse(CHORE_LEASE.minusSeconds(20));
    assertThat(lease("sweep", "one")).isPresent();
    scene().elapse(CHORE_LEASE.minusSeconds(20));
    assertThat(lease("sweep", "two")).isEmpty();
  }

  @Test
  default void choresAreLeasedApart() {
    assertThat(lease("sweep", "one")).isPresent();
    assertThat(lease("reap", "two")).isPresent();
    assertThat(lease("x".repeat(64), "three")).isPresent();
    assertThat(lease("reap", "one")).isEmpty();
  }

  @Test
  default void ofManyWhoAskAtOnceOneGetsTheChore() {
    for (int round = 0; round < 5; round++) {
      String chore = "chore-" + round;
      List<Optional<Chore>> answers = Together.run(8, i -> lease(chore, "worker-" + i));
      assertThat(answers.stream().filter(Optional::isPresent)).hasSize(1);
    }
  }

  @Test
  default void aChoreHasAPlainName() {
    for (String chore : List.of("", "Sweep", "a b", "ä", "x".repeat(65))) {
      assertThatThrownBy(() -> lease(chore, "one")).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  default void aChoreThatNobodyDidYetHasNoProgress() {
    assertThat(lease("sweep", "one")).contains(new Chore("sweep", "one", ""));
  }

  @Test
  default void whoTakesAChoreOverFindsWhatWasNotedLast() {
    Chore held = held("sweep", "one");
    chores().note(held, "raw/17");
    chores().note(held, "raw/4f");
    scene().elapse(CHORE_LEASE);
    assertThat(lease("sweep", "two")).contains(new Chore("sweep", "two", "raw/4f"));
  }

  @Test
  default void whoExtendsTheLeaseFindsItsOwnNote() {
    chores().note(held("sweep", "one"), "raw/17");
    assertThat(held("sweep", "one").progress()).isEqualTo("raw/17");
    chores().note(held("sweep", "one"), "");
    assertThat(held("sweep", "one").progress()).isEmpty();
  }

  @Test
  default void notesOfChoresAreKeptApart() {
    chores().note(held("sweep", "one"), "raw/17");
    chores().note(held("scrub", "one"), "raw/99");
    assertThat(held("sweep", "one").progress()).isEqualTo("raw/17");
    assertThat(held("reap", "one").progress()).isEmpty();
  }

  @Test
  default void aNoteSurvivesUnchangedUpToItsGreatestLength() {
    String odd = "größer 大きい 'quoted' \"twice\" %s ?\n\t\\";
    String longest = odd + "x".repeat(ChoreLedger.MAX_PROGRESS - odd.length());
    chores().note(held("sweep", "one"), longest);
    assertThat(held("sweep", "one").progress()).isEqualTo(longest);
  }

  @Test
  default void aNoteThatIsTooLongIsRefused() {
    Chore held = held("sweep", "one");
    chores().note(held, "raw/17");
    String tooLong = "x".repeat(ChoreLedger.MAX_PROGRESS + 1);
    assertThatThrownBy(() -> chores().note(held, tooLong))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(held("sweep", "one").progress()).isEqualTo("raw/17");
  }

  @Test
  default void whatWasNotedIsToldToAnybodyWhoeverHoldsTheChore() {
    assertThat(chores().noted("sweep")).isEmpty();
    Chore held = held("sweep", "one");
    assertThat(chores().noted("sweep")).isEmpty();
    chores().note(held, "raw/17");
    assertThat(chores().noted("sweep")).isEqualTo("raw/17");
    assertThat(chores().noted("scrub")).isEmpty();
    scene().elapse(CHORE_LEASE);
    assertThat(chores().noted("sweep")).isEqualTo("raw/17");
    chores().release(held("sweep", "two"));
    assertThat(chores().noted("sweep")).isEqualTo("raw/17");
    assertThatThrownBy(() -> chores().noted("Sweep")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  default void askingWhatWasNotedKeepsNobodyFromTheChore() {
    chores().noted("sweep");
    Chore held = held("sweep", "one");
    chores().note(held, "raw/17");
    chores().noted("sweep");
    chores().release(held);
    chores().noted("sweep");
    assertThat(lease("sweep", "two")).contains(new Chore("sweep", "two", "raw/17"));
  }

  @Test
  default void onlyWhoHoldsTheLeaseNotes() {
    Chore never = new Chore("sweep", "nobody", "");
    isLost(never);
    Chore first = held("sweep", "one");
    isLost(never);
    chores().note(first, "raw/17");
    scene().elapse(CHORE_LEASE);
    isLost(first);
    Chore second = held("sweep", "two");
    assertThat(second.progress())
        .as("what was noted in time, and nothing else")
        .isEqualTo("raw/17");
    isLost(first);
    chores().release(second);
    isLost(second);
    assertThat(held("sweep", "three").progress()).isEqualTo("raw/17");
  }

  @Test
  default void notingDoesNotExtendTheLease() {
    Chore held = held("sweep", "one");
    scene().elapse(CHORE_LEASE.minusSeconds(20));
    chores().note(held, "raw/17");
    scene().elapse(Duration.ofSeconds(20));
    assertThat(lease("sweep", "two")).isPresent();
  }

  @Test
  default void aChoreGivenBackIsFreeAtOnceAndKeepsItsNote() {
    Chore held = held("sweep", "one");
    chores().note(held, "raw/17");
    chores().release(held);
    assertThat(lease("sweep", "two")).contains(new Chore("sweep", "two", "raw/17"));
  }

  @Test
  default void givingBackWhatIsNoLongerHeldDoesNoHarm() {
    chores().release(new Chore("sweep", "nobody", ""));
    Chore first = held("sweep", "one");
    scene().elapse(CHORE_LEASE);
    Chore second = held("sweep", "two");
    chores().release(first);
    assertThat(lease("sweep", "one")).isEmpty();
    chores().note(second, "raw/17");
    chores().release(second);
    chores().release(second);
    assertThat(lease("sweep", "one")).isPresent();
  }

  private void isLost(Chore chore) {
    assertThatThrownBy(() -> chores().note(chore, "too late"))
        .isInstanceOf(LeaseLostException.class);
  }

  private Chore held(String chore, String worker) {
    return lease(chore, worker)
        .orElseThrow(() -> new AssertionError(worker + " did not get the chore " + chore));
  }

  private Optional<Chore> lease(String chore, String worker) {
    return chores().lease(chore, worker, CHORE_LEASE);
  }

  private ChoreLedger chores() {
    return scene().ledger.chores();
  }
}
