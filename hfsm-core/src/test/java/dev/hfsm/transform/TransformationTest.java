package dev.hfsm.transform;

import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.MalformedTextException;
import dev.hfsm.model.Digest;
import dev.hfsm.model.MediaType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Canonical texts are part of variant keys: the ones written here never change. */
class TransformationTest {
  private static final Digest LOGO = Digest.ofContent(new byte[] {1, 2, 3});

  static Stream<Arguments> spoken() {
    return Stream.of(
        Arguments.of(image(), ""),
        Arguments.of(image().cover(320, 320), "w=320,h=320,fit=cover"),
        Arguments.of(
            image().cover(320, 320).format(Format.WEBP), "w=320,h=320,fit=cover,format=webp"),
        Arguments.of(image().inside(1600, 900), "w=1600,h=900"),
        Arguments.of(image().width(640), "w=640"),
        Arguments.of(image().height(480).enlarge(), "h=480,enlarge=true"),
        Arguments.of(
            image().contain(100, 50).gravity(Gravity.NORTHWEST).background(Color.WHITE),
            "w=100,h=50,fit=contain,gravity=northwest,background=ffffff"),
        Arguments.of(image().fill(1, 16384), "w=1,h=16384,fit=fill"),
        Arguments.of(image().orient(Orient.OFF).rotate(270), "orient=off,rotate=270"),
        Arguments.of(image().rotate(0).flip(Flip.NONE).quality(80), ""),
        Arguments.of(
            image().crop(0, 10, 20, 30).flip(Flip.VERTICAL), "crop=0:10:20:30,flip=vertical"),
        Arguments.of(image().blur(20.0).sharpen(0.30), "blur=20,sharpen=0.3"),
        Arguments.of(image().blur(1.5).quality(1).format(Format.AUTO), "blur=1.5,q=1"),
        Arguments.of(image().background(new Color(0x11223344)), "background=11223344"),
        Arguments.of(image().cover(9, 9).gravity(Gravity.SMART), "w=9,h=9,fit=cover,gravity=smart"),
        Arguments.of(
            image().cover(9, 9).focal(0.25, 1 / 3.0), "w=9,h=9,fit=cover,focal=0.25:0.3333"),
        Arguments.of(image().cover(9, 9).focal(0, 1), "w=9,h=9,fit=cover,focal=0:1"),
        Arguments.of(
            image().cover(9, 9).gravity(Gravity.SMART).focal(new Focal(5000, 10)),
            "w=9,h=9,fit=cover,focal=0.5:0.001"),
        Arguments.of(image().trim(0).grayscale().autoQuality(), "trim=0,grayscale=true,q=auto"),
        Arguments.of(
            image().crop(0, 0, 9, 9).trim(7).trimmed(new Crop(1, 2, 3, 4)), "crop=1:2:3:4"),
        Arguments.of(image().pad(new Padding(5, 5, 5, 5)), "pad=5"),
        Arguments.of(image().pad(new Padding(1, 2, 3, 4)), "pad=1:2:3:4"),
        Arguments.of(image().pad(Padding.NONE), ""),
        Arguments.of(image().watermark(Watermark.of(LOGO)), "watermark=" + LOGO.hex()),
        Arguments.of(
            image()
                .format(Format.WEBP)
                .autoQuality()
                .watermark(Watermark.of(LOGO).at(Gravity.NORTH).opacity(50).scale(25))
                .pad(new Padding(0, 0, 0, 1))
                .sharpen(1)
                .grayscale()
                .trim(10)
                .crop(1, 2, 3, 4),
            "crop=1:2:3:4,trim=10,sharpen=1,grayscale=true,pad=0:0:0:1,watermark="
                + LOGO.hex()
                + ",watermark-at=north,watermark-opacity=50,watermark-scale=25,q=auto,format=webp"),
        Arguments.of(
            image()
                .format(Format.JPEG)
                .quality(90)
                .sharpen(10)
                .blur(50)
                .background(Color.rgb(0x00000a))
                .cover(2, 3)
                .gravity(Gravity.SOUTHEAST)
                .flip(Flip.HORIZONTAL)
                .rotate(90)
                .crop(1, 2, 3, 4)
                .orient(Orient.OFF),
            "orient=off,crop=1:2:3:4,rotate=90,flip=horizontal,w=2,h=3,fit=cover,"
                + "gravity=southeast,background=00000a,blur=50,sharpen=10,q=90,format=jpeg"));
  }

  @ParameterizedTest
  @MethodSource("spoken")
  void isWrittenInOneWay(Transformation recipe, String canonical) {
    assertThat(recipe.canonical()).isEqualTo(canonical);
    assertThat(recipe).hasToString(canonical);
    assertThat(Transformation.parse(canonical)).isEqualTo(recipe).hasSameHashCodeAs(recipe);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "w=320,h=320,fit=cover,gravity=center,q=80,format=webp; w=320,h=320,fit=cover,format=webp",
        "format=webp,fit=cover,h=320,w=320; w=320,h=320,fit=cover,format=webp",
        "orient=auto,rotate=0,flip=none,fit=inside,enlarge=false,q=80,format=auto; ''",
        "blur=2.50,sharpen=1.00; blur=2.5,sharpen=1",
        "background=112233ff; background=112233",
        "gravity=center,w=1; w=1",
        "pad=0,grayscale=false,watermark-at=southeast,watermark-opacity=100,watermark-scale=20; ''",
        "pad=7:7:7:7; pad=7",
        "w=1,h=1,fit=cover,focal=0.5000:1.0; 'w=1,h=1,fit=cover,focal=0.5:1'",
        "w=1,h=1,fit=cover,gravity=center,focal=0:0.0; 'w=1,h=1,fit=cover,focal=0:0'"
      })
  void forgetsDefaultsAndOrder(String text, String canonical) {
    assertThat(Transformation.parse(text).canonical()).isEqualTo(canonical);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "w=0; key w: expected a whole number from 1 to 16384, found \"0\"",
        "h=16385; key h: expected a whole number from 1 to 16384, found \"16385\"",
        "w=01; key w: expected a whole number",
        "w=+1; key w: expected a whole number",
        "w=-1; key w: expected a whole number",
        "w=1.0; key w: expected a whole number",
        "w=9999999999; key w: expected a whole number",
        "w=\u0661; key w: expected a whole number",
        "w=; key w: expected a whole number",
        "q=0; key q: expected auto, lossless or a whole number from 1 to 100, found \"0\"",
        "q=101; key q: expected auto, lossless or a whole number from 1 to 100",
        "q=AUTO; key q: expected auto, lossless or",
        "trim=101; key trim: expected a whole number from 0 to 100",
        "trim=true; key trim: expected a whole number from 0 to 100",
        "trim; expected key=value pairs",
        "pad=1:2; key pad: expected pixels or top:right:bottom:left from 0 to 16384",
        "pad=-1; key pad: expected pixels",
        "pad=16385; key pad: expected pixels",
        "pad=0:0:0:16385; key pad: expected pixels",
        "pad=99999999999; key pad: expected pixels",
        "grayscale=yes; key grayscale: expected true or false",
        "focal=0.5; key focal: expected x:y from 0 to 1 with at most four decimals",
        "focal=0.5:1.1; key focal: expected",
        "focal=0.5:1.0001; key focal: expected",
        "focal=.5:1; key focal: expected",
        "focal=0.12345:1; key focal: expected",
        "focal=-0:1; key focal: expected",
        "watermark=abc; key watermark: expected 64 lower-case hex characters, found \"abc\"",
        "watermark-opacity=0; key watermark-opacity: expected a whole number from 1 to 100",
        "watermark-scale=101; key watermark-scale: expected a whole number from 1 to 100",
        "watermark-at=smart; key watermark-at: expected one of northwest,",
        "watermark-at=north; expected watermark-at, watermark-opacity and watermark-scale only with",
        "focal=0:0; expected focal only with fit=cover and without gravity",
        "'w=1,h=1,fit=contain,focal=0:0'; expected focal only with fit=cover",
        "'w=1,h=1,fit=cover,gravity=north,focal=0:0'; expected focal only with fit=cover and without",
        "'w=1,h=1,fit=contain,gravity=smart'; expected gravity=smart only with fit=cover",
        "keep=exif; key keep: expected icc, copyright or icc:copyright, found \"exif\"",
        "keep=copyright:icc; key keep: expected icc, copyright or icc:copyright",
        "keep=icc:icc; key keep: expected",
        "keep=; key keep: expected",
        "keep=icc:; key keep: expected",
        "fit=COVER; key fit: expected one of inside, cover, contain, fill, found \"COVER\"",
        "gravity=middle; key gravity: expected one of northwest,",
        "flip=both; key flip: expected one of none, horizontal, vertical",
        "orient=on; key orient: expected one of auto, off",
        "format=heic; key format: expected one of auto, jpeg, png, webp, gif, found \"heic\"",
        "format=jpg; key format: expected one of",
        "rotate=45; key rotate: expected 90, 180 or 270, found \"45\"",
        "rotate=360; key rotate: expected",
        "rotate=-90; key rotate: expected",
        "enlarge=1; key enlarge: expected true or false, found \"1\"",
        "background=fff; key background: expected rrggbb or rrggbbaa, found \"fff\"",
        "background=FFFFFF; key background: expected",
        "background=#ffffff; key background: expected",
        "background=fffffff; key background: expected",
        "blur=0; key blur: expected a number from 0.3 to 50 with at most two decimals",
        "blur=0.29; key blur: expected a number from 0.3 to 50",
        "blur=50.01; key blur: expected a number from 0.3 to 50",
        "blur=1.234; key blur: expected a number",
        "blur=1e1; key blur: expected a number",
        "blur=.5; key blur: expected a number",
        "blur=1.; key blur: expected a number",
        "sharpen=10.01; key sharpen: expected a number from 0.3 to 10",
        "crop=1:2:3; key crop: expected x:y:width:height in pixels, found \"1:2:3\"",
        "crop=1:2:3:0; key crop: expected",
        "crop=1:2:3:4:5; key crop: expected",
        "crop=-1:2:3:4; key crop: expected",
        "crop=0:0:1000001:1; key crop: expected",
        "width=320; expected one of the keys orient, crop, trim, rotate, flip, w, h,",
        "W=320; expected one of the keys",
        "' w=320'; expected one of the keys",
        "w=320 ; key w: expected a whole number",
        "=1; expected one of the keys",
        "w; expected key=value pairs separated by commas, found \"w\"",
        "','; expected key=value pairs",
        "'w=1,'; expected key=value pairs",
        "'w=1,,h=1'; expected key=value pairs",
        "'w=1,w=2'; key w: expected to be given once, found",
        "'q=80,q=80'; key q: expected to be given once",
        "fit=cover; expected w and h with fit=cover, found \"fit=cover\"",
        "'w=1,fit=contain'; expected w and h with fit=contain",
        "'h=1,fit=fill'; expected w and h with fit=fill",
        "gravity=north; expected gravity only with fit=cover or fit=contain",
        "'w=1,h=1,fit=fill,gravity=north'; expected gravity only with",
        "'w=1,h=1,fit=cover,enlarge=true'; expected enlarge only with fit=inside"
      },
      ignoreLeadingAndTrailingWhitespace = false)
  void refusesWhatItDoesNotUnderstandAndSaysWhatItWouldHave(String text, String message) {
    assertThatThrownBy(() -> Transformation.parse(text))
        .isInstanceOf(MalformedTextException.class)
        .hasMessageContaining(message.strip());
  }

  @Test
  void refusesEndlessText() {
    assertThatThrownBy(() -> Transformation.parse("w=1,".repeat(126)))
        .isInstanceOf(MalformedTextException.class)
        .hasMessageContaining("expected at most 500 characters, found \"504 characters\"");
  }

  static Stream<Arguments> unspeakable() {
    return Stream.<Supplier<Transformation>>of(
            () -> image().width(0),
            () -> image().cover(1, 16385),
            () -> image().quality(0),
            () -> image().rotate(45),
            () -> image().blur(0.299),
            () -> image().blur(1.234),
            () -> image().blur(Double.NaN),
            () -> image().blur(1e10),
            () -> image().sharpen(Double.POSITIVE_INFINITY),
            () -> image().crop(0, 0, 0, 1),
            () -> image().gravity(Gravity.NORTH),
            () -> image().contain(1, 1).gravity(Gravity.SMART),
            () -> image().cover(1, 1).gravity(Gravity.NORTH).trim(101),
            () -> image().cover(1, 1).focal(1.01, 0),
            () -> image().cover(1, 1).focal(0, Double.NaN),
            () -> image().cover(1, 1).focal(0, 0).gravity(Gravity.NORTH),
            () -> image().focal(0, 0),
            () -> image().pad(new Padding(0, -1, 0, 0)),
            () -> image().watermark(Watermark.of(LOGO).opacity(0)),
            () -> image().watermark(Watermark.of(LOGO).scale(101)),
            () -> image().watermark(Watermark.of(LOGO).at(Gravity.SMART)),
            () -> image().cover(1, 1).enlarge())
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("unspeakable")
  void isAsStrictInCodeAsInText(Supplier<Transformation> recipe) {
    assertThatThrownBy(recipe::get).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isReadBackFromAnyOrderOfAnyRecipe() {
    long seed = new Random().nextLong();
    System.out.println("TransformationTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 3000; i++) {
      Transformation recipe = anyRecipe(random);
      String text = recipe.canonical();
      assertThat(Transformation.parse(text)).isEqualTo(recipe);
      assertThat(Transformation.parse(text).canonical()).isEqualTo(text);
      List<String> pairs = new ArrayList<>(List.of(text.split(",")));
      Collections.shuffle(pairs, random);
      assertThat(Transformation.parse(String.join(",", pairs)).canonical()).isEqualTo(text);
      Transformation resolved = recipe.resolve(MediaType.PNG, Alpha.PRESENT);
      assertThat(resolved.resolve(MediaType.JPEG, Alpha.ABSENT)).isEqualTo(resolved);
      assertThat(Transformation.parse(resolved.canonical())).isEqualTo(resolved);
    }
  }

  private static <E> E any(Random random, E[] values) {
    return values[random.nextInt(values.length)];
  }

  private static final Gravity[] PLACES =
      Arrays.stream(Gravity.values()).filter(g -> g != Gravity.SMART).toArray(Gravity[]::new);

  private static Transformation anyRecipe(Random random) {
    int w = 1 + random.nextInt(16384);
    int h = 1 + random.nextInt(16384);
    Transformation t =
        switch (random.nextInt(6)) {
          case 0 -> image().inside(w, h).enlarge();
          case 1 -> image().width(w);
          case 2 -> image().cover(w, h).gravity(any(random, Gravity.values()));
          case 3 -> image().contain(w, h).gravity(any(random, PLACES));
          case 4 -> image().cover(w, h).focal(random.nextDouble(), random.nextDouble());
          default -> image().fill(w, h);
        };
    if (random.nextBoolean()) {
      t = t.crop(random.nextInt(100), random.nextInt(100), w, h);
    }
    if (random.nextBoolean()) {
      t = t.background(new Color(random.nextInt())).flip(any(random, Flip.values()));
    }
    if (random.nextBoolean()) {
      t = t.blur((30 + random.nextInt(4971)) / 100.0).sharpen((30 + random.nextInt(971)) / 100.0);
    }
    if (random.nextBoolean()) {
      t = t.trim(random.nextInt(101)).grayscale().autoQuality();
    }
    if (random.nextBoolean()) {
      t =
          t.pad(
              new Padding(
                  random.nextInt(3), random.nextInt(3), random.nextInt(16385), random.nextInt(3)));
    }
    if (random.nextBoolean()) {
      t =
          t.watermark(
              Watermark.of(Digest.ofContent(new byte[] {(byte) random.nextInt()}))
                  .at(any(random, PLACES))
                  .opacity(1 + random.nextInt(100))
                  .scale(1 + random.nextInt(100)));
    }
    if (random.nextBoolean()) {
      t = t.quality(1 + random.nextInt(100));
    }
    return t.rotate(90 * random.nextInt(4))
        .orient(any(random, Orient.values()))
        .format(any(random, Format.values()));
  }

  @ParameterizedTest
  @CsvSource({
    "image/jpeg, ABSENT, jpeg",
    "image/jpeg, PRESENT, jpeg",
    "image/png, ABSENT, png",
    "image/webp, PRESENT, webp",
    "image/gif, ABSENT, png",
    "image/bmp, ABSENT, jpeg",
    "image/bmp, PRESENT, png",
    "image/tiff, ABSENT, jpeg",
    "application/octet-stream, ABSENT, jpeg"
  })
  void picksAFormatForItsSource(String source, Alpha alpha, String format) {
    assertThat(image().resolve(MediaType.parse(source), alpha).canonical())
        .isEqualTo("format=" + format);
    assertThat(image().format(Format.WEBP).resolve(MediaType.parse(source), alpha).format())
        .isEqualTo(Format.WEBP);
  }

  @ParameterizedTest
  @CsvSource({
    "image/gif, ANIMATED, gif",
    "image/gif, STILL, png",
    "image/webp, ANIMATED, webp",
    "image/tiff, ANIMATED, jpeg"
  })
  void keepsTheFramesOfAnAnimatedGif(String source, Motion motion, String format) {
    assertThat(image().resolve(MediaType.parse(source), Alpha.ABSENT, motion).canonical())
        .isEqualTo("format=" + format);
    assertThat(image().format(Format.PNG).resolve(MediaType.GIF, Alpha.ABSENT, motion).canonical())
        .isEqualTo("format=png");
    assertThat(image().format(Format.GIF).quality(3).resolve(MediaType.PNG, Alpha.ABSENT))
        .isEqualTo(image().format(Format.GIF));
  }

  @Test
  void whatIsKeptHasOneText() {
    Transformation both = image().keep(Keep.COPYRIGHT).keep(Keep.ICC);
    assertThat(both.canonical()).isEqualTo("keep=icc:copyright");
    assertThat(both).isEqualTo(image().keep(Keep.ICC).keep(Keep.COPYRIGHT).keep(Keep.ICC));
    assertThat(Transformation.parse("keep=icc:copyright")).isEqualTo(both);
    assertThat(Transformation.parse("keep=copyright").keeps(Keep.COPYRIGHT)).isTrue();
    assertThat(Transformation.parse("keep=copyright").keeps(Keep.ICC)).isFalse();
    assertThat(image().keeps(Keep.ICC)).isFalse();
    assertThat(both.format(Format.WEBP).resolve(MediaType.PNG, Alpha.ABSENT).canonical())
        .isEqualTo("keep=icc:copyright,format=webp");
    assertThat(both.format(Format.GIF).resolve(MediaType.PNG, Alpha.ABSENT).canonical())
        .isEqualTo("format=gif");
  }

  @Test
  void progressiveIsForJpegAndLosslessForWebp() {
    assertThat(image().progressive().resolve(MediaType.JPEG, Alpha.ABSENT).canonical())
        .isEqualTo("progressive=true,format=jpeg");
    assertThat(image().progressive().resolve(MediaType.PNG, Alpha.ABSENT).canonical())
        .isEqualTo("format=png");
    Transformation lossless = image().losslessWebp();
    assertThat(lossless.canonical()).isEqualTo("q=lossless,format=webp");
    assertThat(lossless.resolve(MediaType.JPEG, Alpha.ABSENT)).isEqualTo(lossless);
    assertThat(Transformation.parse("q=lossless,format=webp")).isEqualTo(lossless);
    assertThatThrownBy(() -> Transformation.parse("q=lossless"))
        .isInstanceOf(MalformedTextException.class)
        .hasMessageContaining("only with format=webp");
  }

  @Test
  void stripGoesWithNothingThatChangesThePicture() {
    Transformation strip = image().strip();
    assertThat(strip.quality(95).keep(Keep.ICC).canonical()).isEqualTo("strip=true,q=95,keep=icc");
    assertThat(Transformation.parse("strip=false")).isEqualTo(image());
    assertThat(strip.resolve(MediaType.PNG, Alpha.ABSENT).canonical())
        .isEqualTo("strip=true,format=png");
    assertThat(strip.resolve(MediaType.GIF, Alpha.ABSENT).format()).isEqualTo(Format.GIF);
    for (String other : List.of("w=5", "orient=off", "rotate=90", "progressive=true", "pad=1")) {
      assertThatThrownBy(() -> Transformation.parse(other + ",strip=true"))
          .isInstanceOf(MalformedTextException.class)
          .hasMessageContaining("only with q, keep and format");
    }
  }

  @Test
  void dropsAQualityThatItsFormatDoesNotHave() {
    Transformation recipe = image().quality(50);
    assertThat(recipe.resolve(MediaType.PNG, Alpha.ABSENT).canonical()).isEqualTo("format=png");
    assertThat(recipe.resolve(MediaType.JPEG, Alpha.ABSENT).canonical())
        .isEqualTo("q=50,format=jpeg");
  }

  @Test
  void doesNotChangeWhenAnotherIsMadeFromIt() {
    Transformation base = image().width(1);
    Transformation other = base.height(2);
    assertThat(base.canonical()).isEqualTo("w=1");
    assertThat(other.canonical()).isEqualTo("w=1,h=2");
    assertThat(image().canonical()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 0xFF, 0xFF0000FF, 0x01020304, -1})
  void aColourHasFourChannels(int rgba) {
    Color color = new Color(rgba);
    int joined = color.red() << 24 | color.green() << 16 | color.blue() << 8 | color.alpha();
    assertThat(joined).isEqualTo(rgba);
    Transformation recipe = image().background(color);
    assertThat(Transformation.parse(recipe.canonical()).background()).contains(color);
  }

  @Test
  void aRecipeWithEverythingFitsTheLongestText() {
    Padding pad = new Padding(16384, 16384, 16384, 16383);
    Transformation most =
        image()
            .orient(Orient.OFF)
            .crop(1_000_000, 1_000_000, 1_000_000, 1_000_000)
            .trim(100)
            .rotate(270)
            .flip(Flip.HORIZONTAL)
            .cover(16384, 16384)
            .focal(0.1234, 0.5678)
            .background(new Color(0x11223344))
            .grayscale()
            .blur(12.34)
            .sharpen(1.23)
            .pad(pad)
            .watermark(Watermark.of(LOGO).at(Gravity.NORTHWEST).opacity(99).scale(99))
            .autoQuality()
            .progressive()
            .keep(Keep.COPYRIGHT)
            .keep(Keep.ICC)
            .format(Format.JPEG);
    assertThat(Transformation.parse(most.canonical())).isEqualTo(most);
    assertThat(most.padding()).isEqualTo(pad);
    assertThat(most.watermark().orElseThrow().at()).isEqualTo(Gravity.NORTHWEST);
    assertThat(most.choosesQuality()).isTrue();
    assertThat(most.quality(7).quality()).isEqualTo(7);
  }

  @Test
  void aFocalPointStandsInTheMiddleUnlessTheEdgeIsInTheWay() {
    Focal quarter = new Focal(2500, 7500);
    assertThat(quarter.alongX(1000, 100)).isEqualTo(200);
    assertThat(quarter.alongY(1000, 100)).isEqualTo(700);
    assertThat(quarter.alongX(1000, 600)).isZero();
    assertThat(quarter.alongY(1000, 600)).isEqualTo(400);
    assertThat(new Focal(5000, 5000).alongX(16384, 16383)).isZero();
    assertThat(new Focal(0, 10000).alongX(7, 7)).isZero();
    assertThat(new Focal(0, 10000).alongY(1_000_000_000L, 1)).isEqualTo(999_999_999L);
  }

  @Test
  void gravityDividesTheSlack() {
    assertThat(Gravity.NORTHWEST.alongX(7)).isZero();
    assertThat(Gravity.CENTER.alongX(7)).isEqualTo(3);
    assertThat(Gravity.EAST.alongX(7)).isEqualTo(7);
    assertThat(Gravity.EAST.alongY(7)).isEqualTo(3);
    assertThat(Gravity.SOUTH.alongY(7)).isEqualTo(7);
  }

  @Test
  void limitsAreNeverNothing() {
    assertThatThrownBy(() -> new Limits(0, 1, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Limits.DEFAULT.withMaxPixels(7).maxPixels()).isEqualTo(7);
    assertThat(Limits.DEFAULT.withMaxPixels(7).maxFramePixels()).isEqualTo(7);
  }
}
