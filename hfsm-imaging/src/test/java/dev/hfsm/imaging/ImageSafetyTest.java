package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hfsm.error.LimitExceededException;
import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Limits;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits, damage, deadlines, and what must not be in a variant. */
class ImageSafetyTest extends EngineFixture {
  @Test
  void tooLittleMemoryIsNotThePicturesFault() {
    Source source = Pictures.png(folder, corners());
    assertThatThrownBy(
            () -> engine.render(source, List.of(PNG), new TestBudget(Limits.DEFAULT, 1000)))
        .isInstanceOf(LimitExceededException.class);
  }

  @Test
  void theDeadlineStopsEveryStepAndGivesTheMemoryBack() {
    Random random = new Random(5);
    BufferedImage image = Pictures.image(400, 400, RGB, (x, y) -> random.nextInt());
    List<Source> sources =
        List.of(
            Pictures.png(folder, image),
            Pictures.source(folder, MediaType.JPEG, Pictures.encoded(image, "jpeg")),
            Pictures.source(folder, MediaType.GIF, Pictures.encoded(image, "gif")),
            Pictures.source(folder, MediaType.BMP, Pictures.encoded(image, "bmp")));
    Transformation recipe = PNG.inside(300, 300).blur(2).sharpen(1);
    for (Source source : sources) {
      TestBudget free = new TestBudget();
      engine.render(source, List.of(recipe), free);
      long needed = free.checked.get();
      assertThat(needed).isGreaterThan(20);
      for (long n = 0; n < needed; n += Math.max(1, needed / 25)) {
        TestBudget tight = new TestBudget(Limits.DEFAULT, 100_000_000, n, Long.MAX_VALUE);
        assertThatThrownBy(() -> engine.render(source, List.of(recipe), tight))
            .as(source.type() + " after " + n + " checks")
            .isInstanceOfSatisfying(
                TransformationException.class, e -> assertThat(e.retryable()).isTrue());
        assertThat(tight.reserved.get()).isZero();
      }
    }
  }

  @Test
  void limitsAreHeldAgainstHeaders() {
    Source source = Pictures.png(folder, corners());
    Limits small = Limits.DEFAULT.withMaxPixels(48 * 32 - 1);
    assertThatThrownBy(() -> engine.inspect(source, new TestBudget(small, 100_000_000)))
        .isInstanceOf(RejectedMediaException.class)
        .hasMessageContaining("48 × 32");
    Limits exact = Limits.DEFAULT.withMaxPixels(48 * 32);
    assertThat(engine.inspect(source, new TestBudget(exact, 100_000_000)).get(Fact.WIDTH))
        .contains(48);
    assertThatThrownBy(
            () ->
                engine.render(
                    source, List.of(PNG.fill(100, 100)), new TestBudget(exact, 100_000_000)))
        .isInstanceOfSatisfying(
            TransformationException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageContaining("100 × 100");
  }

  @ParameterizedTest
  @ValueSource(strings = {"JPEG", "PNG", "WEBP"})
  void variantsCarryNoMetadata(String name) {
    BufferedImage image = Pictures.image(40, 30, RGB, (x, y) -> x * 0x050301);
    byte[] jpeg = Pictures.withExif(Pictures.encoded(image, "jpeg"), 1, "SECRETMAKER");
    jpeg = Pictures.withSegment(jpeg, 0xFE, "SECRETCOMMENT".getBytes(StandardCharsets.ISO_8859_1));
    Format format = Format.valueOf(name);
    org.junit.jupiter.api.Assumptions.assumeTrue(
        format != Format.WEBP || WebpNative.available(), "no WebP encoder on this platform");
    byte[] out =
        bytes(
            rendition(
                Pictures.source(folder, MediaType.JPEG, jpeg),
                Transformation.image().format(format)));
    String text = new String(out, StandardCharsets.ISO_8859_1);
    assertThat(text)
        .doesNotContain("SECRET", "Exif", "ICC_PROFILE", "http", "EXIF", "ICCP", "XMP ");
    switch (format) {
      case JPEG -> assertThat(markers(out)).containsOnly(0xE0, 0xDB, 0xC0, 0xC4);
      case PNG -> assertThat(chunks(out)).isSubsetOf("IHDR", "PLTE", "tRNS", "IDAT", "IEND");
      default -> assertThat(text.substring(8, 16)).isEqualTo("WEBPVP8 ");
    }
  }

  private static List<Integer> markers(byte[] jpeg) {
    List<Integer> found = new java.util.ArrayList<>();
    int at = 2;
    while ((jpeg[at + 1] & 0xFF) != 0xDA) {
      found.add(jpeg[at + 1] & 0xFF);
      at += 2 + ((jpeg[at + 2] & 0xFF) << 8 | jpeg[at + 3] & 0xFF);
    }
    return found;
  }

  private static List<String> chunks(byte[] png) {
    List<String> found = new java.util.ArrayList<>();
    java.nio.ByteBuffer in = java.nio.ByteBuffer.wrap(png);
    for (int at = 8; at < png.length; at += 12 + in.getInt(at)) {
      found.add(new String(png, at + 4, 4, StandardCharsets.ISO_8859_1));
    }
    return found;
  }

  @Test
  void webpIsWrittenWithAlphaAndReadBackByThisEngine() {
    org.junit.jupiter.api.Assumptions.assumeTrue(WebpNative.available(), "no WebP encoder");
    BufferedImage image = Pictures.image(64, 48, ARGB, (x, y) -> x < 32 ? 0 : 0xFF2060C0);
    Rendition webp =
        rendition(
            Pictures.png(folder, image), Transformation.image().format(Format.WEBP).quality(90));
    assertThat(webp.type()).isEqualTo(MediaType.WEBP);
    Source again = Pictures.source(folder, MediaType.WEBP, bytes(webp));
    BufferedImage back = variant(again, PNG);
    assertThat(back.getRGB(8, 24) >>> 24).isZero();
    assertThat(back.getRGB(56, 24) >>> 24).isEqualTo(255);
    assertThat((double) (back.getRGB(56, 24) & 0xFF)).isCloseTo(0xC0, within(8.0));
    assertThat(engine.inspect(again, new TestBudget()).get(Fact.ALPHA)).contains(true);
  }

  @Test
  void noNativeWebpReaderIsKnownToImageIo() {
    engine.accepts(MediaType.PNG, Transformation.image().format(Format.WEBP));
    ImageIO.scanForPlugins();
    Iterator<ImageReader> readers = ImageIO.getImageReadersByMIMEType("image/webp");
    while (readers.hasNext()) {
      assertThat(readers.next().getClass().getName()).startsWith("com.twelvemonkeys.");
    }
    assertThat(getClass().getResource("/com/luciad/imageio/webp/WebPImageReaderSpi.class"))
        .isNull();
  }

  @Test
  void damagedFilesAreRefusedWithAReason() {
    byte[] png = Pictures.encoded(corners(), "png");
    byte[] flipped = png.clone();
    flipped[png.length - 20] ^= 0x55;
    byte[] jpeg = Pictures.encoded(corners(), "jpeg");
    assertRejected(MediaType.PNG, flipped, "bad CRC");
    assertRejected(MediaType.PNG, Arrays.copyOf(png, png.length / 2), "PNG");
    assertRejected(MediaType.JPEG, Arrays.copyOf(jpeg, jpeg.length - 60), "ends early");
    assertRejected(MediaType.JPEG, png, "does not start as a JPEG");
    assertRejected(MediaType.WEBP, new byte[0], "WEBP");
    byte[] arithmetic = jpeg.clone();
    arithmetic[indexOf(jpeg, 0xC0) + 1] = (byte) 0xC9;
    assertRejected(MediaType.JPEG, arithmetic, "arithmetic-coded JPEG is not supported");
    arithmetic[indexOf(jpeg, 0xC0) + 1] = (byte) 0xC3;
    assertRejected(MediaType.JPEG, arithmetic, "lossless JPEG is not supported");
    byte[] deep = jpeg.clone();
    deep[indexOf(jpeg, 0xC0) + 4] = 12;
    assertRejected(MediaType.JPEG, deep, "12-bit JPEG is not supported");
  }

  private static int indexOf(byte[] jpeg, int marker) {
    int at = 2;
    while ((jpeg[at + 1] & 0xFF) != marker) {
      at += 2 + ((jpeg[at + 2] & 0xFF) << 8 | jpeg[at + 3] & 0xFF);
    }
    return at;
  }

  private void assertRejected(MediaType type, byte[] bytes, String reason) {
    Source source = Pictures.source(folder, type, bytes);
    assertThatThrownBy(() -> engine.inspect(source, new TestBudget()))
        .isInstanceOf(RejectedMediaException.class)
        .hasMessageContaining(reason);
    assertThatThrownBy(() -> engine.render(source, List.of(PNG), new TestBudget()))
        .isInstanceOf(RejectedMediaException.class);
  }

  @Test
  void randomDamageNeverEscapesAsAnythingElse() {
    long seed = System.nanoTime();
    System.out.println("damage seed " + seed);
    Random random = new Random(seed);
    BufferedImage image = Pictures.image(40, 30, RGB, (x, y) -> x * y * 0x010203);
    for (String format : List.of("jpeg", "png", "gif", "bmp", "tiff")) {
      byte[] good = Pictures.encoded(image, format);
      for (int i = 0; i < 150; i++) {
        byte[] bad =
            Arrays.copyOf(
                good, random.nextInt(4) == 0 ? 1 + random.nextInt(good.length) : good.length);
        for (int n = random.nextInt(6); n >= 0; n--) {
          bad[random.nextInt(Math.min(bad.length, 1 + random.nextInt(good.length)))] =
              (byte) random.nextInt();
        }
        Source source = Pictures.source(folder, new MediaType("image/" + format), bad);
        TestBudget budget = new TestBudget(Limits.DEFAULT.withMaxPixels(1_000_000), 50_000_000);
        try {
          engine.inspect(source, budget);
          engine.render(source, List.of(PNG.inside(20, 20)), budget);
        } catch (RejectedMediaException | LimitExceededException e) {
          assertThat(e.getMessage()).isNotBlank();
        }
        assertThat(budget.reserved.get()).isZero();
      }
    }
  }

  @Test
  void aLosslessReencodingHasTheSamePixelDigestAndAnotherPictureHasNot() {
    BufferedImage image = Pictures.image(50, 40, RGB, (x, y) -> 0xFF000000 | x * 5 << 16 | y * 6);
    BufferedImage withAlpha = Pictures.image(50, 40, ARGB, (x, y) -> image.getRGB(x, y));
    BufferedImage other =
        Pictures.image(50, 40, RGB, (x, y) -> image.getRGB(x, y) ^ (x == 49 && y == 39 ? 1 : 0));
    String digest = digest(MediaType.PNG, Pictures.encoded(image, "png"));
    assertThat(digest(MediaType.BMP, Pictures.encoded(image, "bmp"))).isEqualTo(digest);
    assertThat(digest(MediaType.TIFF, Pictures.encoded(image, "tiff"))).isEqualTo(digest);
    assertThat(digest(MediaType.PNG, Pictures.encoded(withAlpha, "png"))).isEqualTo(digest);
    assertThat(digest(MediaType.PNG, Pictures.encoded(other, "png"))).isNotEqualTo(digest);
    byte[] hiddenRed = Pictures.encoded(Pictures.image(9, 9, ARGB, (x, y) -> 0x00FF0000), "png");
    byte[] hiddenBlue = Pictures.encoded(Pictures.image(9, 9, ARGB, (x, y) -> 0x000000FF), "png");
    assertThat(digest(MediaType.PNG, hiddenRed)).isEqualTo(digest(MediaType.PNG, hiddenBlue));
  }

  private String digest(MediaType type, byte[] bytes) {
    Facts facts = engine.inspect(Pictures.source(folder, type, bytes), new TestBudget());
    return facts.get(Fact.PIXEL_DIGEST).orElseThrow().hex();
  }

  @Test
  void thePerceptualHashSurvivesReductionAndTellsPicturesApart() {
    BufferedImage one =
        Pictures.image(
            300,
            200,
            RGB,
            (x, y) -> (int) (127 + 120 * Math.sin(x / 31.0) * Math.cos(y / 23.0)) * 0x010101);
    BufferedImage two =
        Pictures.image(
            300, 200, RGB, (x, y) -> (int) (127 + 120 * Math.sin((x + 2 * y) / 37.0)) * 0x010101);
    Source source = Pictures.png(folder, one);
    Source small =
        Pictures.source(
            folder,
            MediaType.JPEG,
            bytes(rendition(source, Transformation.image().inside(150, 150).format(Format.JPEG))));
    var hash = engine.inspect(source, new TestBudget()).get(Fact.PERCEPTUAL_HASH).orElseThrow();
    assertThat(
            engine
                .inspect(small, new TestBudget())
                .get(Fact.PERCEPTUAL_HASH)
                .orElseThrow()
                .distance(hash))
        .isLessThanOrEqualTo(4);
    assertThat(
            engine
                .inspect(Pictures.png(folder, two), new TestBudget())
                .get(Fact.PERCEPTUAL_HASH)
                .orElseThrow()
                .distance(hash))
        .isGreaterThan(12);
  }

  @Test
  void anEmbeddedProfileIsConvertedAndABrokenOneIgnored() {
    BufferedImage image = Pictures.image(16, 16, RGB, (x, y) -> 0xFF808080);
    byte[] png = Pictures.encoded(image, "png");
    byte[] linear =
        java.awt.color.ICC_Profile.getInstance(java.awt.color.ColorSpace.CS_LINEAR_RGB).getData();
    BufferedImage converted =
        variant(
            Pictures.source(
                folder, MediaType.PNG, Pictures.withChunk(png, "iCCP", profile(linear))),
            PNG);
    // Half the light is 188 of 255 in sRGB.
    assertThat((double) (converted.getRGB(8, 8) & 0xFF)).isCloseTo(188, within(2.0));
    byte[] broken = Arrays.copyOf(linear, 200);
    BufferedImage plain =
        variant(
            Pictures.source(
                folder, MediaType.PNG, Pictures.withChunk(png, "iCCP", profile(broken))),
            PNG);
    assertThat(plain.getRGB(8, 8)).isEqualTo(0xFF808080);
    byte[] bomb = Pictures.withChunk(png, "iCCP", profile(new byte[30_000_000]));
    assertThat(variant(Pictures.source(folder, MediaType.PNG, bomb), PNG).getRGB(8, 8))
        .isEqualTo(0xFF808080);
  }

  @Test
  void inksOfATiffBecomeWhatTheirProfileSays() {
    int[] inks = {200, 30, 90, 10};
    byte[] icc = dev.hfsm.imaging.color.MadeProfiles.inks();
    byte[] expected = new byte[3];
    byte[] pixel = {(byte) inks[0], (byte) inks[1], (byte) inks[2], (byte) inks[3]};
    dev.hfsm.imaging.color.LutConverter.of(icc).orElseThrow().bytes(pixel, 0, 4, expected, 0, 3, 1);
    BufferedImage image =
        variant(Pictures.source(folder, MediaType.TIFF, EveryKind.inksInTiff(inks, icc)), PNG);
    int argb = image.getRGB(40, 30);
    assertThat(new byte[] {(byte) (argb >> 16), (byte) (argb >> 8), (byte) argb})
        .isEqualTo(expected);
  }

  private static byte[] profile(byte[] icc) {
    return Pictures.concat(new byte[] {'p', 0, 0}, Pictures.deflated(icc));
  }

  @Test
  void onlyKnownTypesAreAccepted() {
    assertThat(engine.id()).hasToString("image@1");
    assertThat(engine.inspects(MediaType.JPEG)).isTrue();
    assertThat(engine.inspects(new MediaType("image/heic"))).isTrue();
    assertThat(engine.inspects(new MediaType("image/svg+xml"))).isFalse();
    assertThat(engine.inspects(new MediaType("video/mp4"))).isFalse();
    assertThat(engine.accepts(MediaType.TIFF, PNG)).isTrue();
    assertThat(engine.accepts(MediaType.TIFF, Transformation.image())).isFalse();
    assertThat(engine.accepts(new MediaType("image/heic"), PNG)).isFalse();
  }
}
