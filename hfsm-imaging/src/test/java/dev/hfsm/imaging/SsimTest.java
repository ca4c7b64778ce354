package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Similarities that follow from the definition by hand. */
class SsimTest {
  private static final double C1 = 6.5025;
  private static final double C2 = 58.5225;

  private static byte[] flat(int pixels, int value) {
    byte[] picture = new byte[pixels];
    Arrays.fill(picture, (byte) value);
    return picture;
  }

  @Test
  void aPictureIsLikeItself() {
    byte[] noise = new byte[50 * 37];
    new Random(1).nextBytes(noise);
    assertThat(Ssim.mean(noise, noise.clone(), 50, 37)).isCloseTo(1, within(1e-12));
    assertThat(Ssim.mean(flat(1, 200), flat(1, 200), 1, 1)).isCloseTo(1, within(1e-12));
  }

  @Test
  void flatPicturesDifferInBrightnessAlone() {
    double expected = (2.0 * 100 * 150 + C1) / (100.0 * 100 + 150.0 * 150 + C1);
    for (int[] size : new int[][] {{8, 8}, {9, 30}, {3, 5}, {64, 1}}) {
      int pixels = size[0] * size[1];
      assertThat(Ssim.mean(flat(pixels, 100), flat(pixels, 150), size[0], size[1]))
          .isCloseTo(expected, within(1e-12));
    }
  }

  @Test
  void aPictureAndItsNegativeAreOpposites() {
    byte[] checks = new byte[64];
    byte[] negative = new byte[64];
    for (int i = 0; i < 64; i++) {
      boolean light = (i + i / 8) % 2 == 0;
      checks[i] = (byte) (light ? 255 : 0);
      negative[i] = (byte) (light ? 0 : 255);
    }
    double variance = 127.5 * 127.5;
    assertThat(Ssim.mean(checks, negative, 8, 8))
        .isCloseTo((-2 * variance + C2) / (2 * variance + C2), within(1e-9));
  }

  @Test
  void contrastCounts() {
    byte[] strong = new byte[64];
    byte[] weak = new byte[64];
    for (int i = 0; i < 64; i++) {
      strong[i] = (byte) (i % 2 == 0 ? 90 : 110);
      weak[i] = (byte) (i % 2 == 0 ? 95 : 105);
    }
    // Both have the mean 100; deviations 10 and 5, covariance 50.
    assertThat(Ssim.mean(strong, weak, 8, 8))
        .isCloseTo((2 * 50 + C2) / (100 + 25 + C2), within(1e-9));
  }

  @Test
  void everyPixelLiesInAWindow() {
    int width = 21;
    int height = 13;
    for (int i = 0; i < width * height; i++) {
      byte[] touched = flat(width * height, 100);
      touched[i] = (byte) 180;
      assertThat(Ssim.mean(flat(width * height, 100), touched, width, height))
          .as("pixel " + i)
          .isLessThan(0.999);
    }
  }

  @Test
  void twoSizesCannotBeCompared() {
    assertThatThrownBy(() -> Ssim.mean(new byte[4], new byte[5], 2, 2))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
