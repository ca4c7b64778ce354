package dev.hfsm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Keys name objects and rows that are kept for years: the numbers here were computed with another
 * implementation (Python's hashlib) and never change.
 */
class VariantKeyTest {
  private static final Digest ABC = Digest.ofContent("abc".getBytes(StandardCharsets.US_ASCII));
  private static final TransformerId IMAGE = new TransformerId("hfsm-image", 1);

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "abc; w=320,h=320,fit=cover,format=webp; hfsm-image@1;"
            + "c10bee6573e93adad140db75325fe51a26c37b1151792e2db0d2116f2aae5b73",
        "'' ; ''; x@999999999;"
            + "f490e72eed98f141e27b2e78bce3477c5d50b5047ed990d6720bf2ca6b77be9c",
        "abc; format=jpeg; hfsm-image@12;"
            + "b5171fd68fa7a6a711ee48cce32262a56036f4cf2cb73b91acfb17bc527250c7"
      })
  void isPinned(String content, String transformation, String transformer, String key) {
    Digest digest = Digest.ofContent(content.getBytes(StandardCharsets.US_ASCII));
    assertThat(VariantKey.of(digest, transformation, TransformerId.parse(transformer)).hex())
        .isEqualTo(key);
  }

  @Test
  void dependsOnEachOfItsThreeParts() {
    Digest other = Digest.ofContent("abd".getBytes(StandardCharsets.US_ASCII));
    assertThat(
            Set.of(
                VariantKey.of(ABC, "w=1", IMAGE),
                VariantKey.of(other, "w=1", IMAGE),
                VariantKey.of(ABC, "w=2", IMAGE),
                VariantKey.of(ABC, "w=1", new TransformerId("hfsm-image", 2)),
                VariantKey.of(ABC, "w=1", new TransformerId("hfsm-images", 1))))
        .hasSize(5);
  }

  @Test
  void doesNotConfuseTextThatMovesFromOnePartToTheNext() {
    Set<VariantKey> keys = new HashSet<>();
    for (String[] split :
        List.of(
            new String[] {"w=1", "x-image"},
            new String[] {"w=1x", "image"},
            new String[] {"w=1x-", "image"},
            new String[] {"w=1x-imag", "e"})) {
      keys.add(VariantKey.of(ABC, split[0], new TransformerId(split[1], 1)));
    }
    assertThat(keys).hasSize(4);
  }

  @Test
  void countsBytesAndNotCharacters() {
    assertThat(VariantKey.of(ABC, "\u00e9", IMAGE))
        .isNotEqualTo(VariantKey.of(ABC, "e\u0301", IMAGE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "sha256:0123", "0123456789ABCDEF"})
  void isReadFromHexOnly(String hex) {
    assertThatThrownBy(() -> VariantKey.ofHex(hex)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isWrittenAsHex() {
    VariantKey key = VariantKey.of(ABC, "w=1", IMAGE);
    assertThat(key).hasToString(key.hex());
    assertThat(VariantKey.ofHex(key.hex())).isEqualTo(key);
  }
}
