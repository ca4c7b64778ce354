package dev.hfsm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceNameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        " ",
        "product/42/hero",
        "../../etc/passwd",
        "é☕😀",
        "a~b",
        "%00",
        "'; drop table"
      })
  void isWhateverTheHostCallsIt(String text) {
    assertThat(ReferenceName.of(text)).hasToString(text);
    assertThat(ReferenceName.of(text).isImplicit()).isFalse();
  }

  @Test
  void hasUpTo512Characters() {
    assertThat(ReferenceName.of("x".repeat(512)).text()).hasSize(512);
    assertThatThrownBy(() -> ReferenceName.of("x".repeat(513)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 1 to 512 characters, found 513");
    assertThatThrownBy(() -> ReferenceName.of(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0000", "a\nb", "a\rb", "\t", "\u007f", "\u009f", "\ud800", "x\udc00"})
  void hasNoCharactersThatCannotBeStoredOrPrinted(String text) {
    assertThatThrownBy(() -> ReferenceName.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected no control characters, found U+");
  }

  @Test
  void leavesTheTildeToHfsm() {
    assertThatThrownBy(() -> ReferenceName.of("~x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found ~x");
    Digest digest = Digest.ofContent(new byte[0]);
    ReferenceName implicit = ReferenceName.implicit(digest);
    assertThat(implicit.isImplicit()).isTrue();
    assertThat(implicit).hasToString("~" + digest.hex());
    assertThat(new ReferenceName(implicit.text())).isEqualTo(implicit);
  }
}
