package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.LEASE;
import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.assetsAgainstTheirOrder;
import static dev.hfsm.tck.LedgerScene.derive;
import static dev.hfsm.tck.LedgerScene.failure;
import static dev.hfsm.tck.LedgerScene.scan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.LedgerReader;
import dev.hfsm.ledger.OperatorLedger;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.model.Scope;
import dev.hfsm.model.Subject;
import dev.hfsm.queue.Hint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How long lists are read page by page while they change. */
interface ListingCases extends LedgerCases {

  @Test
  default void assetsAreListedInOrderOfDigestAndOnlyTheScopesOwn() {
    LedgerScene scene = scene();
    List<AssetId> assets = assetsAgainstTheirOrder(7);
    assets.forEach(scene::admit);
    scene.admit(asset("tenant", "a"));
    LedgerReader reader = scene.ledger.reader();
    List<AssetRow> expected = assets.stream().sorted().map(scene::row).toList();
    for (int limit : new int[] {1, 3, 7, 100}) {
      assertThat(scan(after -> reader.assets(Scope.DEFAULT, after, limit)))
          .as("by %s", limit)
          .containsExactlyElementsOf(expected);
    }
    assertThat(scan(after -> reader.assets(Scope.of("tenant"), after, 2))).hasSize(1);
    assertThat(reader.assets(Scope.of("nobody"), Cursor.START, 2))
        .isEqualTo(new Page<>(List.of(), null));
  }

  @Test
  default void aPageHoldsNoMoreThanAskedFor() {
    LedgerScene scene = scene();
    assetsAgainstTheirOrder(3).forEach(scene::admit);
    assertThat(scene.ledger.reader().assets(Scope.DEFAULT, Cursor.START, 2).items())
        .hasSizeLessThanOrEqualTo(2);
    assertThat(scene.ledger.operator().due(Cursor.START, 2).items()).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  default void aScanOfAssetsMayStartAtAnyStartOfADigest() {
    LedgerScene scene = scene();
    List<AssetId> assets = assetsAgainstTheirOrder(6);
    assets.forEach(scene::admit);
    List<AssetId> sorted = assets.stream().sorted().toList();
    String start = sorted.get(3).digest().hex().substring(0, 8);
    assertThat(scene.ledger.reader().assets(Scope.DEFAULT, new Cursor(start), 10).items())
        .extracting(AssetRow::id)
        .containsExactlyElementsOf(sorted.subList(3, 6));
  }

  @Test
  default void aScanOfAssetsMissesNothingWhileOthersComeAndGo() {
    LedgerScene scene = scene();
    List<AssetId> assets = assetsAgainstTheirOrder(9);
    assets.forEach(scene::admit);
    List<AssetId> seen =
        scan(
                after -> scene.ledger.reader().assets(Scope.DEFAULT, after, 2),
                page -> page.items().forEach(row -> collect(row.id())))
            .stream()
            .map(AssetRow::id)
            .toList();
    assertThat(seen).containsExactlyElementsOf(assets.stream().sorted().toList());
  }

  @Test
  default void dueWorkIsListedAsHintsToTheEnd() {
    LedgerScene scene = scene();
    List<AssetId> assets = assetsAgainstTheirOrder(5);
    assets.forEach(scene::admit);
    scene.request(assets.get(0), "t", 9);
    scene.admit(asset("tenant", "a"));
    List<Hint> expected =
        Stream.concat(
                assets.stream().map(Subject::inspect),
                Stream.of(derive(assets.get(0), "t"), Subject.inspect(asset("tenant", "a"))))
            .map(scene::work)
            .map(row -> new Hint(row.subject(), row.due(), row.priority()))
            .toList();
    for (int limit : new int[] {1, 2, 7, 100}) {
      assertThat(scan(after -> scene.ledger.operator().due(after, limit)))
          .as("by %s", limit)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  default void whatIsLeasedDelayedOrDeadIsNotDue() {
    LedgerScene scene = scene();
    List<AssetId> assets = assetsAgainstTheirOrder(4);
    assets.forEach(scene::admit);
    scene.claim(Subject.inspect(assets.get(0)));
    scene
        .ledger
        .work()
        .retry(scene.claim(Subject.inspect(assets.get(1))).lease(), failure("busy"), LEASE);
    scene.bury(Subject.inspect(assets.get(2)));
    assertThat(due()).containsExactly(Subject.inspect(assets.get(3)));
    scene.elapse(LEASE);
    scene.ledger.work().reap(10, 10);
    assertThat(due())
        .containsExactlyInAnyOrder(
            Subject.inspect(assets.get(0)),
            Subject.inspect(assets.get(1)),
            Subject.inspect(assets.get(3)));
  }

  @Test
  default void aScanOfDueWorkMissesNothingWhileWorkIsDone() {
    LedgerScene scene = scene();
    List<AssetId> assets = assetsAgainstTheirOrder(9);
    assets.forEach(scene::admit);
    List<Hint> seen =
        scan(
            after -> scene.ledger.operator().due(after, 2),
            page -> page.items().forEach(hint -> scene.claim(hint.subject())));
    assertThat(seen)
        .extracting(Hint::subject)
        .containsExactlyInAnyOrderElementsOf(assets.stream().map(Subject::inspect).toList());
  }

  @Test
  default void deadWorkIsListedOldestFirstWithItsReason() {
    LedgerScene scene = scene();
    List<AssetId> assets = buried(5);
    scene.admit(asset("alive"));
    OperatorLedger operator = scene.ledger.operator();
    for (int limit : new int[] {1, 2, 5, 100}) {
      assertThat(scan(after -> operator.dead(after, limit)))
          .as("by %s", limit)
          .containsExactlyElementsOf(
              assets.stream().map(a -> scene.work(Subject.inspect(a))).toList());
    }
    assertThat(operator.dead(Cursor.START, 1).items())
        .allSatisfy(
            row -> {
              assertThat(row.dead()).isTrue();
              assertThat(row.failure()).isEqualTo(failure("hopeless"));
            });
  }

  @Test
  default void aScanOfDeadWorkMissesNothingWhileWorkIsRedriven() {
    LedgerScene scene = scene();
    List<AssetId> assets = buried(7);
    OperatorLedger operator = scene.ledger.operator();
    List<WorkRow> seen =
        scan(
            after -> operator.dead(after, 2),
            page -> page.items().forEach(row -> operator.redrive(row.subject())));
    assertThat(seen)
        .extracting(WorkRow::subject)
        .containsExactlyElementsOf(assets.stream().map(Subject::inspect).toList());
    assertThat(operator.dead(Cursor.START, 10)).isEqualTo(new Page<>(List.of(), null));
  }

  @Test
  default void allWorkAboutAnAssetIsListedAndNobodyElses() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.admitAndClaim(asset);
    scene.request(asset, "owed");
    scene.request(asset, "dead");
    scene.bury(derive(asset, "dead"));
    scene.admit(asset("b"));
    scene.admit(asset("tenant", "a"));
    assertThat(scene.ledger.operator().work(asset))
        .extracting(WorkRow::subject)
        .containsExactlyInAnyOrder(
            Subject.inspect(asset), derive(asset, "owed"), derive(asset, "dead"));
    assertThat(scene.ledger.operator().work(asset("absent"))).isEmpty();
  }

  private List<Subject> due() {
    return scan(after -> scene().ledger.operator().due(after, 10)).stream()
        .map(Hint::subject)
        .toList();
  }

  /** Assets whose inspections were given up one after the other. */
  private List<AssetId> buried(int number) {
    List<AssetId> assets = new ArrayList<>(assetsAgainstTheirOrder(number));
    for (AssetId asset : assets) {
      scene().admit(asset);
      scene().bury(Subject.inspect(asset));
      scene().elapse(Duration.ofSeconds(1));
    }
    return assets;
  }

  private void collect(AssetId asset) {
    scene().release(asset);
    assertThat(scene().ledger.collector().collect(Duration.ZERO, 10)).containsExactly(asset);
  }
}
