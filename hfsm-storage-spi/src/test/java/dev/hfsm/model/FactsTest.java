package dev.hfsm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.MalformedTextException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FactsTest {
  private static final Digest DIGEST = Digest.ofContent(new byte[] {1});

  private static Facts everyFact() {
    return Facts.of(Fact.FILE_NAME, "Größe=1, ☕ 😀.jpg")
        .with(Fact.DECLARED_TYPE, "image/*; q=0")
        .with(Fact.MEDIA_TYPE, MediaType.JPEG)
        .with(Fact.WIDTH, 4000)
        .with(Fact.HEIGHT, 3000)
        .with(Fact.ORIENTATION, 6)
        .with(Fact.UPRIGHT_WIDTH, 3000)
        .with(Fact.UPRIGHT_HEIGHT, 4000)
        .with(Fact.FRAMES, 1)
        .with(Fact.ALPHA, false)
        .with(Fact.GRAPHIC, true)
        .with(Fact.DOMINANT_COLOR, "00ff7f")
        .with(Fact.BLUR_HASH, "LEHV6nWB2yk8pyo0adR*.7kCMdnj")
        .with(Fact.THUMB_HASH, "3OcRJYB4d3h/iIeHeEh3eIhw+j2w")
        .with(Fact.ICC_PROFILE, "sRGB IEC61966-2.1")
        .with(Fact.MAKE, "")
        .with(Fact.MODEL, "X")
        .with(Fact.TAKEN, LocalDateTime.of(2024, 2, 29, 23, 59, 59))
        .with(Fact.GPS, new GeoPoint(-33.8568, 1.0E-5))
        .with(Fact.PERCEPTUAL_HASH, new PerceptualHash(-1))
        .with(Fact.PIXEL_DIGEST, DIGEST)
        .with(Fact.SAME_PIXELS_AS, new AssetId(new Scope("shop"), DIGEST))
        .with(Fact.REJECTION, "no")
        .with(Fact.INSPECTOR, new TransformerId("image", 3));
  }

  @Test
  void areReadBackAsTheyWereWritten() {
    Facts facts = everyFact();
    Facts read = Facts.parse(facts.toString());
    assertThat(read).isEqualTo(facts).hasSameHashCodeAs(facts).hasToString(facts.toString());
    List<Fact<?>> visited = new ArrayList<>();
    read.forEach((fact, value) -> visited.add(fact));
    assertThat(visited).isEqualTo(Fact.all());
    assertThat(read.get(Fact.GPS)).contains(new GeoPoint(-33.8568, 1.0E-5));
    assertThat(read.get(Fact.FILE_NAME)).contains("Größe=1, ☕ 😀.jpg");
    assertThat(read.get(Fact.MAKE)).contains("");
    assertThat(Facts.parse("")).isEqualTo(Facts.NONE).hasToString("");
    assertThat(Facts.NONE.isEmpty()).isTrue();
  }

  @Test
  void ofANewerVersionSurviveEveryChange() {
    Facts facts = Facts.parse("zoom=2x\naperture=f/1.8=wide\nwidth=7");
    Facts changed = facts.with(Fact.WIDTH, 8).without(Fact.HEIGHT).and(Facts.of(Fact.HEIGHT, 9));
    assertThat(changed).hasToString("aperture=f/1.8=wide\nheight=9\nwidth=8\nzoom=2x");
    assertThat(Facts.NONE.and(facts)).isEqualTo(facts);
  }

  @Test
  void learnedLaterWin() {
    Facts facts = Facts.of(Fact.WIDTH, 1).and(Facts.of(Fact.WIDTH, 2));
    assertThat(facts.get(Fact.WIDTH)).contains(2);
    assertThat(facts.without(Fact.WIDTH).get(Fact.WIDTH)).isEmpty();
    assertThat(facts.withOptional(Fact.WIDTH, Optional.empty())).isSameAs(facts);
    assertThat(facts.withOptional(Fact.WIDTH, Optional.of(3)).get(Fact.WIDTH)).contains(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nwidth=1",
        "a\r\nwidth=1",
        "a\u0000b",
        "a\u0085b",
        "\ud800",
        "x\udc00y",
        "\ud83d",
        "a\u2028b",
        "=",
        ""
      })
  void keepForeignTextInItsOwnLineAndEncodable(String foreign) {
    Facts facts = Facts.of(Fact.FILE_NAME, foreign);
    assertThat(Facts.parse(facts.toString())).isEqualTo(facts);
    assertThat(facts.get(Fact.WIDTH)).isEmpty();
    assertThat(facts.toString().lines().count()).isEqualTo(1);
    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(facts.toString())).isTrue();
    assertThat(facts.toString()).doesNotContain("\u0000", "\r");
  }

  @Test
  void boundForeignTextWithoutCuttingACharacterInTwo() {
    String name = "x".repeat(999) + "😀";
    assertThat(Facts.of(Fact.FILE_NAME, name).get(Fact.FILE_NAME)).contains("x".repeat(999));
    assertThat(Facts.of(Fact.FILE_NAME, "y".repeat(5000)).get(Fact.FILE_NAME))
        .contains("y".repeat(1000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "width",
        "=1",
        "\n",
        "width=1\n",
        "width=1\n\nheight=1",
        "width=1\nwidth=1",
        "width=",
        "width=+1",
        "width=01",
        "width= 1",
        "width=1.0",
        "width=\u0661",
        "width=99999999999",
        "alpha=yes",
        "alpha=TRUE",
        "alpha=",
        "taken=yesterday",
        "gps=1",
        "gps=,",
        "gps=91.0,0.0",
        "gps=0.0,180.1",
        "gps=NaN,0.0",
        "gps=0x1p3,0.0",
        "gps=1.0d,0.0",
        "gps= 1.0,0.0",
        "gps=1.0,0.0,0.0",
        "mediaType=jpeg",
        "pixelDigest=abc",
        "perceptualHash=0",
        "samePixelsAs=x",
        "inspector=image"
      })
  void refuseTextThatIsNotTheirs(String text) {
    assertThatThrownBy(() -> Facts.parse(text))
        .isInstanceOf(MalformedTextException.class)
        .hasMessageContaining("expected")
        .hasMessageContaining("found");
  }

  @Test
  void sayWhichOfThemIsPrivate() {
    assertThat(Fact.all().stream().filter(Fact::isPrivate)).containsExactly(Fact.GPS);
  }

  @Test
  void haveUniqueCamelCaseNames() {
    assertThat(Fact.all()).hasSize(24);
    assertThat(Fact.all().stream().map(Fact::name)).doesNotHaveDuplicates();
    assertThat(Fact.all()).allMatch(f -> f.name().matches("[a-z][a-zA-Z]{0,63}"));
  }

  @Test
  void placesStayOnEarth() {
    assertThat(GeoPoint.parse("90.0,-180.0")).hasToString("90.0,-180.0");
    assertThatThrownBy(() -> new GeoPoint(Double.NaN, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new GeoPoint(0, Double.POSITIVE_INFINITY))
        .isInstanceOf(IllegalArgumentException.class);
    for (double tiny :
        new double[] {Double.MIN_VALUE, -1.0E-300, 0.1 + 0.2, -0.0, 89.99999999999999}) {
      GeoPoint place = new GeoPoint(tiny, tiny);
      assertThat(GeoPoint.parse(place.toString())).isEqualTo(place);
    }
  }

  @Test
  void aFailureIsSafeToStoreAndBounded() {
    Failure failure =
        new Failure("worker-lost", "a\nb\u0000\ud800" + "c".repeat(600), true, Instant.EPOCH);
    assertThat(failure.message()).hasSize(500).startsWith("a\ufffdb\ufffd\ufffdccc");
    for (String code : List.of("", "Bad", "a b", "a_b", "a\n", "x".repeat(65))) {
      assertThatThrownBy(() -> new Failure(code, "", true, Instant.EPOCH))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected [a-z0-9-]{1,64}, found " + code);
    }
  }
}
