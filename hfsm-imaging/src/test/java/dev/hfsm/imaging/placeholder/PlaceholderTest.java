package dev.hfsm.imaging.placeholder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The expected texts were made with the authors' own encoders in JavaScript, thumbhash 0.1.1 and
 * blurhash 2.0.5; the latter with one change: it takes the largest term for the scale where the
 * definition and the encoder in C take the largest magnitude.
 */
class PlaceholderTest {

  @ParameterizedTest
  @CsvSource({
    "32, 20, false, 1, 3vcNVIRQdohnhod3h3hfZwdaiA==",
    "20, 32, false, 2, HvgNXARgZnV3h3d4eIh/ZpdAtw==",
    "40, 40, true, 3, IAiGNQI3gIe3d3h3eI9HuBv0eHiAiIh4eA==",
    "17, 5, true, 1, 2AaKEYI2cHe3iIh/RgmHe4h4gHiIeHg=",
    "1, 1, false, 1, AAgCBwAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "100, 3, false, 4, W8cJaYRgVxd3eHd4f3fnT4g="
  })
  void thumbHashIsWhatItsAuthorsEncoderSays(
      int width, int height, boolean alpha, int slope, String expected) {
    byte[] hash = ThumbHash.of(picture(width, height, alpha, slope));
    assertThat(Base64.getEncoder().encodeToString(hash)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "32, 20, 1, \"LxG9Q-I%IdOmbcRRV_kTagi#e;ow\"",
        "20, 32, 2, \"LuGlVDRwNzOURoM}WXazaNi}oKn*\"",
        "100, 3, 4, \"L#Dm?inbV$nh%hjVajjFWpfQfjf7\"",
        "1, 1, 1, \"L00000fQfQfQfQfQfQfQfQfQfQfQ\""
      })
  void blurHashIsWhatItsAuthorsEncoderSays(int width, int height, int slope, String expected) {
    assertThat(BlurHash.of(picture(width, height, false, slope), 4, 3)).isEqualTo(expected);
  }

  @Test
  void blurHashOfOneTermIsTheAverageColour() {
    byte[] red = {(byte) 255, 0, 0, (byte) 255};
    assertThat(BlurHash.of(new Thumbnail(1, 1, red), 1, 1)).isEqualTo("00TI:j");
    byte[] hidden = {1, 2, 3, 0};
    byte[] white = {-1, -1, -1, -1};
    assertThat(BlurHash.of(new Thumbnail(1, 1, hidden), 1, 1))
        .isEqualTo(BlurHash.of(new Thumbnail(1, 1, white), 1, 1));
  }

  @Test
  void dominantIsTheColourOfMostThatCanBeSeen() {
    byte[] pixels = new byte[10 * 10 * 4];
    for (int i = 0; i < 100; i++) {
      boolean blue = i < 30;
      boolean hidden = i >= 50;
      pixels[4 * i + 2] = (byte) (blue ? 200 + i % 4 : 0);
      pixels[4 * i + 1] = (byte) (blue ? 10 : 250);
      pixels[4 * i + 3] = (byte) (hidden ? 20 : 255);
    }
    assertThat(DominantColor.of(new Thumbnail(10, 10, pixels))).isEqualTo(0x000AC9);
    assertThat(DominantColor.of(new Thumbnail(1, 1, new byte[] {9, 9, 9, 0}))).isZero();
  }

  @Test
  void refusesWhatIsNoThumbnail() {
    assertThatThrownBy(() -> new Thumbnail(101, 1, new byte[404]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Thumbnail(2, 2, new byte[15]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BlurHash.of(new Thumbnail(1, 1, new byte[4]), 10, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Thumbnail picture(int width, int height, boolean alpha, int slope) {
    byte[] rgba = new byte[4 * width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int i = 4 * (y * width + x);
        rgba[i] = (byte) (x * x * slope + y * 5);
        rgba[i + 1] = (byte) (x * 9 + y * y);
        rgba[i + 2] = (byte) (x * 255 / width);
        rgba[i + 3] = (byte) (alpha ? y * 255 / height : 255);
      }
    }
    return new Thumbnail(width, height, rgba);
  }
}
