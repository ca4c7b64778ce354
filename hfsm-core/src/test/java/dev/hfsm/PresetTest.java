package dev.hfsm;

import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PresetTest {

  @Test
  void widthsStandInOrderAndKeepTheProportionsOfABoxThatIsFilled() {
    Preset hero = new Preset("hero", image().inside(1600, 900), List.of(1280, 320));
    assertThat(hero.widths()).containsExactly(320, 1280);
    assertThat(hero.in(320)).as("high ones are as wide").isEqualTo(image().inside(320, 1280));
    assertThat(new Preset("high", image().inside(100, 500), List.of(3)).in(3))
        .isEqualTo(image().inside(3, 15));
    assertThat(new Preset("vast", image().inside(1600, 900), List.of(8000)).in(8000))
        .isEqualTo(image().inside(8000, 16384));
    assertThat(new Preset("wide", image().width(900), List.of(3)).in(3))
        .isEqualTo(image().width(3));
    assertThat(new Preset("low", image().cover(1000, 1), List.of(10)).in(10))
        .isEqualTo(image().cover(10, 1));
  }

  @Test
  void noOtherWidthIsGiven() {
    Preset hero = new Preset("hero", image().inside(1600, 900), List.of(320));
    assertThatThrownBy(() -> hero.in(1600))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("preset hero: expected one of the widths [320], found 1600");
  }
}
