package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hfsm.imaging.placeholder.BlurHash;
import dev.hfsm.imaging.placeholder.ThumbHash;
import dev.hfsm.imaging.placeholder.Thumbnail;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Source;
import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an inspection says of how a picture looks, in a few bytes. */
class PlaceholderFactsTest extends EngineFixture {

  private Facts facts(MediaType type, byte[] bytes) {
    return engine.inspect(Pictures.source(folder, type, bytes), new TestBudget());
  }

  private static int[] mean(Facts facts) {
    byte[] hash = Base64.getDecoder().decode(facts.get(Fact.THUMB_HASH).orElseThrow());
    int header = hash[0] & 0xFF | (hash[1] & 0xFF) << 8 | (hash[2] & 0xFF) << 16;
    double l = (header & 63) / 63.0;
    double p = (header >> 6 & 63) / 31.5 - 1;
    double q = (header >> 12 & 63) / 31.5 - 1;
    double b = l - 2.0 / 3 * p;
    double r = (3 * l - b + q) / 2;
    return new int[] {(int) (255 * r), (int) (255 * (r - q)), (int) (255 * b)};
  }

  @Test
  void aPictureThatIsSmallAlreadyIsTakenPixelByPixel() {
    IntBinaryOperator color = (x, y) -> 0xFF000000 | x * 4 << 16 | y * 6 << 8 | (x + y);
    BufferedImage image = Pictures.image(60, 40, RGB, color);
    byte[] rgba = new byte[4 * 60 * 40];
    for (int i = 0; i < 60 * 40; i++) {
      int argb = image.getRGB(i % 60, i / 60);
      rgba[4 * i] = (byte) (argb >> 16);
      rgba[4 * i + 1] = (byte) (argb >> 8);
      rgba[4 * i + 2] = (byte) argb;
      rgba[4 * i + 3] = -1;
    }
    Thumbnail thumbnail = new Thumbnail(60, 40, rgba);
    for (String format : new String[] {"png", "bmp"}) {
      MediaType type = new MediaType("image/" + format);
      Facts facts = facts(type, Pictures.encoded(image, format));
      assertThat(facts.get(Fact.BLUR_HASH)).contains(BlurHash.of(thumbnail, 4, 3));
      assertThat(facts.get(Fact.THUMB_HASH))
          .contains(Base64.getEncoder().encodeToString(ThumbHash.of(thumbnail)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 6, 8})
  void aLargeJpegIsSeenUprightAtAnEighth(int orientation) {
    // Red above, blue below; turned as the camera held it.
    BufferedImage image =
        Pictures.image(1200, 900, RGB, (x, y) -> x < 600 ? 0xFFE01010 : 0xFF2020C0);
    byte[] jpeg = Pictures.withExif(Pictures.encoded(image, "jpeg"), orientation, "m");
    Facts facts = facts(MediaType.JPEG, jpeg);
    BufferedImage upright = variant(Pictures.source(folder, MediaType.JPEG, jpeg), PNG);
    Facts same = facts(MediaType.PNG, Pictures.encoded(upright, "png"));
    assertThat(facts.get(Fact.DOMINANT_COLOR)).isPresent();
    for (int c = 0; c < 3; c++) {
      assertThat(mean(facts)[c]).isCloseTo(mean(same)[c], within(8));
    }
    String blur = facts.get(Fact.BLUR_HASH).orElseThrow();
    assertThat(blur).hasSize(28).startsWith(same.get(Fact.BLUR_HASH).orElseThrow().substring(0, 1));
    byte[] hash = Base64.getDecoder().decode(facts.get(Fact.THUMB_HASH).orElseThrow());
    byte[] wanted = Base64.getDecoder().decode(same.get(Fact.THUMB_HASH).orElseThrow());
    assertThat(hash).hasSameSizeAs(wanted);
    int close = 0;
    for (int i = 0; i < hash.length; i++) {
      close += near(hash[i], wanted[i]) && near(hash[i] >> 4, wanted[i] >> 4) ? 1 : 0;
    }
    assertThat(close).as("bytes that are alike").isGreaterThanOrEqualTo(hash.length - 5);
  }

  private static boolean near(int a, int b) {
    return Math.abs((a & 15) - (b & 15)) <= 1;
  }

  @Test
  void transparencyIsPartOfIt() {
    BufferedImage image =
        Pictures.image(300, 200, ARGB, (x, y) -> x < 150 ? 0xFF00FF7F : 0x00FF0000);
    Facts facts = facts(MediaType.PNG, Pictures.encoded(image, "png"));
    assertThat(facts.get(Fact.DOMINANT_COLOR)).contains("00ff7f");
    byte[] hash = Base64.getDecoder().decode(facts.get(Fact.THUMB_HASH).orElseThrow());
    assertThat(hash[2] & 0x80).as("the bit that says there is alpha").isNotZero();
    Facts gif = facts(MediaType.GIF, Pictures.encoded(image, "gif"));
    assertThat(gif.get(Fact.ALPHA)).contains(true);
    assertThat(gif.get(Fact.DOMINANT_COLOR)).contains("00ff7f");
  }

  @Test
  void everyShapeHasThem() {
    for (int[] size : new int[][] {{1, 1}, {5000, 1}, {1, 3000}, {101, 100}, {257, 3}}) {
      BufferedImage image = Pictures.image(size[0], size[1], RGB, (x, y) -> 0xFF336699);
      for (String format : new String[] {"png", "jpeg", "gif", "bmp"}) {
        Facts facts = facts(new MediaType("image/" + format), Pictures.encoded(image, format));
        assertThat(facts.get(Fact.BLUR_HASH)).isPresent();
        assertThat(facts.get(Fact.THUMB_HASH)).isPresent();
        assertThat(facts.get(Fact.DOMINANT_COLOR).orElseThrow()).startsWith("3");
      }
    }
  }

  @Test
  void thePixelDigestDoesNotDependOnHowMuchMemoryThereIs() {
    BufferedImage image =
        Pictures.image(640, 900, RGB, (x, y) -> 0xFF000000 | x * 7919 + y * 104729);
    for (int orientation : new int[] {1, 6}) {
      byte[] jpeg = Pictures.withExif(Pictures.encoded(image, "jpeg"), orientation, "m");
      Source source = Pictures.source(folder, MediaType.JPEG, jpeg);
      Facts roomy = engine.inspect(source, new TestBudget());
      Facts tight =
          engine.inspect(source, new TestBudget(dev.hfsm.transform.Limits.DEFAULT, 2_400_000));
      assertThat(tight).isEqualTo(roomy);
    }
  }
}
