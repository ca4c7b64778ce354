package dev.hfsm;

import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.DeliveryResponse;
import dev.hfsm.delivery.Expiry;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.Scope;
import dev.hfsm.model.TransformerId;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import dev.hfsm.transform.Transformer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a signed link opens, and for how long. */
@Timeout(300)
class SignedLinkTest extends DeliveryFixture {

  @Test
  void nothingIsLookedUpForAPathThatIsNotSigned() throws IOException {
    String url = urls.variant(hello, THREE);
    scene.tap.forgetCalls();
    List<String> forged = new ArrayList<>();
    for (int i = "/s/k1.".length(); i < url.length(); i++) {
      char other = url.charAt(i) == 'a' ? 'b' : 'a';
      forged.add(url.substring(0, i) + other + url.substring(i + 1));
    }
    forged.add(url.replace("/s/k1.", "/s/k2."));
    forged.add("/~other" + url);
    forged.add(url.replace("w=3@", "w=4@"));
    for (String path : forged) {
      assertThat(get(path).status()).as(path).isIn(403, 404);
    }
    assertThat(lookUps()).isEmpty();
    assertThat(scene.toy.renders).hasValue(0);
  }

  @Test
  void thereIsOnePathForEachMeaning() {
    String url = urls.variant(hello, image().cover(3, 4).format(Format.PNG));
    assertThat(url).contains("/w=3,h=4,fit=cover@");
    for (String path :
        List.of(
            "",
            "/",
            "*",
            url.replace("w=3,h=4", "h=4,w=3"),
            url.replace("w=3", "w=03"),
            url.replace("w=3", "w=%33"),
            url.replace("/w=3", "//w=3"),
            url.replace("/w=3", "/../w=3"),
            url.replace(".png", ".PNG"),
            url.replace(".png", ".svg"),
            url.replace("/s/", "/%73/"),
            url + "?x",
            url + "/",
            url + "\0",
            "/x" + url,
            url.replace("w=3", "w=3" + "0".repeat(2000)))) {
      assertThat(get(path).status()).as(path).isEqualTo(404);
    }
  }

  @Test
  void aLinkIsWorthNothingFromItsExpiryOn() throws IOException {
    AssetUrls expiring = urls.expiring(Expiry.after(Duration.ofMinutes(10)));
    String url = expiring.variant(hello, THREE);
    assertThat(text(get(url))).isEqualTo("HEL");
    assertThat(get(url).header("Cache-Control").orElseThrow())
        .matches("public, max-age=[0-9]{3,4}, immutable");
    assertThat(expiring.variant(hello, THREE)).as("the same within the hour").isEqualTo(url);
    scene.clock.move(Duration.ofMinutes(71));
    scene.tap.forgetCalls();
    assertThat(get(url).status()).isEqualTo(410);
    assertThat(lookUps()).isEmpty();
    assertThat(get(url.replaceFirst("\\.[0-9]+/", ".99999999999/")).status()).isEqualTo(403);
    assertThat(get(url.replaceFirst("\\.[0-9]+/", "/")).status()).isEqualTo(403);
  }

  @Test
  void aLinkIsNeverWorthLessThanWasSaid() {
    Instant almost = Instant.parse("2026-01-01T00:00:00.999Z");
    Duration second = Duration.ofSeconds(1);
    String url =
        urls.clock(() -> almost)
            .expiring(Expiry.after(second).roundedTo(second))
            .original(hello, "txt");
    assertThat(url).contains("." + Instant.parse("2026-01-01T00:00:02Z").getEpochSecond() + "/");
  }

  @Test
  void howLongALinkLastsIsLookedAtEveryTime() {
    String url = urls.expiring(Expiry.after(Duration.ofMinutes(10))).original(hello, "txt");
    long before = maxAge(get(url));
    scene.clock.move(Duration.ofMinutes(5));
    assertThat(maxAge(get(url))).isEqualTo(before - 300);
    assertThat(ask("PUT", url).status()).isEqualTo(405);
    scene.clock.move(Duration.ofMinutes(71));
    assertThat(get(url).status()).isEqualTo(410);
  }

  private static long maxAge(DeliveryResponse response) {
    String kept = response.header("Cache-Control").orElseThrow();
    return Long.parseLong(kept.replaceAll("\\D+", ""));
  }

  @Test
  void keysCanBeReplaced() throws IOException {
    String old = urls.variant(hello, THREE);
    SigningKeys both = SigningKeys.of("k2", secret(2)).accepting("k1", secret(1));
    delivery = Delivery.of(assets, both).build();
    String fresh = AssetUrls.of(assets, both, "").variant(hello, THREE);
    assertThat(fresh).startsWith("/s/k2.");
    assertThat(text(get(old))).isEqualTo("HEL");
    assertThat(text(get(fresh))).isEqualTo("HEL");
    delivery = Delivery.of(assets, SigningKeys.of("k2", secret(2))).build();
    assertThat(get(old).status()).isEqualTo(403);
    assertThat(both.toString()).doesNotContain(new String(secret(2), StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> SigningKeys.of("k1", new byte[31]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32 bytes or more, found 31");
    assertThatThrownBy(() -> SigningKeys.of("K!", secret(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> both.accepting("k2", secret(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aScopeIsPartOfWhatIsSigned() throws IOException {
    AssetId elsewhere =
        assets.ingest(Upload.of(ToyTransformer.toy("hello")).in(new Scope("shop"))).id();
    String url = urls.variant(elsewhere, THREE);
    assertThat(url).startsWith("/~shop/s/");
    assertThat(text(get(url))).isEqualTo("HEL");
    assertThat(get(url.substring("/~shop".length())).status()).isEqualTo(403);
    assertThat(get("/~raw" + url.substring("/~shop".length())).status()).isEqualTo(404);
  }

  @Test
  void aLosslessRecipeSaysItsFormatTwice() throws IOException {
    String url = urls.variant(hello, image().width(2).losslessWebp());
    assertThat(url).contains("/w=2,q=lossless,format=webp@").endsWith(".webp");
    assertThat(text(get(url))).isEqualTo("HE");
    for (String other : List.of(".auto", ".png", ".jpg")) {
      assertThat(get(url.replaceFirst("\\.webp$", other)).status()).as(other).isEqualTo(404);
    }
    assertThat(get(url.replace(",format=webp@", "@")).status()).isEqualTo(404);
    assertThat(get(urls.variant(hello, THREE).replace("w=3@", "w=3,format=jpeg@")).status())
        .isEqualTo(404);
  }

  @Test
  void aLinkOfAnotherVersionIsLentWhatIsNow() throws IOException {
    String url = urls.variant(hello, THREE);
    AssetPipeline newer =
        scene.built(scene.bare().transformer(new Renamed(scene.toy, 2)).preset("three", THREE));
    newer.start();
    delivery = Delivery.of(newer, KEYS).build();
    DeliveryResponse lent = get(url);
    assertThat(lent.header("Cache-Control")).contains("public, max-age=60");
    assertThat(text(lent)).isEqualTo("HEL");
    assertThat(AssetUrls.of(newer, KEYS, "").variant(hello, THREE)).isNotEqualTo(url);
  }

  /** The same toys by another version. */
  private record Renamed(ToyTransformer toy, int version) implements Transformer {
    @Override
    public TransformerId id() {
      return new TransformerId("toy", version);
    }

    @Override
    public boolean inspects(MediaType source) {
      return toy.inspects(source);
    }

    @Override
    public boolean accepts(MediaType source, Transformation resolved) {
      return toy.accepts(source, resolved);
    }

    @Override
    public Facts inspect(Source source, Budget budget) {
      return toy.inspect(source, budget);
    }

    @Override
    public List<Rendition> render(Source source, List<Transformation> wanted, Budget budget) {
      return toy.render(source, wanted, budget);
    }
  }

  @Test
  void aSrcsetNamesEachWidthInItsProportions() throws IOException {
    String set = urls.srcset(hello, image().cover(4, 2).format(Format.JPEG), 2, 4);
    assertThat(set.split(", ")).hasSize(2);
    assertThat(set).contains("/w=2,h=1,fit=cover@").contains(".jpg 2w, ").endsWith(".jpg 4w");
    for (String candidate : set.split(", ")) {
      assertThat(get(candidate.split(" ")[0]).status()).isEqualTo(200);
    }
    assertThatThrownBy(() -> AssetUrls.of(assets, KEYS, "https://cdn.example.com/"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(AssetUrls.of(assets, KEYS, "https://cdn.example.com/a").variant(hello, THREE))
        .startsWith("https://cdn.example.com/a/s/");
  }
}
