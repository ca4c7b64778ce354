package dev.hfsm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.delivery.AddressedStore;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.DeliveryResponse;
import dev.hfsm.ledger.VariantUse;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that are sent to the store. */
@Timeout(300)
class RedirectTest extends DeliveryFixture {

  @Override
  PipelineBuilder pipeline() {
    return AssetPipeline.builder()
        .ledger(scene.tap.over(scene.ledger))
        .blobs(scene.tap.over(new AddressedStore(scene.blobs)))
        .clock(scene.clock)
        .spool(spool)
        .transformer(scene.toy);
  }

  @BeforeEach
  void redirect() {
    delivery =
        Delivery.of(assets, KEYS)
            .clock(scene.clock)
            .patience(Scene.PATIENT)
            .redirectFrom(1)
            .build();
  }

  private StorageKey sentTo(String path) {
    DeliveryResponse response = ask("GET", path);
    assertThat(response.status()).isEqualTo(307);
    return AddressedStore.key(response.header("Location").orElseThrow());
  }

  /** Has a variant made; a HEAD is no use of it. */
  private String made() {
    String url = urls.variant(hello, THREE);
    assertThat(ask("HEAD", url).status()).isEqualTo(200);
    scene.awaitNothingOwed(hello);
    return url;
  }

  @Test
  void whoHasAVariantMadeIsGivenItsBytesBecauseTheyAreNotInTheStoreYet() throws IOException {
    CountDownLatch store = new CountDownLatch(1);
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("blobs.put")) {
            DeriveTest.await(store);
          }
          return proceed.now();
        });
    String url = urls.variant(hello, THREE);
    assertThat(text(ask("GET", url))).isEqualTo("HEL");
    assertThat(text(ask("GET", url))).as("nor is anybody else").isEqualTo("HEL");
    store.countDown();
    scene.awaitNothingOwed(hello);
    assertThat(scene.blobs.stat(sentTo(url))).isPresent();
  }

  @Test
  void aVariantThatAnotherNodeEvictedIsMadeAgainBeforeAnybodyIsSentThere() {
    String url = made();
    assertThat(ask("HEAD", url).status()).as("its row is at hand from here on").isEqualTo(200);
    StorageKey before = scene.variantObjects().get(0);
    scene.ledger.collector().evict(Set.of(before));
    scene.blobs.delete(before);
    StorageKey now = sentTo(url);
    assertThat(now).isNotEqualTo(before);
    assertThat(scene.blobs.stat(now)).isPresent();
    assertThat(scene.toy.renders).hasValue(2);
    assertThat(sentTo(url)).isEqualTo(now);
  }

  @Test
  void theStoreIsNotAskedForEveryClient() {
    String url = made();
    sentTo(url);
    long asked = scene.tap.count("blobs.stat");
    for (int i = 0; i < 100; i++) {
      sentTo(url);
    }
    assertThat(scene.tap.count("blobs.stat") - asked).as("only after seconds").isLessThan(20);
  }

  @Test
  void aRedirectIsAUseOfTheVariant() {
    AtomicLong told = new AtomicLong(); // in one go or in several: a chore tells now and then
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("intake.used")) {
            ((List<?>) proceed.arguments().get(0))
                .forEach(use -> told.addAndGet(((VariantUse) use).uses()));
          }
          return proceed.now();
        });
    String url = made();
    sentTo(url);
    sentTo(url);
    assets.close();
    assertThat(told).hasValue(2);
  }

  @Test
  void nobodyIsSentToAnOriginalThatIsMissing() {
    String url = urls.original(hello, "txt");
    assertThat(ask("HEAD", url).status()).isEqualTo(200);
    scene.objects().forEach(scene.blobs::delete);
    assertThat(ask("GET", url).status()).isEqualTo(500);
  }
}
