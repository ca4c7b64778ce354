package dev.hfsm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.MalformedTextException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Digests, asset ids, scopes, subjects, media types, transformer ids: one text form each. */
class IdentityTextTest {
  private static final String HEX =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  private static final Digest DIGEST = new Digest(HEX);

  private static <T> void roundTrips(String text, Function<String, T> parse) {
    T value = parse.apply(text);
    assertThat(value).hasToString(text);
    assertThat(parse.apply(value.toString())).isEqualTo(value);
  }

  private static void refuses(Function<String, ?> parse, String text, String expected) {
    assertThatThrownBy(() -> parse.apply(text))
        .isInstanceOf(MalformedTextException.class)
        .hasMessageContaining("expected " + expected)
        .hasMessageContaining("found \"" + (text.length() > 80 ? text.substring(0, 80) : text));
  }

  @Test
  void aDigestIsTheSha256OfItsContent() {
    assertThat(Digest.ofContent("abc".getBytes(StandardCharsets.US_ASCII))).isEqualTo(DIGEST);
    assertThat(Digest.ofContent(new byte[0]).hex()).startsWith("e3b0c44298fc1c14");
    roundTrips("sha256:" + HEX, Digest::parse);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sha256:",
        "sha256",
        HEX,
        "SHA256:" + HEX,
        "sha256:" + HEX + "0",
        " sha256:" + HEX,
        "sha256:" + HEX + " ",
        "sha512:" + HEX,
        "sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
        "sha256:ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a"
      })
  void aDigestHasNoOtherTextForm(String text) {
    refuses(Digest::parse, text, "sha256:<64 lower-case hex characters>");
  }

  @Test
  void aDigestHas32Bytes() {
    assertThatThrownBy(() -> Digest.of(new byte[31]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 64");
    assertThatThrownBy(() -> new Digest(HEX + "\n")).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256:" + HEX, "shop/sha256:" + HEX, "a-b_c9/sha256:" + HEX})
  void anAssetIdIsAScopeAndADigest(String text) {
    roundTrips(text, AssetId::parse);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/sha256:" + HEX,
        "shop/",
        "shop",
        "shop/" + HEX,
        "shop//sha256:" + HEX,
        "a/b/sha256:" + HEX,
        "raw/sha256:" + HEX,
        "var/sha256:" + HEX,
        "hfsm/sha256:" + HEX,
        "Shop/sha256:" + HEX,
        "../sha256:" + HEX,
        "shop /sha256:" + HEX
      })
  void anAssetIdHasNoOtherTextForm(String text) {
    refuses(AssetId::parse, text, "[<scope>/]sha256:<64 hex>");
  }

  @Test
  void assetIdsAreOrderedByScopeAndThenByDigest() {
    AssetId plain = AssetId.of(new Digest("f".repeat(64)));
    AssetId low = new AssetId(new Scope("a"), new Digest("0".repeat(64)));
    AssetId high = new AssetId(new Scope("a"), new Digest("1".repeat(64)));
    AssetId other = new AssetId(new Scope("b"), new Digest("0".repeat(64)));
    List<AssetId> shuffled = new ArrayList<>(List.of(other, high, plain, low));
    Collections.sort(shuffled);
    assertThat(shuffled).containsExactly(plain, low, high, other);
  }

  @Test
  void theDefaultScopeIsWrittenAsNothing() {
    assertThat(Scope.of("")).isSameAs(Scope.DEFAULT);
    assertThat(Scope.DEFAULT.prefix()).isEmpty();
    assertThat(Scope.of("shop").prefix()).isEqualTo("shop/");
    assertThat(Scope.of("x".repeat(63)).name()).hasSize(63);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "raw",
        "var",
        "hfsm",
        "A",
        "a.b",
        "a/b",
        "-a",
        "_a",
        "a b",
        "a\n",
        "é",
        "\u0000",
        "..",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
      })
  void aScopeIsAPlainNameThatIsNotReserved(String name) {
    assertThatThrownBy(() -> new Scope(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected up to 63 characters")
        .hasMessageContaining("found " + name);
  }

  @Test
  void aSubjectNamesAnInspectionOrAVariant() {
    String variant = "0123456789abcdef".repeat(4);
    roundTrips("inspect shop/sha256:" + HEX, Subject::parse);
    roundTrips("derive sha256:" + HEX + " " + variant, Subject::parse);
    assertThatThrownBy(() -> new Subject(WorkKind.DERIVE, AssetId.of(DIGEST), null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new Subject(WorkKind.INSPECT, AssetId.of(DIGEST), VariantKey.ofHex(variant)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "inspect",
        "inspect ",
        "inspect  sha256:" + HEX,
        "inspect sha256:" + HEX + " ",
        "inspect sha256:" + HEX + " " + HEX,
        "derive sha256:" + HEX,
        "derive sha256:" + HEX + " ",
        "derive sha256:" + HEX + " sha256:" + HEX,
        "INSPECT sha256:" + HEX,
        "render sha256:" + HEX
      })
  void aSubjectHasNoOtherTextForm(String text) {
    refuses(Subject::parse, text, "inspect <asset> or derive <asset> <variant>");
  }

  @Test
  void aMediaTypeIsReadInAnyCaseAndWrittenInLowerCase() {
    roundTrips("application/vnd.oasis.opendocument.text", MediaType::parse);
    roundTrips("image/svg+xml", MediaType::parse);
    assertThat(MediaType.parse("Image/JPEG")).isEqualTo(MediaType.JPEG);
    assertThatThrownBy(() -> new MediaType("Image/JPEG"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "image",
        "image/",
        "/jpeg",
        "image/jpeg; charset=utf-8",
        "image/jpeg/x",
        "image /jpeg",
        "image/jpeg\n",
        "image/\u212A",
        "image/j\u00e9",
        "*/*"
      })
  void aMediaTypeHasNoOtherTextForm(String text) {
    assertThatThrownBy(() -> MediaType.parse(text))
        .isInstanceOf(MalformedTextException.class)
        .hasMessageContaining("expected type/subtype");
  }

  @Test
  void aTransformerIdIsANameAndAVersion() {
    roundTrips("image@1", TransformerId::parse);
    roundTrips("a" + "-".repeat(31) + "@999999999", TransformerId::parse);
    assertThatThrownBy(() -> new TransformerId("image", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found image and 0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "image",
        "image@",
        "@1",
        "image@0",
        "image@01",
        "image@+1",
        "image@-1",
        "Image@1",
        "1image@1",
        "image@1@1",
        "image @1",
        "image@1000000000",
        "image@1\n",
        "image@\u0661"
      })
  void aTransformerIdHasNoOtherTextForm(String text) {
    assertThatThrownBy(() -> TransformerId.parse(text))
        .isInstanceOf(MalformedTextException.class)
        .hasMessageContaining("expected name@version");
  }

  @Test
  void aPerceptualHashIsSixteenHexCharacters() {
    roundTrips("ffffffffffffffff", PerceptualHash::parse);
    roundTrips("0000000000000001", PerceptualHash::parse);
    assertThat(new PerceptualHash(0b1011).distance(new PerceptualHash(0b0001))).isEqualTo(2);
    for (String bad : List.of("", "1", "FFFFFFFFFFFFFFFF", "-000000000000001", "0".repeat(17))) {
      refuses(PerceptualHash::parse, bad, "16 lower-case hex characters");
    }
  }

  @Test
  void anErrorShowsNeitherControlCharactersNorEndlessInput() {
    assertThatThrownBy(() -> Digest.parse("evil\r\n\u001b[2J"))
        .hasMessageContaining("\"evil\ufffd\ufffd\ufffd[2J\"");
    assertThatThrownBy(() -> Digest.parse("x".repeat(100_000)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    assertThatThrownBy(() -> Digest.parse("x".repeat(79) + "\ud83d\ude00"))
        .satisfies(
            e ->
                assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(e.getMessage())).isTrue());
  }
}
