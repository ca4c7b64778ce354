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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the engine makes of pictures that the tests generate. */
class ImageTransformerTest {

  private static final int RGB = BufferedImage.TYPE_INT_RGB;
  private static final int ARGB = BufferedImage.TYPE_INT_ARGB;
  private static final Transformation PNG = Transformation.image().format(Format.PNG);

  private final ImageTransformer engine = new ImageTransformer();
  @TempDir Path folder;

  private Rendition rendition(Source source, Transformation recipe) {
    return engine.render(source, List.of(recipe), new TestBudget()).get(0);
  }

  private static byte[] bytes(Rendition rendition) {
    try (var in = rendition.content().open()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private BufferedImage variant(Source source, Transformation recipe) {
    Rendition rendition = rendition(source, recipe);
    BufferedImage image = Pictures.decoded(bytes(rendition));
    assertThat(image.getWidth()).isEqualTo(rendition.width());
    assertThat(image.getHeight()).isEqualTo(rendition.height());
    return image;
  }

  /** 48 × 32: the corners are red, green, blue and white. */
  private static BufferedImage corners() {
    return Pictures.image(
        48,
        32,
        RGB,
        (x, y) -> y < 16 ? (x < 24 ? 0xFFFF0000 : 0xFF00FF00) : x < 24 ? 0xFF0000FF : 0xFFFFFFFF);
  }

  /** The colours at the four corners, clockwise from the left top, each as one letter. */
  private static String seen(BufferedImage image) {
    int w = image.getWidth();
    int h = image.getHeight();
    int[] argb = {
      image.getRGB(3, 3), image.getRGB(w - 4, 3), image.getRGB(w - 4, h - 4), image.getRGB(3, h - 4)
    };
    StringBuilder text = new StringBuilder();
    for (int c : argb) {
      boolean r = (c >> 16 & 0xFF) > 128;
      boolean g = (c >> 8 & 0xFF) > 128;
      boolean b = (c & 0xFF) > 128;
      text.append(r && g && b ? 'W' : r ? 'R' : g ? 'G' : b ? 'B' : '?');
    }
    return text.toString();
  }

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
      TestBudget poor = new TestBudget(Limits.DEFAULT, 1_450_000);
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
      case PNG -> assertThat(chunks(out)).containsOnly("IHDR", "IDAT", "IEND");
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

  private static byte[] profile(byte[] icc) {
    return Pictures.concat(new byte[] {'p', 0, 0}, Pictures.deflated(icc));
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
