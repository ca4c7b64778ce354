package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.TransformationException;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Color;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Gravity;
import dev.hfsm.transform.Limits;
import dev.hfsm.transform.Padding;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import dev.hfsm.transform.Watermark;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The steps before and after the pass through a picture, seen in the pixels of the result. */
class OperationsTest extends EngineFixture {
  private static final int RED = 0xFFFF0000;
  private static final int WHITE = 0xFFFFFFFF;

  @Test
  void aFocalPointIsKeptInTheMiddle() {
    BufferedImage ramp = Pictures.image(200, 100, RGB, (x, y) -> 0xFF000000 | x);
    Source source = Pictures.png(folder, ramp);
    assertThat(variant(source, PNG.cover(20, 100).focal(0.25, 0.9)).getRGB(0, 50) & 0xFF)
        .isEqualTo(40);
    assertThat(variant(source, PNG.cover(20, 100).focal(0, 0)).getRGB(0, 50) & 0xFF).isZero();
    assertThat(variant(source, PNG.cover(20, 100).focal(1, 0)).getRGB(19, 50) & 0xFF)
        .isEqualTo(199);
    assertThat(variant(source, PNG.rotate(180).cover(20, 100).focal(0.25, 0)).getRGB(0, 50) & 0xFF)
        .isEqualTo(159);
  }

  @Test
  void smartGravityKeepsWhatDrawsTheEye() {
    Random random = new Random(3);
    for (int at : new int[] {20, 150, 260}) {
      BufferedImage image =
          Pictures.image(
              320,
              100,
              RGB,
              (x, y) -> x >= at && x < at + 40 && y > 30 && y < 70 ? random.nextInt() : 0xFF8090A0);
      BufferedImage made =
          variant(Pictures.png(folder, image), PNG.cover(100, 100).gravity(Gravity.SMART));
      int busy = 0;
      for (int x = 0; x < 100; x++) {
        busy += made.getRGB(x, 50) == 0xFF8090A0 ? 0 : 1;
      }
      assertThat(busy).as("columns of the busy part at " + at).isEqualTo(40);
      BufferedImage tall =
          variant(
              Pictures.png(folder, image), PNG.rotate(90).cover(100, 100).gravity(Gravity.SMART));
      int rows = 0;
      for (int y = 0; y < 100; y++) {
        rows += tall.getRGB(50, y) == 0xFF8090A0 ? 0 : 1;
      }
      assertThat(rows).as("rows of the busy part at " + at).isEqualTo(40);
    }
  }

  @Test
  void smartGravityPrefersSkinToGreyOfTheSameContrast() {
    BufferedImage image =
        Pictures.image(
            300,
            100,
            RGB,
            (x, y) -> {
              boolean middle = y > 30 && y < 70;
              return middle && x > 20 && x < 60
                  ? 0xFFC89170
                  : middle && x > 240 && x < 280 ? 0xFF9A9A9A : 0xFF303030;
            });
    BufferedImage made =
        variant(Pictures.png(folder, image), PNG.cover(100, 100).gravity(Gravity.SMART));
    assertThat(made.getRGB(40, 50)).isEqualTo(0xFFC89170);
  }

  @Test
  void smartGravityIsNotDrawnByATableTheColourOfSkinNorByALawn() {
    for (int ground : new int[] {0xFFD9B08C, 0xFF2E8B30}) {
      BufferedImage image =
          Pictures.image(
              300,
              100,
              RGB,
              (x, y) -> {
                boolean letters = x > 20 && x < 60 && y > 30 && y < 70 && (x / 4 + y / 6) % 2 == 0;
                return letters ? 0xFF202020 : x > 150 ? ground : 0xFFE8E8E8;
              });
      BufferedImage made =
          variant(Pictures.png(folder, image), PNG.cover(100, 100).gravity(Gravity.SMART));
      assertThat(made.getRGB(99, 50)).as("%08x", ground).isEqualTo(0xFFE8E8E8);
    }
  }

  @Test
  void smartGravityCutsAFlatPictureInTheMiddle() {
    BufferedImage flat = Pictures.image(300, 50, RGB, (x, y) -> 0xFF406080);
    Canvas canvas = new Canvas(flat.getWidth(), flat.getHeight(), 1);
    assertThat(SmartCrop.find(canvas, 50, 50)).hasToString("0.5:0.5");
    assertThat(SmartCrop.find(new Canvas(1, 1, 4), 5, 9)).hasToString("0.5:0.5");
  }

  @Test
  void trimTakesTheBorderAndNothingElse() {
    BufferedImage image =
        Pictures.image(90, 70, RGB, (x, y) -> x >= 11 && x < 60 && y >= 7 && y < 33 ? RED : WHITE);
    Source source = Pictures.png(folder, image);
    BufferedImage made = variant(source, PNG.trim(10));
    assertThat(made.getWidth()).isEqualTo(49);
    assertThat(made.getHeight()).isEqualTo(26);
    assertThat(made.getRGB(0, 0)).isEqualTo(RED);
    assertThat(made.getRGB(48, 25)).isEqualTo(RED);
    BufferedImage part = variant(source, PNG.crop(5, 5, 40, 20).trim(10));
    assertThat(part.getWidth()).isEqualTo(34);
    assertThat(part.getHeight()).isEqualTo(18);
    BufferedImage turned = variant(source, PNG.trim(10).rotate(90).width(13));
    assertThat(turned.getWidth()).isEqualTo(13);
    assertThat(turned.getHeight()).isIn(24, 25);
    assertThat(variant(source, PNG.trim(100)).getWidth()).isEqualTo(90);
  }

  @Test
  void trimForgivesAsMuchAsItIsTold() {
    Random random = new Random(5);
    BufferedImage image =
        Pictures.image(
            60,
            60,
            RGB,
            (x, y) ->
                x > 9 && x < 50 && y > 9 && y < 50 ? 0xFF000000 : 0xFFF0F0F0 + random.nextInt(9));
    Source source = Pictures.png(folder, image);
    assertThat(variant(source, PNG.trim(5)).getWidth()).isEqualTo(40);
    assertThat(variant(source, PNG.trim(0)).getWidth()).isGreaterThan(55);
  }

  @Test
  void trimSeesNoColourInWhatIsTransparent() {
    BufferedImage image =
        Pictures.image(
            40, 40, ARGB, (x, y) -> x > 9 && x < 30 && y > 9 && y < 30 ? RED : (x * 6 << 8));
    BufferedImage made = variant(Pictures.png(folder, image), PNG.trim(0));
    assertThat(made.getWidth()).isEqualTo(20);
    assertThat(made.getRGB(0, 0)).isEqualTo(RED);
  }

  @Test
  void padAddsRowsAndColumnsOfBackground() {
    Source source = Pictures.png(folder, corners());
    BufferedImage made =
        variant(source, PNG.background(Color.rgb(0x00FFFF)).pad(new Padding(1, 2, 3, 4)));
    assertThat(made.getWidth()).isEqualTo(48 + 6);
    assertThat(made.getHeight()).isEqualTo(32 + 4);
    assertThat(made.getRGB(3, 1)).isEqualTo(0xFF00FFFF);
    assertThat(made.getRGB(4, 0)).isEqualTo(0xFF00FFFF);
    assertThat(made.getRGB(4, 1)).isEqualTo(RED);
    assertThat(made.getRGB(51, 32)).isEqualTo(WHITE);
    assertThat(made.getRGB(52, 32)).isEqualTo(0xFF00FFFF);
    assertThat(made.getRGB(51, 33)).isEqualTo(0xFF00FFFF);
    assertThat(variant(source, PNG.pad(new Padding(9, 9, 9, 9))).getRGB(0, 0) >>> 24).isZero();
    Transformation jpeg = Transformation.image().format(Format.JPEG).pad(new Padding(20, 0, 0, 0));
    assertThat(variant(source, jpeg).getRGB(20, 5) & 0xFF).isGreaterThan(250);
  }

  @Test
  void padCannotMakeMoreThanTheLimit() {
    Source source = Pictures.png(folder, corners());
    TestBudget small = new TestBudget(Limits.DEFAULT.withMaxPixels(5000), 100_000_000);
    assertThatThrownBy(
            () -> engine.render(source, List.of(PNG.pad(new Padding(40, 40, 40, 40))), small))
        .isInstanceOf(TransformationException.class)
        .hasMessageContaining("128 × 112");
    assertThat(small.reserved.get()).isZero();
  }

  /** As stored: ImageIO would take it for linear light. */
  private static int grey(BufferedImage image, int x, int y) {
    return image.getColorModel() instanceof IndexColorModel
        ? image.getRGB(x, y) & 0xFF
        : image.getRaster().getSample(x, y, 0)
            * 255
            / ((1 << image.getColorModel().getComponentSize(0)) - 1);
  }

  @Test
  void greyIsTheBrightnessOfColour() {
    Source source = Pictures.png(folder, corners());
    BufferedImage made = variant(source, PNG.grayscale());
    assertThat(made.getRaster().getNumBands()).isEqualTo(1);
    assertThat(grey(made, 3, 3)).isEqualTo(76);
    assertThat(grey(made, 40, 3)).isEqualTo(150);
    assertThat(grey(made, 3, 30)).isEqualTo(29);
    assertThat(grey(made, 40, 30)).isEqualTo(255);
    BufferedImage clear =
        variant(
            Pictures.png(folder, Pictures.image(9, 9, ARGB, (x, y) -> 0x80FF0000)),
            PNG.grayscale());
    assertThat(clear.getRGB(4, 4)).isEqualTo(0x804C4C4C);
  }

  private Source marked(Source source, BufferedImage mark) {
    return source.with(LOGO, Pictures.png(folder, mark));
  }

  private static final Digest LOGO = Digest.ofContent(new byte[] {1});

  @Test
  void aWatermarkStandsWhereItIsToldAndIsAsOpaqueAsItIsTold() {
    Source page = Pictures.png(folder, Pictures.image(400, 200, RGB, (x, y) -> WHITE));
    Source source = marked(page, Pictures.image(40, 20, RGB, (x, y) -> RED));
    BufferedImage made = variant(source, PNG.watermark(Watermark.of(LOGO)));
    // A fifth of 400 wide, 5 pixels (a fortieth of 200) away from the edges.
    assertThat(made.getRGB(315, 155)).isEqualTo(RED);
    assertThat(made.getRGB(394, 194)).isEqualTo(RED);
    assertThat(made.getRGB(314, 155)).isEqualTo(WHITE);
    assertThat(made.getRGB(315, 154)).isEqualTo(WHITE);
    assertThat(made.getRGB(395, 194)).isEqualTo(WHITE);
    assertThat(made.getRGB(394, 195)).isEqualTo(WHITE);
    Watermark faint = Watermark.of(LOGO).at(Gravity.CENTER).opacity(50).scale(100);
    BufferedImage half = variant(source, PNG.watermark(faint));
    assertThat(half.getRGB(0, 0)).isEqualTo(0xFFFF8080);
    assertThat(half.getRGB(399, 199)).isEqualTo(0xFFFF8080);
  }

  @Test
  void aWatermarkLiesOverAlphaAndOverGrey() {
    Source clear = Pictures.png(folder, Pictures.image(100, 100, ARGB, (x, y) -> 0x00FFFFFF));
    Source source = marked(clear, Pictures.image(10, 10, ARGB, (x, y) -> 0x80FF0000));
    Watermark all = Watermark.of(LOGO).at(Gravity.CENTER).scale(100);
    assertThat(variant(source, PNG.watermark(all)).getRGB(50, 50)).isEqualTo(0x80FF0000);
    Source page = marked(Pictures.png(folder, corners()), Pictures.image(9, 9, RGB, (x, y) -> RED));
    BufferedImage grey = variant(page, PNG.grayscale().watermark(Watermark.of(LOGO)));
    assertThat(grey.getRGB(2, 2)).isEqualTo(0xFF4C4C4C);
    assertThat(grey.getRGB(44, 28)).isEqualTo(RED);
  }

  @Test
  void aWatermarkThatIsMissingOrBrokenIsTheRecipesFault() {
    Source page = Pictures.png(folder, corners());
    Transformation recipe = PNG.watermark(Watermark.of(LOGO));
    assertThatThrownBy(() -> rendition(page, recipe))
        .isInstanceOfSatisfying(
            TransformationException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageContaining("the watermark " + LOGO);
    Source broken = page.with(LOGO, Pictures.source(folder, MediaType.PNG, new byte[] {1, 2, 3}));
    assertThatThrownBy(() -> rendition(broken, recipe))
        .isInstanceOfSatisfying(
            TransformationException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageContaining("the watermark " + LOGO);
  }

  private static BufferedImage photo() {
    Random random = new Random(17);
    return Pictures.image(
        320,
        240,
        RGB,
        (x, y) -> {
          int light = (int) (128 + 80 * Math.sin(x / 17.0) * Math.cos(y / 23.0));
          int v = Math.max(0, Math.min(255, light + random.nextInt(60)));
          return 0xFF000000 | v << 16 | (v * 3 / 4) << 8 | v / 2;
        });
  }

  @Test
  void autoQualityIsTheLowestThatStillLooksLikeThePicture() throws Exception {
    Canvas canvas = canvas(photo());
    TestBudget budget = new TestBudget();
    int[] encodings = {0};
    Transformation jpeg = Transformation.image().format(Format.JPEG);
    AutoQuality.Found found =
        AutoQuality.search(
            canvas,
            Format.JPEG,
            quality -> {
              encodings[0]++;
              return Encoder.encode(canvas, jpeg.quality(quality), Tags.NONE, budget);
            },
            budget);
    assertThat(encodings[0]).isBetween(1, 6);
    assertThat(found.quality()).isGreaterThan(AutoQuality.LEAST).isLessThan(AutoQuality.MOST);
    assertThat(similarity(found.file(), photo())).isGreaterThan(AutoQuality.TARGET - 0.003);
    byte[] worse = Encoder.encode(canvas, jpeg.quality(found.quality() - 2), Tags.NONE, budget);
    assertThat(similarity(worse, photo())).isLessThan(AutoQuality.TARGET + 0.003);
    assertThat(bytes(rendition(Pictures.png(folder, photo()), jpeg.autoQuality())))
        .isEqualTo(found.file());
  }

  @Test
  void autoQualityTakesTheLeastForAFlatPictureAndTheMostForNoise() throws Exception {
    TestBudget budget = new TestBudget();
    Transformation jpeg = Transformation.image().format(Format.JPEG);
    Canvas flat = flat(new Canvas(64, 64, 3));
    AutoQuality.Found least =
        AutoQuality.search(
            flat,
            Format.JPEG,
            q -> Encoder.encode(flat, jpeg.quality(q), Tags.NONE, budget),
            budget);
    assertThat(least.quality()).isEqualTo(AutoQuality.LEAST);
    int[] most = {0};
    Canvas noise = canvas(photo());
    AutoQuality.search(
        noise,
        Format.JPEG,
        q -> {
          most[0] = q;
          return Encoder.encode(flat(noise), jpeg, Tags.NONE, budget);
        },
        budget);
    assertThat(most[0]).isEqualTo(AutoQuality.MOST);
  }

  private static Canvas flat(Canvas like) {
    Canvas flat = new Canvas(like.width, like.height, 3);
    Arrays.fill(flat.data, (byte) 128);
    return flat;
  }

  @Test
  void autoQualityWorksForWebpToo() {
    Assumptions.assumeTrue(WebpNative.available(), "no WebP encoder on this platform");
    Source source = Pictures.png(folder, photo());
    Transformation webp = Transformation.image().format(Format.WEBP);
    int auto = bytes(rendition(source, webp.autoQuality())).length;
    assertThat(auto)
        .isBetween(
            bytes(rendition(source, webp.quality(AutoQuality.LEAST))).length,
            bytes(rendition(source, webp.quality(AutoQuality.MOST))).length);
  }

  private static Canvas canvas(BufferedImage image) {
    Canvas canvas = new Canvas(image.getWidth(), image.getHeight(), 3);
    for (int i = 0; i < canvas.width * canvas.height; i++) {
      int rgb = image.getRGB(i % canvas.width, i / canvas.width);
      canvas.data[3 * i] = (byte) (rgb >> 16);
      canvas.data[3 * i + 1] = (byte) (rgb >> 8);
      canvas.data[3 * i + 2] = (byte) rgb;
    }
    return canvas;
  }

  /** As an independent decoder sees it. */
  private static double similarity(byte[] file, BufferedImage picture) {
    Canvas a = Overlay.grey(canvas(picture));
    Canvas b = Overlay.grey(canvas(Pictures.decoded(file)));
    return Ssim.mean(a.data, b.data, a.width, a.height);
  }

  @Test
  void manyAtOnceAreWhatEachIsAlone() {
    Source page = Pictures.png(folder, photo());
    Source source = marked(page, corners());
    List<Transformation> wanted =
        List.of(
            PNG.width(50),
            PNG.trim(3).cover(40, 90).gravity(Gravity.SMART),
            Transformation.image().width(60).format(Format.JPEG).autoQuality(),
            PNG.width(70).grayscale().blur(1.25).pad(new Padding(1, 2, 3, 4)),
            PNG.fill(33, 44).watermark(Watermark.of(LOGO).opacity(30)));
    TestBudget budget = new TestBudget();
    List<Rendition> together = engine.render(source, wanted, budget);
    assertThat(budget.reserved.get()).isZero();
    for (int i = 0; i < wanted.size(); i++) {
      assertThat(together.get(i).transformation()).isEqualTo(wanted.get(i));
      assertThat(bytes(together.get(i)))
          .as(wanted.get(i).toString())
          .isEqualTo(bytes(rendition(source, wanted.get(i))));
      assertThat(Pictures.decoded(bytes(together.get(i))).getWidth())
          .isEqualTo(together.get(i).width());
    }
  }

  @Test
  void greyOfAPictureIsGreyOfItsPixels() {
    BufferedImage plain =
        variant(Pictures.png(folder, photo()), PNG.crop(3, 5, 200, 100).width(77));
    BufferedImage grey =
        variant(Pictures.png(folder, photo()), PNG.crop(3, 5, 200, 100).width(77).grayscale());
    for (int x = 0; x < 77; x++) {
      int rgb = plain.getRGB(x, 20);
      int light = Overlay.light(rgb >> 16 & 0xFF, rgb >> 8 & 0xFF, rgb & 0xFF);
      assertThat(grey(grey, x, 20)).isEqualTo(light);
    }
  }

  @Test
  void whatIsTrimmedIsACrop() {
    Trim trim = new Trim(4, 3, 1, 0);
    trim.row(new byte[] {0, 0, 0, 0});
    trim.row(new byte[] {0, 9, 0, 0});
    trim.row(new byte[] {0, 0, 7, 0});
    assertThat(trim.kept()).isEqualTo(new Rectangle(1, 1, 2, 2));
  }

  private boolean graphic(IntBinaryOperator argb) {
    Source source = Pictures.png(folder, Pictures.image(64, 64, ARGB, argb));
    return engine.inspect(source, new TestBudget()).get(Fact.GRAPHIC).orElseThrow();
  }

  @Test
  void aPictureOfFewColoursIsAGraphic() {
    assertThat(graphic((x, y) -> RED)).isTrue();
    assertThat(graphic((x, y) -> 0xFF000000 | Math.min(x + 64 * y, 255))).isTrue();
    assertThat(graphic((x, y) -> 0xFF000000 | Math.min(x + 64 * y, 256))).isFalse();
    assertThat(graphic((x, y) -> 0xFF000000 | x * 0x010101)).isTrue();
    assertThat(graphic((x, y) -> 0xFF000000 | (x + Math.min(y, 1)) * 0x010101)).isFalse();
    assertThat(graphic((x, y) -> x * 4 << 24)).isTrue();
  }
}
