package dev.hfsm.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Scope;
import dev.hfsm.model.VariantKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageKeyTest {
  private static final String HEX =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  private static final String KEY =
      "c10bee6573e93adad140db75325fe51a26c37b1151792e2db0d2116f2aae5b73";
  private static final String STAMP = "0193000000000000000000000ff";
  private static final AssetId ASSET = AssetId.of(new Digest(HEX));
  private static final VariantKey VARIANT = VariantKey.ofHex(KEY);
  private static final Stamp AT = new Stamp(Instant.ofEpochMilli(0x01930000000L), 255);

  @Test
  void ofAnOriginalIsPinned() {
    assertThat(AT).hasToString(STAMP);
    assertThat(StorageKey.raw(ASSET, AT)).hasToString("raw/ba/78/" + HEX + "-" + STAMP);
    AssetId scoped = new AssetId(new Scope("shop"), ASSET.digest());
    assertThat(StorageKey.raw(scoped, AT)).hasToString("shop/raw/ba/78/" + HEX + "-" + STAMP);
  }

  @Test
  void ofAVariantIsPinned() {
    assertThat(StorageKey.variant(ASSET, VARIANT, AT, "webp"))
        .hasToString("var/ba/78/" + HEX + "/" + KEY + "-" + STAMP + ".webp");
  }

  @Test
  void ofALandingIsPinnedAndNeverOneOfAnAsset() {
    for (String scope : new String[] {"", "shop", "land"}) {
      AssetId asset = new AssetId(Scope.of(scope), ASSET.digest());
      StorageKey landing = StorageKey.landing(asset, AT);
      String folder = scope.isEmpty() ? "" : scope + "/";
      assertThat(landing).hasToString(folder + "land/ba/78/" + HEX + "-" + STAMP);
      assertThat(landing.landed()).contains(new StorageKey.Parts(asset, Optional.empty(), AT));
      assertThat(landing.parts()).isEmpty();
      assertThat(StorageKey.raw(asset, AT).landed()).isEmpty();
      assertThat(StorageKey.raw(asset, AT).parts()).isPresent();
      assertThat(StorageKey.variant(asset, VARIANT, AT, "jpg").landed()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "land/ba/79/" + HEX + "-" + STAMP,
        "land/ba/78/" + HEX,
        "land/ba/78/" + HEX + "-" + STAMP + ".jpg",
        "land/ba/78/" + HEX + "/" + KEY + "-" + STAMP + ".jpg",
        "raw/land/ba/78/" + HEX + "-" + STAMP,
        "hfsm/land/ba/78/" + HEX + "-" + STAMP,
        "shop/x/land/ba/78/" + HEX + "-" + STAMP,
        "other/ba/78/" + HEX + "-" + STAMP
      })
  void ofAStrangerIsNoLanding(String text) {
    assertThat(new StorageKey(text).landed()).isEmpty();
  }

  @Test
  void saysWhatItIsAbout() {
    long seed = new Random().nextLong();
    System.out.println("StorageKeyTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      byte[] content = new byte[8];
      random.nextBytes(content);
      Scope scope = Scope.of(random.nextBoolean() ? "" : "t" + random.nextInt(1000));
      AssetId asset = new AssetId(scope, Digest.ofContent(content));
      Stamp stamp = Stamp.of(Instant.ofEpochMilli(random.nextLong(1L << 44)), random);
      assertThat(StorageKey.raw(asset, stamp).parts())
          .contains(new StorageKey.Parts(asset, Optional.empty(), stamp));
      assertThat(StorageKey.variant(asset, VARIANT, stamp, "jpg").parts())
          .contains(new StorageKey.Parts(asset, Optional.of(VARIANT), stamp));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "backup/photos/cat.jpg",
        "raw/ba/78/" + HEX,
        "raw/ba/78/" + HEX + "-",
        "raw/ba/79/" + HEX + "-" + STAMP,
        "raw/bb/78/" + HEX + "-" + STAMP,
        "raw/78/ba/" + HEX + "-" + STAMP,
        "raw/ba/" + HEX + "-" + STAMP,
        "raw/ba/78/" + HEX + "-" + STAMP + ".jpg",
        "raw/ba/78/" + HEX + "-" + STAMP + "0",
        "raw/ba/78/" + HEX + "-0193000000000000000000000f",
        "raw/ba/78/" + HEX + "-g193000000000000000000000ff",
        "raw/ba/78/" + HEX + "/" + KEY + "-" + STAMP,
        "var/ba/78/" + HEX + "-" + STAMP,
        "var/ba/78/" + HEX + "/" + KEY + "-" + STAMP,
        "var/ba/78/" + HEX + "/" + KEY + "-" + STAMP + ".",
        "var/ba/78/" + HEX + "/" + KEY + "-" + STAMP + ".abcdefghi",
        "var/ba/78/" + HEX + "/" + KEY + "-" + STAMP + ".jpg.tmp",
        "var/ba/79/" + HEX + "/" + KEY + "-" + STAMP + ".jpg",
        "var/ba/78/" + HEX + "/" + KEY + ".jpg",
        "raw/raw/ba/78/" + HEX + "-" + STAMP,
        "var/raw/ba/78/" + HEX + "-" + STAMP,
        "hfsm/raw/ba/78/" + HEX + "-" + STAMP,
        "a.b/raw/ba/78/" + HEX + "-" + STAMP,
        "shop/x/raw/ba/78/" + HEX + "-" + STAMP,
        "other/ba/78/" + HEX + "-" + STAMP
      })
  void ofAStrangerSaysNothing(String text) {
    assertThat(new StorageKey(text).parts()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/", "a/", "/a", "a//b", ".", "..", "a/../b", "a/.b", "-a", "_a", "A", "a b", "a\\b",
        "a\n", "a\u0000", "é", "a:b"
      })
  void isSafeAsAPathAndAsAnObjectKey(String text) {
    assertThat(StorageKey.isValid(text)).isFalse();
    assertThatThrownBy(() -> new StorageKey(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected segments")
        .hasMessageContaining("found " + text);
  }

  @Test
  void isBoundedInLength() {
    assertThat(StorageKey.isValid("a".repeat(255))).isTrue();
    assertThat(StorageKey.isValid("a".repeat(256))).isFalse();
    assertThat(StorageKey.isValid("a/".repeat(255) + "ab")).isTrue();
    assertThat(StorageKey.isValid("a/".repeat(255) + "abc")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".jpg", "JPG", "a/b", "abcdefghi", "j g"})
  void isNeverMadeWithAnExtensionItCouldNotBeReadBackWith(String extension) {
    assertThatThrownBy(() -> StorageKey.variant(ASSET, VARIANT, AT, extension))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected [a-z0-9]{1,8}, found " + extension);
  }

  @Test
  void aStampIsWholeMillisecondsWithinItsDigits() {
    Stamp cut = new Stamp(Instant.ofEpochSecond(1, 999_999_999), -1);
    assertThat(cut.at()).isEqualTo(Instant.ofEpochMilli(1999));
    assertThat(cut).hasToString("000000007cfffffffffffffffff");
    assertThat(new Stamp(Instant.ofEpochMilli((1L << 44) - 1), 0).toString()).hasSize(27);
    assertThatThrownBy(() -> new Stamp(Instant.ofEpochMilli(1L << 44), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a time from 1970 to 2527");
    assertThatThrownBy(() -> new Stamp(Instant.ofEpochMilli(-1), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aStampGoesStaleAfterHalfTheSweepWindow() {
    Duration half = Stamp.SWEEP_WINDOW.dividedBy(2);
    assertThat(half).isEqualTo(Duration.ofHours(12));
    assertThat(AT.isStale(AT.at().plus(half))).isFalse();
    assertThat(AT.isStale(AT.at().plus(half).plusMillis(1))).isTrue();
    assertThat(AT.isStale(AT.at().minusSeconds(1))).isFalse();
  }

  @Test
  void aRangeCoversWhatTheBlobHas() {
    assertThat(ByteRange.ALL.lengthIn(10)).isEqualTo(10);
    assertThat(new ByteRange(3, 4).lengthIn(10)).isEqualTo(4);
    assertThat(new ByteRange(8, 4).lengthIn(10)).isEqualTo(2);
    assertThat(ByteRange.from(10).lengthIn(10)).isZero();
    assertThat(new ByteRange(Long.MAX_VALUE, Long.MAX_VALUE).lengthIn(10)).isZero();
    assertThatThrownBy(() -> new ByteRange(-1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found -1 and 0");
    assertThatThrownBy(() -> new ByteRange(0, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new BlobRef(ASSET.digest(), -1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
