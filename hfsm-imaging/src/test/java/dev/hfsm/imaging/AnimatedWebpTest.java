package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.HfsmException;
import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.imaging.gif.ReferenceGif;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Keep;
import dev.hfsm.transform.Limits;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Animations that are written as WebP, or come as WebP. */
class AnimatedWebpTest extends EngineFixture {

  private static final Transformation WEBP = Transformation.image().format(Format.WEBP);
  private static final Transformation EXACT = WEBP.losslessWebp();
  private static final IntFunction<BufferedImage> WALK =
      i ->
          Pictures.image(
              60,
              40,
              ARGB,
              (x, y) ->
                  x >= 9 * i && x < 9 * i + 15 && y >= 11 && y < 26 ? 0xFFFFFF00 : 0xFF204080);

  /** A hole in what is opaque, which opens and closes. */
  private static final IntFunction<BufferedImage> HOLE =
      i ->
          Pictures.image(
              50, 30, ARGB, (x, y) -> i % 2 == 1 && x > 10 && x < 31 && y > 5 ? 0 : 0xFFC02040);

  private ReferenceWebp made(MediaType type, byte[] file, Transformation recipe) {
    Rendition rendition = rendition(Pictures.source(folder, type, file), recipe);
    assertThat(rendition.type()).isEqualTo(MediaType.WEBP);
    ReferenceWebp webp = new ReferenceWebp(bytes(rendition));
    assertThat(webp.width()).isEqualTo(rendition.width());
    assertThat(webp.height()).isEqualTo(rendition.height());
    return webp;
  }

  private static void same(List<BufferedImage> found, byte[] gif) {
    List<ReferenceGif.Shown> expected = ReferenceGif.frames(gif);
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      BufferedImage image = found.get(i);
      int[] argb =
          image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
      for (int p = 0; p < argb.length; p++) {
        argb[p] = argb[p] >>> 24 == 0 ? 0 : argb[p];
      }
      assertThat(argb).as("frame " + i).isEqualTo(expected.get(i).argb());
    }
  }

  @Test
  void everyFrameIsKeptAsItIsWithItsDelay() {
    for (IntFunction<BufferedImage> picture : List.of(WALK, HOLE)) {
      byte[] gif =
          AnimationTest.gif(
              picture.apply(0).getWidth(),
              picture.apply(0).getHeight(),
              5,
              OptionalInt.of(0),
              picture);
      ReferenceWebp webp = made(MediaType.GIF, gif, EXACT);
      same(webp.shown(), gif);
      assertThat(webp.frames().stream().map(ReferenceWebp.Frame::millis))
          .containsExactly(0, 10, 20, 30, 40);
    }
  }

  @Test
  void onlyTheRectangleThatChangesIsStored() {
    ReferenceWebp webp =
        made(MediaType.GIF, AnimationTest.gif(60, 40, 4, OptionalInt.of(0), WALK), EXACT);
    ReferenceWebp.Frame first = webp.frames().get(0);
    assertThat(first.width()).isEqualTo(60);
    assertThat(first.height()).isEqualTo(40);
    ReferenceWebp.Frame third = webp.frames().get(2);
    // From 9 to 33, from 11 to 26; offsets are even.
    assertThat(List.of(third.left(), third.top(), third.width(), third.height()))
        .containsExactly(8, 10, 25, 16);
  }

  @Test
  void aFrameThatChangesNothingStillTakesItsTime() {
    ReferenceWebp webp =
        made(
            MediaType.GIF,
            AnimationTest.gif(60, 40, 3, OptionalInt.empty(), i -> WALK.apply(1)),
            EXACT);
    assertThat(webp.frames()).hasSize(3);
    assertThat(webp.frames().get(2).width()).isEqualTo(1);
    assertThat(webp.frames().get(2).millis()).isEqualTo(20);
  }

  @Test
  void repetitionsBecomePlays() {
    for (int[] pair : new int[][] {{-1, 1}, {0, 0}, {7, 8}, {65_535, 65_535}}) {
      OptionalInt loops = pair[0] < 0 ? OptionalInt.empty() : OptionalInt.of(pair[0]);
      ReferenceWebp webp =
          made(MediaType.GIF, AnimationTest.gif(60, 40, 2, loops, WALK), WEBP.width(20));
      assertThat(webp.plays()).isEqualTo(pair[1]);
    }
  }

  @Test
  void lossyFramesAreResizedAndLookLikeThoseOfAGif() {
    byte[] gif = AnimationTest.gif(60, 40, 4, OptionalInt.of(0), WALK);
    Source source = Pictures.source(folder, MediaType.GIF, gif);
    List<UnaryOperator<Transformation>> shapes =
        List.of(t -> t.width(30), t -> t.rotate(90), t -> t.cover(20, 20));
    for (UnaryOperator<Transformation> shape : shapes) {
      List<BufferedImage> exact = made(MediaType.GIF, gif, shape.apply(EXACT)).shown();
      BufferedImage still = variant(source, shape.apply(PNG));
      assertThat(exact).hasSize(4);
      assertThat(Pictures.difference(exact.get(0), still)).isLessThan(0.01);
      for (Transformation recipe : List.of(shape.apply(WEBP), shape.apply(WEBP.autoQuality()))) {
        List<BufferedImage> frames = made(MediaType.GIF, gif, recipe).shown();
        for (int i = 0; i < 4; i++) {
          assertThat(Pictures.difference(frames.get(i), exact.get(i)))
              .as(recipe.canonical() + " frame " + i)
              .isLessThan(12);
        }
      }
    }
  }

  @Test
  void aStillGifBecomesAStillWebp() {
    byte[] gif = AnimationTest.gif(60, 40, 1, OptionalInt.empty(), WALK);
    Rendition still = rendition(Pictures.source(folder, MediaType.GIF, gif), WEBP);
    assertThat(new ReferenceWebp(bytes(still)).names()).doesNotContain("ANIM", "VP8X");
  }

  @Test
  void anAnimatedWebpKeepsItsFramesAsGifAndAsWebp() {
    byte[] gif = AnimationTest.gif(50, 30, 5, OptionalInt.of(3), HOLE);
    byte[] webp = made(MediaType.GIF, gif, EXACT).file;
    ReferenceWebp again = made(MediaType.WEBP, webp, EXACT);
    same(again.shown(), gif);
    assertThat(again.plays()).isEqualTo(4);
    Rendition back =
        rendition(
            Pictures.source(folder, MediaType.WEBP, webp),
            Transformation.image().format(Format.GIF));
    List<ReferenceGif.Shown> frames = ReferenceGif.frames(bytes(back));
    same(again.shown(), bytes(back));
    assertThat(frames.stream().map(ReferenceGif.Shown::delay)).containsExactly(0, 1, 2, 3, 4);
  }

  /** Frames of 12 × 8 at (4, 2) that blend or replace, and stay or go, over one of 20 × 14. */
  private byte[] handMade(byte[]... extra) {
    int[] colors = {0xFF3060C0, 0x80FF0000, 0x40FFFFFF, 0x0000FF00, 0xC000FF00};
    List<byte[]> parts = new ArrayList<>();
    parts.add(chunk("VP8X", 0x12 | (extra.length > 0 ? 0x2C : 0), 0, 0, 0, 19, 0, 0, 13, 0, 0));
    if (extra.length > 0) {
      parts.add(extra[0]);
    }
    parts.add(chunk("ANIM", 1, 2, 3, 4, 2, 0));
    int[] flags = {2, 0, 1, 2, 0};
    for (int i = 0; i < colors.length; i++) {
      int color = colors[i];
      boolean small = i > 0;
      BufferedImage image =
          Pictures.image(small ? 12 : 20, small ? 8 : 14, ARGB, (x, y) -> x == 3 ? 0 : color);
      byte[] png = Pictures.encoded(image, "png");
      byte[] still = bytes(rendition(Pictures.source(folder, MediaType.PNG, png), EXACT));
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      int w = image.getWidth() - 1;
      int h = image.getHeight() - 1;
      for (int value : new int[] {small ? 2 : 0, small ? 1 : 0, w, h, 70 + i}) {
        body.write(value);
        body.write(0);
        body.write(0);
      }
      body.write(flags[i]);
      body.write(still, 12, still.length - 12);
      parts.add(chunk("ANMF", body.toByteArray()));
    }
    for (int i = 1; i < extra.length; i++) {
      parts.add(extra[i]);
    }
    byte[] all = Pictures.concat(parts.toArray(byte[][]::new));
    ByteBuffer file = ByteBuffer.allocate(12 + all.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(4 + all.length);
    return file.put("WEBP".getBytes(StandardCharsets.US_ASCII)).put(all).array();
  }

  private static byte[] chunk(String name, int... body) {
    byte[] bytes = new byte[body.length];
    for (int i = 0; i < body.length; i++) {
      bytes[i] = (byte) body[i];
    }
    return chunk(name, bytes);
  }

  private static byte[] chunk(String name, byte[] body) {
    ByteBuffer chunk =
        ByteBuffer.allocate(8 + body.length + (body.length & 1)).order(ByteOrder.LITTLE_ENDIAN);
    chunk.put(name.getBytes(StandardCharsets.US_ASCII)).putInt(body.length).put(body);
    return chunk.array();
  }

  @Test
  void framesBlendReplaceAndGoAsTheyAreTold() {
    byte[] webp = handMade();
    List<BufferedImage> expected = new ReferenceWebp(webp).shown();
    ReferenceWebp found = made(MediaType.WEBP, webp, EXACT);
    List<BufferedImage> shown = found.shown();
    assertThat(found.frames().stream().map(ReferenceWebp.Frame::millis))
        .containsExactly(70, 71, 72, 73, 74);
    assertThat(found.plays()).isEqualTo(2);
    for (int i = 0; i < expected.size(); i++) {
      for (int y = 0; y < 14; y++) {
        for (int x = 0; x < 20; x++) {
          int a = expected.get(i).getRGB(x, y);
          int b = shown.get(i).getRGB(x, y);
          for (int shift = 0; shift < 32; shift += 8) {
            boolean seen = shift == 24 || a >>> 24 != 0;
            int difference = seen ? (a >>> shift & 0xFF) - (b >>> shift & 0xFF) : 0;
            assertThat(Math.abs(difference))
                .as("frame %d at %d, %d: %08x, %08x", i, x, y, a, b)
                .isLessThanOrEqualTo(3);
          }
        }
      }
    }
  }

  @Test
  void nothingButFramesIsWrittenUnlessItIsToBeKept() {
    byte[] exif =
        new Rights(java.util.Optional.of("Ann Artist"), java.util.Optional.empty()).exif();
    byte[] secret = "secret place and camera".getBytes(StandardCharsets.US_ASCII);
    byte[] icc = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
    byte[] webp =
        handMade(
            chunk("ICCP", icc), chunk("EXIF", exif), chunk("XMP ", secret), chunk("JUNK", secret));
    for (Transformation recipe : List.of(WEBP, EXACT, WEBP.width(10))) {
      ReferenceWebp plain = made(MediaType.WEBP, webp, recipe);
      assertThat(plain.names()).containsExactly("VP8X", "ANIM", "ANMF");
      assertThat(plain.flags() & ~0x10).isEqualTo(0x02);
      for (ReferenceWebp.Frame frame : plain.frames()) {
        int from = frame.chunk().at() + 16;
        assertThat(plain.chunks(from, frame.chunk().at() + frame.chunk().length()))
            .extracting(ReferenceWebp.Chunk::name)
            .isSubsetOf("ALPH", "VP8 ", "VP8L");
      }
    }
    ReferenceWebp kept = made(MediaType.WEBP, webp, EXACT.keep(Keep.ICC).keep(Keep.COPYRIGHT));
    assertThat(kept.names()).containsExactly("VP8X", "ICCP", "ANIM", "ANMF", "EXIF");
    assertThat(kept.flags() & ~0x10).isEqualTo(0x2A);
    assertThat(kept.contents("ICCP")).isEqualTo(icc);
    assertThat(new String(kept.contents("EXIF"), StandardCharsets.UTF_8)).contains("Ann Artist");
    assertThat(new String(kept.file, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
  }

  @Test
  void noMoreFramesAreUsedThanLimitsAllow() {
    byte[] gif = AnimationTest.gif(60, 40, 6, OptionalInt.of(0), WALK);
    Source source = Pictures.source(folder, MediaType.GIF, gif);
    Limits three = new Limits(1_000_000, 3, 1_000_000, 100, 1_000_000);
    Limits pixels = new Limits(1_000_000, 100, 4 * 2400, 100, 1_000_000);
    assertThat(frames(source, three)).isEqualTo(3);
    assertThat(frames(source, pixels)).isEqualTo(4);
    Source webp = Pictures.source(folder, MediaType.WEBP, handMade());
    assertThat(frames(webp, three)).isEqualTo(3);
    assertThatThrownBy(
            () ->
                engine.render(
                    source,
                    List.of(WEBP.width(120).enlarge()),
                    new TestBudget(pixels, 160_000_000)))
        .isInstanceOf(TransformationException.class)
        .hasMessageContaining("at most 9600 pixels are made");
  }

  private int frames(Source source, Limits limits) {
    TestBudget budget = new TestBudget(limits, 160_000_000);
    return new ReferenceWebp(bytes(engine.render(source, List.of(EXACT), budget).get(0)))
        .frames()
        .size();
  }

  @Test
  void theDeadlineIsLookedAtForEveryFrame() {
    byte[] gif = AnimationTest.gif(60, 40, 40, OptionalInt.of(0), WALK);
    Source source = Pictures.source(folder, MediaType.GIF, gif);
    TestBudget counting = new TestBudget();
    engine.render(source, List.of(WEBP), counting);
    assertThat(counting.checked.get()).isGreaterThan(3 * 40);
    assertThat(counting.reserved.get()).isZero();
    for (long checks = 1; checks < counting.checked.get(); checks += 97) {
      TestBudget short_ = new TestBudget(Limits.DEFAULT, 160_000_000, checks, Long.MAX_VALUE);
      assertThatThrownBy(() -> engine.render(source, List.of(WEBP), short_))
          .isInstanceOf(TransformationException.class)
          .hasMessageContaining("deadline");
      assertThat(short_.reserved.get()).isZero();
    }
  }

  @Test
  void damagedFramesAreRefusedAndNothingElseHappens() {
    byte[] webp = handMade();
    for (int at = 12; at < webp.length; at++) {
      byte[] damaged = webp.clone();
      damaged[at] ^= 0x55;
      Source source = Pictures.source(folder, MediaType.WEBP, damaged);
      TestBudget budget = new TestBudget();
      try {
        engine.render(source, List.of(EXACT), budget);
      } catch (HfsmException e) {
        assertThat(e).isInstanceOfAny(RejectedMediaException.class, TransformationException.class);
      }
      assertThat(budget.reserved.get()).isZero();
    }
  }
}
