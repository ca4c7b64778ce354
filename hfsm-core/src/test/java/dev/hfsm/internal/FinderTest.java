package dev.hfsm.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.LedgerReader;
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
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FinderTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final AssetId ID = AssetId.of(Digest.ofContent(new byte[] {1}));
  private static final TransformerId TOY = new TransformerId("toy", 1);
  private static final VariantKey KEY = VariantKey.of(ID.digest(), "w=1", TOY);

  private final InMemoryLedger ledger = new InMemoryLedger(() -> NOW);
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger reads = new AtomicInteger();
  private final Finder finder = new Finder(ledger.reader(), nanos::get);

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

  /** Does something between the reading of a row and its return. */
  private Finder slow(Runnable meanwhile) {
    LedgerReader reader =
        (LedgerReader)
            Proxy.newProxyInstance(
                FinderTest.class.getClassLoader(),
                new Class<?>[] {LedgerReader.class},
                (proxy, method, args) -> {
                  reads.incrementAndGet();
                  Object row = method.invoke(ledger.reader(), args);
                  meanwhile.run();
                  return row;
                });
    return new Finder(reader, nanos::get);
  }

  @Test
  void readsARowAnewOnceNobodyHasConfirmedItForTooLong() {
    describe();
    AssetRow row = finder.asset(ID).orElseThrow();
    ledger.custody().purge(ID);
    nanos.addAndGet(Finder.MEMORY.toNanos() - 1);
    assertThat(finder.asset(ID)).containsSame(row);
    nanos.addAndGet(1);
    assertThat(finder.asset(ID)).isEmpty();
  }

  @Test
  void keepsARowForAsLongAsItIsConfirmed() {
    describe();
    AssetRow row = finder.asset(ID).orElseThrow();
    for (int i = 0; i < 100; i++) {
      nanos.addAndGet(Finder.MEMORY.toNanos());
      finder.confirm(nanos.get());
      assertThat(finder.asset(ID)).containsSame(row);
    }
    ledger.custody().purge(ID);
    finder.trustNothing();
    assertThat(finder.asset(ID)).isEmpty();
  }

  @Test
  void countsTheAgeOfARowFromBeforeItWasRead() {
    describe();
    Finder slow = slow(() -> nanos.addAndGet(Finder.MEMORY.toNanos()));
    assertThat(slow.asset(ID)).isPresent();
    ledger.custody().purge(ID);
    assertThat(slow.asset(ID)).isEmpty();
  }

  @Test
  void doesNotKeepARowThatWasRemovedAfterItWasRead() {
    describe();
    publish();
    AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
    Finder slow = slow(() -> meanwhile.get().run());
    List<Runnable> removals =
        List.of(
            () -> slow.forgetAll(Set.of(ID)),
            slow::forgetEverything,
            () -> {
              slow.forget(ID);
              slow.forget(ID, KEY);
            });
    for (Runnable removal : removals) {
      meanwhile.set(removal);
      assertThat(slow.asset(ID)).isPresent();
      assertThat(slow.variant(ID, KEY)).isPresent();
      meanwhile.set(() -> {});
      slow.confirm(nanos.get());
      reads.set(0);
      assertThat(slow.asset(ID)).isPresent();
      assertThat(slow.variant(ID, KEY)).isPresent();
      assertThat(reads).as("neither was kept").hasValue(2);
      assertThat(slow.asset(ID)).isPresent();
      assertThat(slow.variant(ID, KEY)).isPresent();
      assertThat(reads).as("what was read after the removal was").hasValue(2);
      slow.forgetEverything();
    }
  }

  @Test
  void forgetsAnAssetWithAllItsVariants() {
    describe();
    publish();
    assertThat(finder.asset(ID)).isPresent();
    assertThat(finder.variant(ID, KEY)).isPresent();
    ledger.custody().purge(ID);
    finder.forgetAll(List.of(AssetId.of(Digest.ofContent(new byte[] {2}))));
    assertThat(finder.asset(ID)).isPresent();
    assertThat(finder.variant(ID, KEY)).isPresent();
    finder.forgetAll(List.of(ID));
    assertThat(finder.asset(ID)).isEmpty();
    assertThat(finder.variant(ID, KEY)).isEmpty();
  }
}
