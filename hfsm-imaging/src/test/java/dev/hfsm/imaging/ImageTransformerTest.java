package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hfsm.error.TransformationException;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Color;
import dev.hfsm.transform.Flip;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Gravity;
import dev.hfsm.transform.Limits;
import dev.hfsm.transform.Orient;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the engine makes of pictures that the tests generate. */
class ImageTransformerTest extends EngineFixture {
  @Test
  void everyOrientationComesOutUpright() {
    // Row of the table: what is stored so that, with this orientation, R G / B W is seen.
    String[] stored = {"", "RGWB", "GRBW", "WBRG", "BWGR", "RBWG", "GWBR", "WGRB", "BRGW"};
    for (int orientation = 1; orientation <= 8; orientation++) {
      Turn turn = Turn.ofOrientation(orientation);
      int w = turn.swaps() ? 32 : 48;
      int h = turn.swaps() ? 48 : 32;
      String s = stored[orientation];
      BufferedImage image =
          Pictures.image(
              w,
              h,
              RGB,
              (x, y) -> color(s.charAt(y < h / 2 ? (x < w / 2 ? 0 : 1) : x < w / 2 ? 3 : 2)));
      byte[] jpeg = Pictures.withExif(Pictures.encoded(image, "jpeg"), orientation, "Maker");
      Source source = Pictures.source(folder, MediaType.JPEG, jpeg);

      BufferedImage upright = variant(source, PNG);
      assertThat(seen(upright)).as("orientation " + orientation).isEqualTo("RGWB");
      assertThat(upright.getWidth()).isEqualTo(48);
      assertThat(seen(variant(source, PNG.orient(Orient.OFF)))).isEqualTo(s);
      Facts facts = engine.inspect(source, new TestBudget());
      assertThat(facts.get(Fact.ORIENTATION)).contains(orientation);
      assertThat(facts.get(Fact.UPRIGHT_WIDTH)).contains(48);
      assertThat(facts.get(Fact.UPRIGHT_HEIGHT)).contains(32);
      assertThat(facts.get(Fact.WIDTH)).contains(w);
      assertThat(facts.get(Fact.MAKE)).contains("Maker");
    }
  }

  private static int color(char letter) {
    return switch (letter) {
      case 'R' -> 0xFFFF0000;
      case 'G' -> 0xFF00FF00;
      case 'B' -> 0xFF0000FF;
      default -> 0xFFFFFFFF;
    };
  }

  @Test
  void anOrientationThatDoesNotExistIsIgnored() {
    byte[] jpeg = Pictures.withExif(Pictures.encoded(corners(), "jpeg"), 99, "M");
    Source source = Pictures.source(folder, MediaType.JPEG, jpeg);
    assertThat(engine.inspect(source, new TestBudget()).get(Fact.ORIENTATION)).contains(1);
    assertThat(seen(variant(source, PNG))).isEqualTo("RGWB");
  }

  @Test
  void rotationFollowsCropAndFlipFollowsRotation() {
    Source source = Pictures.png(folder, corners());
    assertThat(seen(variant(source, PNG.rotate(90)))).isEqualTo("BRGW");
    assertThat(seen(variant(source, PNG.rotate(180)))).isEqualTo("WBRG");
    assertThat(seen(variant(source, PNG.rotate(270)))).isEqualTo("GWBR");
    assertThat(seen(variant(source, PNG.flip(Flip.HORIZONTAL)))).isEqualTo("GRBW");
    assertThat(seen(variant(source, PNG.rotate(90).flip(Flip.VERTICAL)))).isEqualTo("WGRB");
    BufferedImage cropped = variant(source, PNG.crop(24, 0, 24, 16).rotate(90));
    assertThat(seen(cropped)).isEqualTo("GGGG");
    assertThat(cropped.getWidth()).isEqualTo(16);
  }

  @Test
  void aCropIsClippedAndOneOutsideIsAnError() {
    Source source = Pictures.png(folder, corners());
    BufferedImage clipped = variant(source, PNG.crop(40, 20, 500, 500));
    assertThat(clipped.getWidth()).isEqualTo(8);
    assertThat(clipped.getHeight()).isEqualTo(12);
    assertThatThrownBy(() -> rendition(source, PNG.crop(48, 0, 5, 5)))
        .isInstanceOfSatisfying(
            TransformationException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageContaining("48 × 32");
  }

  @Test
  void aPictureThatIsNotResizedKeepsEveryPixel() {
    Random random = new Random(7);
    BufferedImage image = Pictures.image(61, 47, ARGB, (x, y) -> random.nextInt() | 0xFF000000);
    BufferedImage same = variant(Pictures.png(folder, image), PNG);
    for (int y = 0; y < 47; y++) {
      for (int x = 0; x < 61; x++) {
        assertThat(same.getRGB(x, y)).isEqualTo(image.getRGB(x, y));
      }
    }
  }

  @Test
  void transparentColourDoesNotBleedIntoItsNeighbour() {
    BufferedImage image = Pictures.image(64, 64, ARGB, (x, y) -> x < 32 ? 0x00FF0000 : 0xFF00FF00);
    BufferedImage small = variant(Pictures.png(folder, image), PNG.inside(15, 15));
    for (int x = 0; x < 15; x++) {
      int argb = small.getRGB(x, 7);
      if (argb >>> 24 > 0) {
        assertThat(argb >> 16 & 0xFF).as("red at " + x).isLessThanOrEqualTo(1);
        assertThat(argb >> 8 & 0xFF).as("green at " + x).isGreaterThanOrEqualTo(253);
      }
    }
    assertThat(small.getRGB(0, 7) >>> 24).isZero();
    assertThat(small.getRGB(14, 7) >>> 24).isEqualTo(255);
  }

  @Test
  void sizesAreExactForAnySourceAndAnyBox() {
    long seed = System.nanoTime();
    System.out.println("sizes seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 120; i++) {
      int w = 1 + random.nextInt(random.nextBoolean() ? 500 : 5);
      int h = 1 + random.nextInt(random.nextBoolean() ? 60 : 3);
      int bw = 1 + random.nextInt(random.nextBoolean() ? 300 : 4);
      int bh = 1 + random.nextInt(random.nextBoolean() ? 300 : 4);
      Source source = Pictures.png(folder, Pictures.image(w, h, RGB, (x, y) -> 0xFF808080));
      String what = w + "x" + h + " in " + bw + "x" + bh;
      for (Transformation t : List.of(PNG.cover(bw, bh), PNG.contain(bw, bh), PNG.fill(bw, bh))) {
        BufferedImage made = variant(source, t);
        assertThat(made.getWidth()).as(what + " " + t).isEqualTo(bw);
        assertThat(made.getHeight()).as(what + " " + t).isEqualTo(bh);
      }
      BufferedImage inside = variant(source, PNG.inside(bw, bh));
      double scale = Math.min(1, Math.min(bw / (double) w, bh / (double) h));
      assertThat(inside.getWidth()).as(what).isBetween(1, bw);
      assertThat(inside.getHeight()).as(what).isBetween(1, bh);
      assertThat((double) inside.getWidth())
          .as(what)
          .isCloseTo(Math.max(1, w * scale), within(0.51));
      assertThat((double) inside.getHeight())
          .as(what)
          .isCloseTo(Math.max(1, h * scale), within(0.51));
      BufferedImage large = variant(source, PNG.inside(bw, bh).enlarge());
      assertThat(large.getWidth() == bw || large.getHeight() == bh).as(what).isTrue();
      assertThat(large.getWidth()).isBetween(1, bw);
      assertThat(large.getHeight()).isBetween(1, bh);
      assertThat(made(inside)).as(what).isTrue();
    }
  }

  /** A flat picture stays flat whatever is done to it. */
  private static boolean made(BufferedImage image) {
    for (int x = 0; x < image.getWidth(); x++) {
      int c = image.getRGB(x, image.getHeight() / 2);
      if (Math.abs((c & 0xFF) - 0x80) > 1) {
        return false;
      }
    }
    return true;
  }

  @Test
  void reducingKeepsBrightnessAndPhase() {
    // A ramp stays the same ramp: pixel i of n stands for the centre of its share.
    BufferedImage ramp = Pictures.image(256, 8, RGB, (x, y) -> 0xFF000000 | x * 0x010101);
    BufferedImage small = variant(Pictures.png(folder, ramp), PNG.fill(64, 8));
    for (int x = 2; x < 62; x++) {
      assertThat((double) (small.getRGB(x, 4) & 0xFF))
          .as("at " + x)
          .isCloseTo(4 * x + 1.5, within(1.0));
    }
    BufferedImage checks =
        Pictures.image(200, 200, RGB, (x, y) -> (x + y) % 2 == 0 ? -1 : 0xFF000000);
    BufferedImage grey = variant(Pictures.png(folder, checks), PNG.inside(50, 50));
    assertThat(grey.getRGB(25, 25) & 0xFF).isBetween(126, 129);
  }

  @Test
  void gravitySaysWhatCoverKeepsAndWhereContainStands() {
    Source source = Pictures.png(folder, corners());
    assertThat(seen(variant(source, PNG.cover(16, 32).gravity(Gravity.WEST)))).isEqualTo("RRBB");
    assertThat(seen(variant(source, PNG.cover(16, 32).gravity(Gravity.EAST)))).isEqualTo("GGWW");
    BufferedImage left =
        variant(source, PNG.contain(100, 32).gravity(Gravity.WEST).background(Color.rgb(0x0000FF)));
    assertThat(left.getRGB(2, 2)).isEqualTo(0xFFFF0000);
    assertThat(left.getRGB(90, 2)).isEqualTo(0xFF0000FF);
    BufferedImage clear = variant(source, PNG.contain(100, 32));
    assertThat(clear.getRGB(2, 2) >>> 24).isZero();
    BufferedImage jpeg =
        variant(source, Transformation.image().contain(100, 32).format(Format.JPEG));
    assertThat(jpeg.getRGB(2, 2) & 0xFF).isGreaterThan(250);
  }

  @Test
  void transparencyBecomesTheBackgroundOrWhiteInAJpeg() {
    Source source = Pictures.png(folder, Pictures.image(32, 32, ARGB, (x, y) -> 0x00123456));
    Transformation jpeg = Transformation.image().format(Format.JPEG);
    assertThat(variant(source, jpeg).getRGB(9, 9) & 0xFFFFFF).isEqualTo(0xFFFFFF);
    int red = variant(source, jpeg.background(Color.rgb(0xFF0000))).getRGB(9, 9);
    assertThat(red >> 16 & 0xFF).isGreaterThan(250);
    assertThat(variant(source, PNG.background(Color.rgb(0x00FF00))).getRGB(9, 9))
        .isEqualTo(0xFF00FF00);
  }

  @Test
  void theResultDoesNotDependOnTheMemoryGranted() {
    Random random = new Random(11);
    BufferedImage image =
        Pictures.image(700, 900, RGB, (x, y) -> random.nextInt() & 0x3F3F3F | x % 255 << 8);
    byte[] jpeg = Pictures.withExif(Pictures.encoded(image, "jpeg"), 6, "M");
    for (Source source :
        List.of(Pictures.png(folder, image), Pictures.source(folder, MediaType.JPEG, jpeg))) {
      TestBudget rich = new TestBudget(Limits.DEFAULT, 100_000_000);
      int least = source.type().equals(MediaType.JPEG) ? 2_400_000 : 1_450_000;
      TestBudget poor = new TestBudget(Limits.DEFAULT, least);
      List<Transformation> wanted =
          List.of(PNG.inside(90, 90), PNG.crop(100, 100, 300, 300).width(70));
      List<Rendition> first = engine.render(source, wanted, rich);
      List<Rendition> second = engine.render(source, wanted, poor);
      for (int i = 0; i < wanted.size(); i++) {
        assertThat(bytes(second.get(i))).isEqualTo(bytes(first.get(i)));
        assertThat(bytes(rendition(source, wanted.get(i)))).isEqualTo(bytes(first.get(i)));
      }
      assertThat(engine.inspect(source, poor)).isEqualTo(engine.inspect(source, rich));
      assertThat(poor.mostReserved.get()).isLessThan(rich.mostReserved.get());
      assertThat(poor.reserved.get()).isZero();
      assertThat(rich.reserved.get()).isZero();
    }
  }

  @Test
  void blurSpreadsAndSharpeningSteepens() {
    BufferedImage edge = Pictures.image(60, 20, RGB, (x, y) -> x < 30 ? 0xFF404040 : 0xFFC0C0C0);
    Source source = Pictures.png(folder, edge);
    BufferedImage blurred = variant(source, PNG.blur(3));
    assertThat(blurred.getRGB(29, 10) & 0xFF).isBetween(0x60, 0x80);
    assertThat(blurred.getRGB(0, 10) & 0xFF).isEqualTo(0x40);
    BufferedImage sharp = variant(source, PNG.sharpen(1));
    assertThat(sharp.getRGB(29, 10) & 0xFF).isLessThan(0x40);
    assertThat(sharp.getRGB(30, 10) & 0xFF).isGreaterThan(0xC0);
    assertThat(sharp.getRGB(5, 10) & 0xFF).isEqualTo(0x40);
  }
}
