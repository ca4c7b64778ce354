package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.CustodyLedger;
import dev.hfsm.ledger.RemovalLedger;
import dev.hfsm.ledger.Removals;
import dev.hfsm.ledger.Retention;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Facts;
import dev.hfsm.model.HoldReason;
import dev.hfsm.model.Subject;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What those are told who keep rows in memory. */
interface RemovalCases extends LedgerCases {

  int MANY = 1000;
  Duration AN_HOUR = Duration.ofHours(1);

  @Test
  default void whatWasPurgedIsNamedInOrder() {
    List<AssetId> assets = LedgerScene.assetsAgainstTheirOrder(4);
    assets.forEach(scene()::describe);
    scene().publish(assets.get(1), "t");
    long place = log().end();
    assets.forEach(custody()::purge);
    assertThat(named(place)).containsExactlyElementsOf(assets);
  }

  @Test
  default void whatWasCollectedIsNamed() {
    AssetId collected = asset("tenant", "collected");
    AssetId kept = asset("kept");
    scene().admit(collected);
    scene().admit(kept);
    scene().release(collected);
    long place = log().end();
    scene().ledger.collector().collect(Duration.ZERO, 10);
    assertThat(named(place)).containsExactly(collected);
  }

  @Test
  default void whoeverIsShownOrHiddenIsNamedHoweverItWasSaid() {
    AssetId asset = asset("a");
    scene().describe(asset);
    long place = log().end();
    custody().show(asset, Visibility.PUBLIC);
    scene().ledger.intake().admit(saying(asset, Visibility.PRIVATE));
    Retention shown = new Retention(asset, name("n"), Retention.Cause.UPLOAD, Visibility.PUBLIC);
    scene().ledger.intake().retain(shown);
    custody().show(asset, Visibility.PRIVATE);
    assertThat(named(place)).containsExactly(asset, asset, asset, asset);
  }

  private Admission saying(AssetId asset, Visibility said) {
    Admission a = scene().admission(asset, "again");
    return new Admission(a.asset(), a.size(), a.key(), a.reference(), a.facts(), said);
  }

  @Test
  default void holdsAndDamageAndWhatHealsItAreNamed() {
    AssetId asset = asset("a");
    StorageKey key = scene().describe(asset).key();
    List<Runnable> changes =
        List.of(
            () -> custody().hold(asset, HoldCases.CASE),
            () -> custody().hold(asset, new HoldReason("another")),
            () -> custody().unhold(asset),
            () -> custody().markDamaged(asset, key, LedgerScene.failure("bit-rot")),
            () -> custody().markDamaged(asset, key, LedgerScene.failure("lost")),
            () -> custody().markSound(asset, key),
            () -> custody().markDamaged(asset, key, LedgerScene.failure("bit-rot")),
            () -> scene().ledger.intake().admit(scene().admission(asset, "healed")));
    for (int i = 0; i < changes.size(); i++) {
      long place = log().end();
      changes.get(i).run();
      assertThat(named(place)).as("change %s", i).contains(asset).containsOnly(asset);
    }
  }

  @Test
  default void whatChangesInTheCourseOfThingsIsNotNamed() {
    AssetId asset = asset("a");
    AssetId failed = asset("failed");
    long place = log().end();
    Claim claim = scene().admitAndClaim(asset);
    scene().ledger.work().advance(claim.lease(), AssetEvent.FINGERPRINTED, Facts.NONE);
    scene().ledger.work().advance(claim.lease(), AssetEvent.DESCRIBED, Facts.NONE);
    scene().publish(asset, "t");
    scene().used(asset, "t", 3);
    scene().evict(asset, "t");
    scene().ledger.intake().admit(scene().admission(asset, "again"));
    scene().retain(asset, "claimed");
    scene().release(asset);
    scene().admit(failed);
    scene().bury(Subject.inspect(failed));
    scene().ledger.operator().redrive(Subject.inspect(failed));
    assertThat(named(place)).isEmpty();
  }

  @Test
  default void whatChangesNothingIsNotNamed() {
    AssetId asset = asset("a");
    StorageKey key = scene().admit(asset).key();
    custody().show(asset, Visibility.PUBLIC);
    custody().hold(asset, HoldCases.CASE);
    long place = log().end();
    custody().show(asset, Visibility.PUBLIC);
    custody().hold(asset, HoldCases.CASE);
    custody().purge(asset);
    custody().purge(asset("unknown"));
    custody().markSound(asset, key);
    scene().ledger.intake().admit(saying(asset, Visibility.PUBLIC));
    assertThat(named(place)).isEmpty();
    assertThat(log().end()).isEqualTo(place);
  }

  @Test
  default void theLogIsReadPageByPageAndNothingTwice() {
    List<AssetId> assets = LedgerScene.assetsAgainstTheirOrder(5);
    assets.forEach(scene()::admit);
    long place = log().end();
    assets.forEach(custody()::purge);
    Removals first = log().after(place, 2);
    assertThat(first.assets()).containsExactlyElementsOf(assets.subList(0, 2));
    Removals second = log().after(first.end(), 2);
    assertThat(second.assets()).containsExactlyElementsOf(assets.subList(2, 4));
    Removals third = log().after(second.end(), 2);
    assertThat(third.assets()).containsExactlyElementsOf(assets.subList(4, 5));
    assertThat(third.end()).isEqualTo(log().end());
    assertThat(log().after(third.end(), 2)).isEqualTo(new Removals(List.of(), third.end(), true));
  }

  @Test
  default void anotherNodeReadsTheSame() {
    AssetId asset = asset("a");
    scene().admit(asset);
    long place = scene().seenByAnother(other -> other.removals().end());
    custody().purge(asset);
    assertThat(scene().<Removals>seenByAnother(other -> other.removals().after(place, 10)))
        .isEqualTo(log().after(place, 10))
        .extracting(Removals::assets)
        .isEqualTo(List.of(asset));
  }

  @Test
  default void oldEntriesAreTrimmedAndWhoeverHasNotReadThemIsTold() {
    List<AssetId> assets = LedgerScene.assetsAgainstTheirOrder(4);
    assets.forEach(scene()::admit);
    long before = log().end();
    assets.subList(0, 3).forEach(custody()::purge);
    long afterThree = log().end();
    scene().elapse(AN_HOUR);
    custody().purge(assets.get(3));
    long end = log().end();
    assertThat(log().trim(AN_HOUR.plusMinutes(1), MANY)).as("not old enough").isZero();
    assertThat(log().after(before, MANY).isComplete()).isTrue();
    assertThat(log().trim(AN_HOUR, 2)).as("as many as asked").isEqualTo(2);
    assertThat(log().after(before + 2, MANY).assets())
        .containsExactlyElementsOf(assets.subList(2, 4));
    assertThat(log().trim(AN_HOUR, MANY)).isEqualTo(1);
    assertThat(log().after(before, MANY)).isEqualTo(new Removals(List.of(), end, false));
    assertThat(log().after(afterThree, MANY))
        .isEqualTo(new Removals(assets.subList(3, 4), end, true));
  }

  @Test
  default void aLogThatWasTrimmedToItsEndStillKnowsWhereItEnds() {
    AssetId asset = asset("a");
    scene().admit(asset);
    long before = log().end();
    custody().purge(asset);
    long end = log().end();
    scene().elapse(AN_HOUR);
    log().trim(AN_HOUR, MANY);
    assertThat(log().end()).isEqualTo(end);
    assertThat(log().after(end, MANY)).isEqualTo(new Removals(List.of(), end, true));
    assertThat(log().after(before, MANY)).isEqualTo(new Removals(List.of(), end, false));
    scene().admit(asset);
    custody().purge(asset);
    assertThat(named(end)).containsExactly(asset);
  }

  /** As after a restore from a backup. */
  @Test
  default void whoeverHasReadFurtherThanTheLogGoesIsTold() {
    long end = log().end();
    assertThat(log().after(end + 1, MANY)).isEqualTo(new Removals(List.of(), end, false));
  }

  @Test
  default void whoeverReadsWhileOthersRemoveMissesNothing() throws InterruptedException {
    int writers = 4;
    int each = 40;
    for (int i = 0; i < writers; i++) {
      scene().admit(asset("asset of " + i));
    }
    long place = log().end();
    AtomicBoolean done = new AtomicBoolean();
    try (Threads threads = new Threads()) {
      List<AssetId> read = new ArrayList<>();
      Future<?> reading = threads.run(() -> read.addAll(readUntil(done, place)));
      Together.run(
          writers,
          i -> {
            for (int change = 1; change <= each; change++) {
              Visibility next = change % 2 == 1 ? Visibility.PUBLIC : Visibility.PRIVATE;
              custody().show(asset("asset of " + i), next);
            }
            return i;
          });
      done.set(true);
      Threads.get(reading);
      for (int i = 0; i < writers; i++) {
        AssetId asset = asset("asset of " + i);
        assertThat(read.stream().filter(asset::equals)).as("changes of %s", i).hasSize(each);
      }
    }
  }

  private List<AssetId> readUntil(AtomicBoolean done, long from) {
    List<AssetId> read = new ArrayList<>();
    long place = from;
    while (!Thread.currentThread().isInterrupted()) {
      boolean last = done.get();
      Removals next = log().after(place, 7);
      assertThat(next.isComplete()).isTrue();
      read.addAll(next.assets());
      place = next.end();
      if (last && next.assets().isEmpty()) {
        break;
      }
    }
    return read;
  }

  private List<AssetId> named(long place) {
    Removals removals = log().after(place, MANY);
    assertThat(removals.isComplete()).isTrue();
    return removals.assets();
  }

  private RemovalLedger log() {
    return scene().ledger.removals();
  }

  private CustodyLedger custody() {
    return scene().ledger.custody();
  }
}
