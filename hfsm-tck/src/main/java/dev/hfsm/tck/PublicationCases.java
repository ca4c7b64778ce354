package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.derive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.Published;
import dev.hfsm.ledger.Published.Outcome;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.StateMachine;
import dev.hfsm.model.Subject;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** How variants become ready. */
interface PublicationCases extends LedgerCases {

  AssetId PICTURE = asset("picture");

  @Test
  default void aPublishedVariantIsReadyAndItsWorkIsDone() {
    LedgerScene scene = scene();
    scene.describe(PICTURE);
    Claim claim = scene.requestAndClaim(PICTURE, "t");
    VariantContent content = scene.content(PICTURE, "t");
    assertThat(scene.ledger.work().publish(claim.lease(), content).outcome())
        .isEqualTo(Outcome.PUBLISHED);
    VariantRow wanted = claim.variant();
    assertThat(wanted).isNotNull();
    assertThat(scene.row(PICTURE, "t"))
        .isEqualTo(
            new VariantRow(
                PICTURE,
                wanted.key(),
                wanted.transformation(),
                wanted.transformer(),
                VariantState.READY,
                content,
                null,
                null,
                wanted.requestedAt()));
    assertThat(scene.ledger.operator().work(PICTURE)).isEmpty();
  }

  @Test
  default void theFirstVariantTakesTheAssetToVariantsReady() {
    LedgerScene scene = scene();
    scene.describe(PICTURE);
    Claim claim = scene.requestAndClaim(PICTURE, "t");
    Instant before = scene.now();
    Published published = scene.ledger.work().publish(claim.lease(), scene.content(PICTURE, "t"));
    assertThat(published.transition())
        .isEqualTo(
            StateMachine.require(AssetState.METADATA_READY, AssetEvent.FIRST_VARIANT_PUBLISHED));
    assertThat(scene.row(PICTURE).state()).isEqualTo(AssetState.VARIANTS_READY);
    HistoryEntry entry = scene.lastEntry(PICTURE);
    assertThat(entry.event()).isEqualTo(AssetEvent.FIRST_VARIANT_PUBLISHED);
    assertThat(entry.from()).isEqualTo(AssetState.METADATA_READY);
    assertThat(entry.to()).isEqualTo(AssetState.VARIANTS_READY);
    assertThat(entry.worker()).isEqualTo("worker");
    assertThat(entry.attempt()).isEqualTo(1);
    scene.isNow(entry.at(), before);
  }

  @Test
  default void laterVariantsLeaveTheAssetAsItIs() {
    LedgerScene scene = scene();
    scene.describe(PICTURE);
    scene.publish(PICTURE, "first");
    List<HistoryEntry> history = scene.ledger.reader().history(PICTURE);
    Claim claim = scene.requestAndClaim(PICTURE, "second");
    Published published =
        scene.ledger.work().publish(claim.lease(), scene.content(PICTURE, "second"));
    assertThat(published).isEqualTo(new Published(Outcome.PUBLISHED, null));
    assertThat(scene.row(PICTURE).state()).isEqualTo(AssetState.VARIANTS_READY);
    assertThat(scene.ledger.reader().history(PICTURE)).isEqualTo(history);
  }

  @Test
  default void aVariantOfAnAssetNotYetDescribedLeavesTheAssetAsItIs() {
    LedgerScene scene = scene();
    scene.admit(PICTURE);
    Claim claim = scene.requestAndClaim(PICTURE, "t");
    Published published = scene.ledger.work().publish(claim.lease(), scene.content(PICTURE, "t"));
    assertThat(published).isEqualTo(new Published(Outcome.PUBLISHED, null));
    assertThat(scene.row(PICTURE).state()).isEqualTo(AssetState.INGESTED);
    assertThat(scene.row(PICTURE, "t").state()).isEqualTo(VariantState.READY);
    assertThat(scene.tryClaim(Subject.inspect(PICTURE))).hasSize(1);
  }

  @Test
  default void whatIsPublishedAgainIsALostLeaseAndItsKeyStaysNamed() {
    LedgerScene scene = scene();
    scene.describe(PICTURE);
    Lease lease = scene.requestAndClaim(PICTURE, "t").lease();
    VariantContent content = scene.content(PICTURE, "t");
    scene.ledger.work().publish(lease, content);
    List<Object> before = scene.everythingAbout(PICTURE);
    assertThatThrownBy(() -> scene.ledger.work().publish(lease, content))
        .isInstanceOf(LeaseLostException.class);
    assertThat(scene.everythingAbout(PICTURE)).isEqualTo(before);
    assertThat(scene.ledger.collector().named(List.of(content.key())))
        .containsExactly(content.key());
    assertThat(scene.row(PICTURE, "t").content()).isEqualTo(content);
  }

  @Test
  default void firstVariantsAtOnceMakeOneTransition() {
    LedgerScene scene = scene();
    int variants = 8;
    scene.describe(PICTURE);
    List<Lease> leases = new ArrayList<>();
    List<VariantContent> contents = new ArrayList<>();
    for (int i = 0; i < variants; i++) {
      leases.add(scene.requestAndClaim(PICTURE, "t" + i).lease());
      contents.add(scene.content(PICTURE, "t" + i));
    }
    List<Published> published =
        Together.run(variants, i -> scene.ledger.work().publish(leases.get(i), contents.get(i)));
    assertThat(published.stream().map(Published::transition).filter(Objects::nonNull)).hasSize(1);
    assertThat(scene.events(PICTURE)).containsOnlyOnce(AssetEvent.FIRST_VARIANT_PUBLISHED);
    assertThat(scene.ledger.reader().variants(PICTURE))
        .hasSize(variants)
        .allSatisfy(row -> assertThat(row.state()).isEqualTo(VariantState.READY));
  }

  @Test
  default void aStaleKeyIsNotPublishedAndTheLeaseStaysHeld() {
    LedgerScene scene = scene();
    scene.describe(PICTURE);
    Claim claim = scene.requestAndClaim(PICTURE, "t");
    List<Object> before = scene.everythingAbout(PICTURE);
    Duration tooOld = Stamp.SWEEP_WINDOW.dividedBy(2).plusHours(1);
    VariantContent stale = scene.content(PICTURE, "t", tooOld);
    assertThat(scene.ledger.work().publish(claim.lease(), stale))
        .isEqualTo(new Published(Outcome.STALE_KEY, null));
    assertThat(scene.everythingAbout(PICTURE)).isEqualTo(before);
    VariantContent fresh = scene.content(PICTURE, "t", tooOld.minusHours(2));
    assertThat(scene.ledger.work().publish(claim.lease(), fresh).outcome())
        .isEqualTo(Outcome.PUBLISHED);
    assertThat(scene.row(PICTURE, "t").content()).isEqualTo(fresh);
  }

  @Test
  default void aKeyThatIsNotTheVariantsOwnIsRefused() {
    LedgerScene scene = scene();
    scene.describe(PICTURE);
    Lease lease = scene.requestAndClaim(PICTURE, "t").lease();
    List<Object> before = scene.everythingAbout(PICTURE);
    Stamp stamp = new Stamp(scene.now(), 99);
    for (StorageKey key :
        List.of(
            scene.key(PICTURE),
            scene.content(PICTURE, "another").key(),
            StorageKey.variant(asset("other"), LedgerScene.variant(PICTURE, "t"), stamp, "webp"),
            StorageKey.variant(
                asset("tenant", "picture"), LedgerScene.variant(PICTURE, "t"), stamp, "webp"),
            new StorageKey("var/anything"))) {
      VariantContent content = LedgerScene.content(key, "t");
      assertThatThrownBy(() -> scene.ledger.work().publish(lease, content))
          .as("%s", key)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(scene.everythingAbout(PICTURE)).isEqualTo(before);
  }

  @Test
  default void aLeaseOnAnInspectionPublishesNothing() {
    LedgerScene scene = scene();
    Lease lease = scene.admitAndClaim(PICTURE).lease();
    scene.request(PICTURE, "t");
    List<Object> before = scene.everythingAbout(PICTURE);
    VariantContent content = scene.content(PICTURE, "t");
    assertThatThrownBy(() -> scene.ledger.work().publish(lease, content))
        .isInstanceOfAny(IllegalArgumentException.class, IllegalStateException.class);
    assertThat(scene.everythingAbout(PICTURE)).isEqualTo(before);
  }

  @Test
  default void whatAVariantIsSurvivesUnchanged() {
    LedgerScene scene = scene();
    scene.describe(PICTURE);
    Lease lease = scene.requestAndClaim(PICTURE, "t").lease();
    VariantContent content =
        new VariantContent(
            scene.content(PICTURE, "t").key(),
            new BlobRef(LedgerScene.digest("sound"), 6_000_000_000L),
            MediaType.OCTET_STREAM,
            0,
            0,
            Duration.ofHours(30).plusMillis(1));
    scene.ledger.work().publish(lease, content);
    assertThat(scene.row(PICTURE, "t").content()).isEqualTo(content);
  }

  @Test
  default void aVariantThatSucceedsAfterFailingIsReadyAllTheSame() {
    LedgerScene scene = scene();
    scene.describe(PICTURE);
    scene.request(PICTURE, "t");
    scene.bury(derive(PICTURE, "t"));
    scene.ledger.operator().redrive(derive(PICTURE, "t"));
    Claim claim = scene.claim(derive(PICTURE, "t"));
    VariantContent content = scene.content(PICTURE, "t");
    scene.ledger.work().publish(claim.lease(), content);
    assertThat(scene.row(PICTURE, "t").content()).isEqualTo(content);
    assertThat(scene.row(PICTURE, "t").failure()).isNull();
    assertThat(scene.row(PICTURE).facts()).isEqualTo(Facts.NONE);
    assertThat(scene.ledger.operator().work(PICTURE)).isEmpty();
  }
}
