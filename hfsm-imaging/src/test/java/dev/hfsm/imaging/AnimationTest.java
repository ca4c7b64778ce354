package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.HfsmException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.imaging.gif.GifWriter;
import dev.hfsm.imaging.gif.ReferenceGif;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Limits;
import dev.hfsm.transform.Padding;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import dev.hfsm.transform.Watermark;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** What becomes of animations. */
class AnimationTest extends EngineFixture {

  private static final Transformation GIF = Transformation.image().format(Format.GIF);

  /** A white square of 16 × 16 that walks to the right over black, 10 pixels a frame. */
  private static byte[] walking(int frames, OptionalInt loops) {
    return gif(
        80,
        40,
        frames,
        loops,
        i ->
            Pictures.image(
                80,
                40,
                ARGB,
                (x, y) ->
                    x >= 10 * i && x < 10 * i + 16 && y >= 12 && y < 28 ? 0xFFFFFFFF : 0xFF000000));
  }

  static byte[] gif(
      int width, int height, int frames, OptionalInt loops, IntFunction<BufferedImage> picture) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      GifWriter writer = new GifWriter(width, height, loops, out, () -> {});
      for (int i = 0; i < frames; i++) {
        int[] argb = picture.apply(i).getRGB(0, 0, width, height, null, 0, width);
        byte[] rgba = new byte[4 * argb.length];
        for (int p = 0; p < argb.length; p++) {
          rgba[4 * p] = (byte) (argb[p] >> 16);
          rgba[4 * p + 1] = (byte) (argb[p] >> 8);
          rgba[4 * p + 2] = (byte) argb[p];
          rgba[4 * p + 3] = (byte) (argb[p] >>> 24);
        }
        writer.frame(rgba, i);
      }
      writer.finish();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private List<ReferenceGif.Shown> made(byte[] gif, Transformation recipe) {
    Rendition rendition = rendition(Pictures.source(folder, MediaType.GIF, gif), recipe);
    assertThat(rendition.type()).isEqualTo(MediaType.GIF);
    List<ReferenceGif.Shown> frames = ReferenceGif.frames(bytes(rendition));
    assertThat(frames.get(0).width()).isEqualTo(rendition.width());
    assertThat(frames.get(0).height()).isEqualTo(rendition.height());
    return frames;
  }

  private static int at(ReferenceGif.Shown frame, int x, int y) {
    return frame.argb()[y * frame.width() + x];
  }

  @Test
  void everyFrameIsResizedWithItsDelay() {
    List<ReferenceGif.Shown> frames = made(walking(6, OptionalInt.of(0)), GIF.width(40));
    assertThat(frames).hasSize(6);
    for (int i = 0; i < 6; i++) {
      ReferenceGif.Shown frame = frames.get(i);
      assertThat(frame.width()).isEqualTo(40);
      assertThat(frame.height()).isEqualTo(20);
      // Players slow down delays below 20 ms; that is left to them.
      assertThat(frame.delay()).isEqualTo(i);
      assertThat(at(frame, 5 * i + 4, 10) & 0xFF).isGreaterThan(250);
      assertThat(at(frame, (5 * i + 24) % 40, 10) & 0xFF).isLessThan(5);
    }
  }

  @Test
  void cropsTurnsAndCoversLikeAStillPicture() {
    byte[] gif = walking(4, OptionalInt.empty());
    Source source = Pictures.source(folder, MediaType.GIF, gif);
    for (Transformation recipe :
        List.of(
            GIF.crop(4, 10, 50, 20),
            GIF.rotate(90).height(40),
            GIF.cover(16, 16),
            GIF.contain(60, 60),
            GIF.blur(1.2),
            GIF.trim(5))) {
      BufferedImage still = variant(source, recipe.format(Format.PNG));
      ReferenceGif.Shown first = made(gif, recipe).get(0);
      assertThat(first.width()).isEqualTo(still.getWidth());
      BufferedImage shown =
          Pictures.image(
              first.width(), first.height(), RGB, (x, y) -> first.argb()[y * first.width() + x]);
      assertThat(Pictures.difference(shown, still)).as(recipe.canonical()).isLessThan(3);
    }
  }

  @Test
  void loopsAreKeptAndNothingElseOfTheFile() {
    for (OptionalInt loops : List.of(OptionalInt.empty(), OptionalInt.of(0), OptionalInt.of(7))) {
      byte[] clean = walking(3, loops);
      byte[] comment = {0x21, (byte) 0xFE, 6, 's', 'e', 'c', 'r', 'e', 't', 0};
      byte[] xmp =
          Pictures.concat(
              new byte[] {0x21, (byte) 0xFF, 11},
              "XMP DataXMP".getBytes(StandardCharsets.US_ASCII),
              new byte[] {6, 's', 'e', 'c', 'r', 'e', 't', 0});
      byte[] dirty =
          Pictures.concat(
              java.util.Arrays.copyOf(clean, 13),
              comment,
              xmp,
              java.util.Arrays.copyOfRange(clean, 13, clean.length),
              "secret after the end".getBytes(StandardCharsets.US_ASCII));
      Source source = Pictures.source(folder, MediaType.GIF, dirty);
      byte[] made = bytes(rendition(source, GIF));
      String text = new String(made, StandardCharsets.ISO_8859_1);
      assertThat(text).doesNotContain("secret", "XMP").endsWith(";");
      assertThat(text.contains("NETSCAPE2.0")).isEqualTo(loops.isPresent());
      loops.ifPresent(n -> assertThat(text).contains("NETSCAPE2.0\3\1" + (char) n + "\0\0"));
      assertThat(made).isEqualTo(bytes(rendition(source, GIF)));
    }
  }

  @Test
  void transparencyIsKeptAndUncoveredAgain() {
    byte[] gif =
        gif(
            60,
            30,
            3,
            OptionalInt.of(0),
            i ->
                Pictures.image(
                    60, 30, ARGB, (x, y) -> x >= 20 * i && x < 20 * i + 20 ? 0xFF2080C0 : 0));
    List<ReferenceGif.Shown> frames = made(gif, GIF.width(30));
    for (int i = 0; i < 3; i++) {
      for (int k = 0; k < 3; k++) {
        assertThat(at(frames.get(i), 10 * k + 5, 7))
            .as("frame " + i + ", part " + k)
            .isEqualTo(k == i ? 0xFF2080C0 : 0);
      }
    }
    assertThat(made(gif, GIF.background(dev.hfsm.transform.Color.WHITE)).get(1).argb()[0])
        .isEqualTo(0xFFFFFFFF);
  }

  @Test
  void finishingTouchesEveryFrame() {
    Digest digest = new Digest("ab".repeat(32));
    Source mark = Pictures.png(folder, Pictures.image(8, 8, RGB, (x, y) -> 0xFFFF0000));
    Source source =
        Pictures.source(folder, MediaType.GIF, walking(3, OptionalInt.of(0))).with(digest, mark);
    Transformation recipe =
        GIF.pad(new Padding(10, 10, 10, 10))
            .background(dev.hfsm.transform.Color.rgb(0x00FF00))
            .watermark(Watermark.of(digest));
    Rendition rendition = rendition(source, recipe);
    List<ReferenceGif.Shown> frames = ReferenceGif.frames(bytes(rendition));
    assertThat(frames).hasSize(3);
    assertThat(rendition.width()).isEqualTo(100);
    for (ReferenceGif.Shown frame : frames) {
      assertThat(at(frame, 2, 2)).isEqualTo(0xFF00FF00);
      assertThat(at(frame, 90, 50)).isEqualTo(0xFFFF0000);
    }
    assertThat(at(frames.get(1), 10 + 18, 10 + 20)).isEqualTo(0xFFFFFFFF);
  }

  @Test
  void framesBeyondTheLimitsAreLeftOut() {
    Source source = Pictures.source(folder, MediaType.GIF, walking(6, OptionalInt.of(0)));
    TestBudget four = new TestBudget(new Limits(50_000, 4, 50_000, 10, 1000), 1 << 26);
    Rendition made = engine.render(source, List.of(GIF), four).get(0);
    assertThat(ReferenceGif.frames(bytes(made))).hasSize(4);
    TestBudget three = new TestBudget(new Limits(50_000, 100, 3 * 3200 + 5, 10, 1000), 1 << 26);
    made = engine.render(source, List.of(GIF), three).get(0);
    assertThat(ReferenceGif.frames(bytes(made))).hasSize(3);
    assertThat(three.reserved.get()).isZero();
    assertThat(engine.inspect(source, three).get(Fact.FRAMES)).contains(6);
    assertThatThrownBy(() -> engine.render(source, List.of(GIF.width(4000).enlarge()), four))
        .isInstanceOf(TransformationException.class)
        .hasMessageContaining("4000 × 2000");
  }

  @Test
  void anotherFormatShowsTheFirstFrameAndAStillPictureBecomesOneFrame() {
    Source moving = Pictures.source(folder, MediaType.GIF, walking(3, OptionalInt.of(0)));
    BufferedImage still = variant(moving, PNG);
    assertThat(still.getRGB(8, 20)).isEqualTo(0xFFFFFFFF);
    assertThat(still.getRGB(40, 20)).isEqualTo(0xFF000000);
    Source png = Pictures.png(folder, corners());
    List<ReferenceGif.Shown> frames = ReferenceGif.frames(bytes(rendition(png, GIF)));
    assertThat(frames).hasSize(1);
    assertThat(seen(variant(png, GIF))).isEqualTo("RGWB");
  }

  @Test
  void aStillOfAnInterlacedGifHasItsRowsInOrder() {
    // What the JDK writes is interlaced; its reader misplaces rows where there are four or fewer.
    for (int height = 1; height <= 17; height++) {
      BufferedImage image =
          Pictures.image(3, height, RGB, (x, y) -> 0xFF000000 | y * 14 << 16 | x * 80);
      Source source = Pictures.source(folder, MediaType.GIF, Pictures.encoded(image, "gif"));
      BufferedImage made = variant(source, PNG);
      assertThat(Pictures.difference(made, image)).as("height " + height).isZero();
    }
  }

  @Test
  void everyBadGifIsAnsweredInTime() throws Exception {
    Path root = Corpus.rootOrSkip();
    int seen = 0;
    try (var files = Files.walk(root.resolve("bad"))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (!Corpus.sniff(file).filter(MediaType.GIF::equals).isPresent()) {
          continue;
        }
        seen++;
        TestBudget budget = new TestBudget();
        ProcessorTime time = new ProcessorTime();
        String answer;
        try {
          Source source = new Source(MediaType.GIF, Facts.NONE, file);
          byte[] made = bytes(engine.render(source, List.of(GIF.width(200)), budget).get(0));
          answer = ReferenceGif.count(made) + " frames";
        } catch (HfsmException e) {
          answer = e.getMessage();
        }
        long ms = time.millis();
        assertThat(ms).as(file + ": " + answer).isLessThan(10_000);
        assertThat(budget.reserved.get()).as(file.toString()).isZero();
      }
    }
    assertThat(seen).isPositive();
  }

  @Test
  void theCorpusKeepsItsFramesAndItsLooks() throws Exception {
    Path root = Corpus.rootOrSkip();
    for (String name : List.of("rotating-squares.gif", "gifplayer-muybridge.gif", "cogs.gif")) {
      Path file = root.resolve("formats").resolve(name);
      List<ReferenceGif.Shown> expected = ReferenceGif.frames(Files.readAllBytes(file), 8);
      Source source = new Source(MediaType.GIF, Facts.NONE, file);
      byte[] made = bytes(rendition(source, GIF));
      List<ReferenceGif.Shown> frames = ReferenceGif.frames(made, 8);
      assertThat(frames).as(name).hasSameSizeAs(expected);
      for (int i = 0; i < frames.size(); i++) {
        ReferenceGif.Shown a = frames.get(i);
        ReferenceGif.Shown b = expected.get(i);
        assertThat(a.delay()).isEqualTo(b.delay());
        BufferedImage seen = Pictures.image(a.width(), a.height(), ARGB, (x, y) -> at(a, x, y));
        BufferedImage was = Pictures.image(b.width(), b.height(), ARGB, (x, y) -> at(b, x, y));
        assertThat(Pictures.difference(seen, was)).as(name + " " + i).isLessThan(1.5);
      }
      byte[] small = bytes(rendition(source, GIF.inside(120, 120)));
      assertThat(ReferenceGif.count(small))
          .as(name)
          .isEqualTo(ReferenceGif.count(made))
          .isEqualTo(Math.min(100, ReferenceGif.count(Files.readAllBytes(file))));
      System.out.println(
          name
              + ": "
              + Files.size(file)
              + " bytes, again "
              + made.length
              + ", at 120 "
              + small.length);
    }
  }
}
