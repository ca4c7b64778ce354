package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.CustodyLedger;
import dev.hfsm.ledger.Retention;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Scope;
import dev.hfsm.model.Subject;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** To whom an asset is delivered. */
interface VisibilityCases extends LedgerCases {

  /** What an upload can say; null is nothing. */
  List<@Nullable Visibility> SAYINGS = Arrays.asList(null, Visibility.PRIVATE, Visibility.PUBLIC);

  @Test
  default void aNewAssetIsPrivateUnlessItsUploaderSaysOtherwise() {
    for (Visibility said : SAYINGS) {
      AssetId asset = asset("said " + said);
      Admitted admitted = scene().ledger.intake().admit(saying(asset, "n " + said, said));
      assertThat(visibility(asset)).isEqualTo(said == null ? Visibility.PRIVATE : said);
      assertThat(admitted.asset()).isEqualTo(scene().row(asset));
    }
  }

  @Test
  default void eachOfManyThatComeAtOnceIsShownAsItsUploaderSaid() {
    int threads = 24;
    Together.run(
        threads, i -> scene().ledger.intake().admit(saying(asset("a" + i), "n" + i, said(i))));
    for (int i = 0; i < threads; i++) {
      Visibility said = said(i);
      assertThat(visibility(asset("a" + i)))
          .as("what was said: %s", said)
          .isEqualTo(said == null ? Visibility.PRIVATE : said);
    }
  }

  private static @Nullable Visibility said(int number) {
    return SAYINGS.get(number % SAYINGS.size());
  }

  @Test
  default void whoUploadsTheSameBytesAgainSaysToWhomTheyAreShownOrLeavesIt() {
    for (Visibility before : Visibility.values()) {
      for (Visibility said : SAYINGS) {
        AssetId asset = asset("admitted again, " + before + " " + said);
        scene().ledger.intake().admit(saying(asset, "first " + asset, before));
        Admitted again = scene().ledger.intake().admit(saying(asset, "again " + asset, said));
        assertThat(visibility(asset))
            .as("%s, then %s", before, said)
            .isEqualTo(said == null ? before : said);
        assertThat(again.asset()).isEqualTo(scene().row(asset));
      }
    }
  }

  @Test
  default void whoRetainsAnAssetSaysToWhomItIsShownOrLeavesIt() {
    for (Visibility before : Visibility.values()) {
      for (Visibility said : SAYINGS) {
        for (Retention.Cause cause : Retention.Cause.values()) {
          AssetId asset = asset("retained, " + before + " " + said + " " + cause);
          scene().ledger.intake().admit(saying(asset, "first " + asset, before));
          Retention retention = new Retention(asset, name("again " + asset), cause, said);
          assertThat(scene().ledger.intake().retain(retention)).contains(scene().row(asset));
          assertThat(visibility(asset))
              .as("%s, then %s", before, said)
              .isEqualTo(said == null ? before : said);
        }
      }
    }
  }

  @Test
  default void anAssetIsShownAndHiddenAndNothingElseOfItChanges() {
    AssetId asset = asset("a");
    scene().describe(asset, Facts.parse("width=640"));
    scene().publish(asset, "t");
    List<Object> before = scene().everythingAbout(asset);
    assertThat(custody().show(asset, Visibility.PUBLIC)).isTrue();
    AssetRow shown = scene().row(asset);
    assertThat(shown.visibility()).isEqualTo(Visibility.PUBLIC);
    assertThat(scene().ledger.intake().find(asset).asset()).isEqualTo(shown);
    assertThat(scene().ledger.reader().assets(Scope.DEFAULT, Cursor.START, 10).items())
        .containsExactly(shown);
    assertThat(custody().show(asset, Visibility.PUBLIC)).as("once more").isTrue();
    assertThat(custody().show(asset, Visibility.PRIVATE)).isTrue();
    assertThat(scene().everythingAbout(asset)).isEqualTo(before);
  }

  @Test
  default void whatIsNotThereCannotBeShown() {
    AssetId asset = asset("tenant", "a");
    scene().admit(asset);
    assertThat(custody().show(asset("a"), Visibility.PUBLIC)).isFalse();
    assertThat(visibility(asset)).as("of the other scope").isEqualTo(Visibility.PRIVATE);
    assertThat(scene().ledger.reader().asset(asset("a"))).isEmpty();
  }

  @Test
  default void anAssetStaysShownWhateverHappensToIt() {
    AssetId asset = asset("a");
    Claim claim = scene().admitAndClaim(asset);
    custody().show(asset, Visibility.PUBLIC);
    scene().ledger.work().advance(claim.lease(), AssetEvent.FINGERPRINTED, Facts.NONE);
    scene().ledger.work().advance(claim.lease(), AssetEvent.DESCRIBED, Facts.NONE);
    scene().publish(asset, "t");
    custody().hold(asset, HoldCases.CASE);
    custody().markDamaged(asset, scene().row(asset).key(), LedgerScene.failure("bit-rot"));
    assertThat(visibility(asset)).isEqualTo(Visibility.PUBLIC);
    scene().ledger.intake().admit(scene().admission(asset, "healed"));
    assertThat(scene().row(asset).damage()).isNull();
    assertThat(visibility(asset)).isEqualTo(Visibility.PUBLIC);
  }

  @Test
  default void bytesThatComeBackAfterTheirAssetWasPurgedArePrivateAgain() {
    AssetId asset = asset("a");
    scene().admit(asset);
    custody().show(asset, Visibility.PUBLIC);
    custody().purge(asset);
    scene().admit(asset);
    assertThat(visibility(asset)).isEqualTo(Visibility.PRIVATE);
  }

  @Test
  default void whoHealsOrRevivesAnAssetSaysToWhomItIsShown() {
    AssetId hurt = asset("hurt");
    AssetId failed = asset("failed");
    custody().markDamaged(hurt, scene().describe(hurt).key(), LedgerScene.failure("bit-rot"));
    scene().admit(failed);
    scene().bury(Subject.inspect(failed));
    for (AssetId asset : List.of(hurt, failed)) {
      scene().ledger.intake().admit(saying(asset, "again " + asset, Visibility.PUBLIC));
      assertThat(visibility(asset)).isEqualTo(Visibility.PUBLIC);
    }
  }

  private Admission saying(AssetId asset, String name, @Nullable Visibility said) {
    Admission a = scene().admission(asset, name);
    return new Admission(a.asset(), a.size(), a.key(), a.reference(), a.facts(), said);
  }

  private Visibility visibility(AssetId asset) {
    return scene().row(asset).visibility();
  }

  private CustodyLedger custody() {
    return scene().ledger.custody();
  }
}
