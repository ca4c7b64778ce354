package dev.hfsm.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.TransformerId;
import dev.hfsm.model.VariantKey;
import dev.hfsm.model.WorkKind;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FinderTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final AssetId ID = AssetId.of(Digest.ofContent(new byte[] {1}));
  private static final TransformerId TOY = new TransformerId("toy", 1);
  private static final VariantKey KEY = VariantKey.of(ID.digest(), "w=1", TOY);

  private final InMemoryLedger ledger = new InMemoryLedger(() -> NOW);
  private final Finder finder = new Finder(ledger.reader());

  @BeforeEach
  void admit() {
    StorageKey key = StorageKey.raw(ID, new Stamp(NOW, 1));
    ledger
        .intake()
        .admit(new Admission(ID, 1, key, ReferenceName.implicit(ID.digest()), Facts.NONE));
  }

  private Claim claim() {
    return ledger
        .work()
        .claim(ClaimRequest.due("w", EnumSet.allOf(WorkKind.class), 1, Duration.ofSeconds(30)))
        .get(0);
  }

  private void describe() {
    Claim claim = claim();
    ledger.work().advance(claim.lease(), AssetEvent.FINGERPRINTED, Facts.NONE);
    ledger.work().advance(claim.lease(), AssetEvent.DESCRIBED, Facts.NONE);
  }

  private void publish() {
    ledger.intake().requestVariant(new VariantRequest(ID, KEY, "w=1", TOY, 0));
    ledger
        .work()
        .publish(
            claim().lease(),
            new VariantContent(
                StorageKey.variant(ID, KEY, new Stamp(NOW, 2), "png"),
                new BlobRef(ID.digest(), 1),
                MediaType.PNG,
                1,
                1,
                Duration.ZERO));
  }

  @Test
  void looksAgainWhileAnAssetMayStillChange() {
    assertThat(finder.asset(ID).map(AssetRow::state)).contains(AssetState.INGESTED);
    describe();
    assertThat(finder.asset(ID).map(AssetRow::state)).contains(AssetState.METADATA_READY);
  }

  @Test
  void remembersADescribedAssetUntilToldToForget() {
    describe();
    AssetRow row = finder.asset(ID).orElseThrow();
    publish();
    assertThat(finder.asset(ID)).containsSame(row);
    finder.forget(ID);
    assertThat(finder.asset(ID).map(AssetRow::state)).contains(AssetState.VARIANTS_READY);
  }

  @Test
  void remembersAReadyVariantAndNothingElse() {
    describe();
    assertThat(finder.variant(ID, KEY)).isEmpty();
    publish();
    VariantRow row = finder.variant(ID, KEY).orElseThrow();
    ledger.collector().evict(Set.of(Objects.requireNonNull(row.content()).key()));
    assertThat(finder.variant(ID, KEY)).containsSame(row);
    finder.forget(ID, KEY);
    assertThat(finder.variant(ID, KEY)).isEmpty();
  }
}
