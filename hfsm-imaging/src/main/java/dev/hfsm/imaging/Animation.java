package dev.hfsm.imaging;

import dev.hfsm.error.TransformationException;
import dev.hfsm.imaging.gif.GifWriter;
import dev.hfsm.imaging.resample.Filter;
import dev.hfsm.imaging.resample.Resampler;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Limits;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Stage;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Makes one variant in which all frames of a GIF or a WebP are kept, as far as limits let them be
 * used. Each frame is composed on the whole canvas before it is resized, so that no frame shows
 * another's edges.
 */
final class Animation {

  /** What is done to each frame after everything else. */
  interface Last {

    /** Prepares for frames that come out in that size, before memory is granted for them. */
    default void begin(int width, int height) throws IOException {}

    /** One frame; of what changes its size it may do the recipe's padding. */
    Canvas frame(Canvas canvas);
  }

  private final Header header;
  private final Frames frames;
  private final Geometry geometry;
  private final Transformation recipe;
  private final Tags tags;
  private final ColorProfile.@Nullable Use profile;
  private final Last last;
  private final Budget budget;

  private Animation(Origin origin, Transformation recipe, Last last, Budget budget)
      throws IOException {
    this.header = origin.header();
    this.recipe = recipe;
    this.last = last;
    this.budget = budget;
    this.geometry = Geometry.of(header, origin.orientation(), recipe, budget.limits().maxPixels());
    Limits limits = budget.limits();
    long used = Math.min(limits.maxFrames(), limits.maxFramePixels() / header.pixels());
    this.frames = open(origin.in(), header, (int) Math.max(1, used), budget);
    this.tags = recipe.format() == Format.WEBP ? origin.tags(recipe, Strip.Model.RGBA) : Tags.NONE;
    this.profile =
        tags.icc() != null
            ? null
            : ColorProfile.of(header.icc())
                .flatMap(known -> known.use(Strip.Model.RGBA))
                .orElse(null);
  }

  /** Whether several frames of that type are looked at. */
  static boolean reads(MediaType type) {
    return type.equals(MediaType.GIF) || type.equals(MediaType.WEBP);
  }

  /** Makes the variant. */
  static Rendition render(Origin origin, Transformation recipe, Last last, Budget budget)
      throws IOException {
    return new Animation(origin, recipe, last, budget).render();
  }

  private static Frames open(Bytes in, Header header, int most, Budget budget) throws IOException {
    return header.type().equals(MediaType.GIF)
        ? GifFrames.open(in, header, most, budget)
        : WebpFrames.open(in, header, most, budget);
  }

  private Rendition render() throws IOException {
    int width = recipe.padding().left() + geometry.canvasWidth() + recipe.padding().right();
    int height = recipe.padding().top() + geometry.canvasHeight() + recipe.padding().bottom();
    check(width, height);
    last.begin(width, height);
    long pixels = (long) width * height;
    long looking = recipe.choosesQuality() ? AutoQuality.bytes(pixels, recipe.format()) : 0;
    long work =
        frames.bytes()
            + writerBytes(width, height)
            + looking
            + Resampler.bytes(
                4, geometry.across().samples(), geometry.down().samples(), Filter.LANCZOS3)
            + Finish.bytes(geometry, recipe, Encoder.bytes(width, height, recipe))
            + 16L * header.width()
            + 20 * pixels
            + (1 << 18);
    long file = CappedOutput.COPIES * (frames.count() * (fileBytes(pixels) + 1000) + (1 << 12));
    long share = Math.max(work + (1 << 16), Math.min(work + file, Math.max(0, budget.largest())));
    try (Budget.Memory memory = budget.reserve(share)) {
      CappedOutput out = new CappedOutput(share - work);
      FrameWriter writer = null;
      Stopwatch decoding = new Stopwatch();
      Stopwatch encoding = new Stopwatch();
      while (next(decoding)) {
        budget.check();
        Canvas canvas =
            last.frame(Finish.apply(resized(frames.canvas()), geometry, recipe, budget))
                .withAlpha();
        if (writer == null) {
          writer = writer(canvas, out);
        }
        encoding.start();
        writer.frame(canvas, frames.millis());
        encoding.stop();
      }
      if (writer == null) {
        throw new Malformed("it holds no picture");
      }
      encoding.start();
      byte[] written = writer.finish();
      encoding.stop();
      decoding.tell(Stage.DECODE, budget);
      encoding.tell(Stage.ENCODE, budget);
      return Encoder.rendition(recipe, width, height, written);
    }
  }

  private boolean next(Stopwatch decoding) throws IOException {
    decoding.start();
    boolean more = frames.next();
    decoding.stop();
    return more;
  }

  /** A quality that has to be chosen is chosen by the first frame. */
  private FrameWriter writer(Canvas first, CappedOutput out) throws IOException {
    OptionalInt loops = frames.loops();
    if (recipe.format() == Format.GIF) {
      return new GifFrameWriter(first.width, first.height, loops, out, budget);
    }
    Transformation settled =
        recipe.choosesQuality()
            ? recipe.quality(AutoQuality.quality(first, recipe, budget))
            : recipe;
    return new WebpFrameWriter(first.width, first.height, loops, settled, tags, out, budget);
  }

  private long writerBytes(int width, int height) {
    return recipe.format() == Format.GIF
        ? GifWriter.bytes(width, height)
        : WebpFrameWriter.bytes(width, height) + 3 * tags.bytes();
  }

  /** Of a frame of noise: GIF has codes of 12 bits for 8; bitmaps of WebP hardly grow. */
  private long fileBytes(long pixels) {
    return recipe.format() == Format.GIF
        ? pixels * 8 / 5
        : recipe.isLossless() ? 5 * pixels : 3 * pixels;
  }

  private void check(int width, int height) {
    Encoder.side(width, height, recipe.format());
    if ((long) width * height > budget.limits().maxFramePixels() / frames.count()) {
      throw new TransformationException(
          "the variant would be %d frames of %d × %d pixels; at most %d pixels are made"
              .formatted(frames.count(), width, height, budget.limits().maxFramePixels()),
          null,
          false);
    }
  }

  private Canvas resized(int[] argb) throws IOException {
    Canvas result = new Canvas(geometry.across().count(), geometry.down().count(), 4);
    Resampler resampler =
        new Resampler(
            4,
            geometry.across().samples(),
            geometry.down().samples(),
            Filter.LANCZOS3,
            (y, row) -> result.store(y, row, true),
            budget::check);
    Rectangle source = geometry.source();
    float[] row = new float[4 * source.width()];
    for (int y = source.y(); y < source.y() + source.height(); y++) {
      int at = y * header.width() + source.x();
      for (int x = 0, p = 0; x < source.width(); x++, p += 4) {
        int color = argb[at + x];
        float share = (color >>> 24) / 255f;
        row[p] = (color >> 16 & 0xFF) * share;
        row[p + 1] = (color >> 8 & 0xFF) * share;
        row[p + 2] = (color & 0xFF) * share;
        row[p + 3] = color >>> 24;
      }
      resampler.row(row, 0);
    }
    ColorProfile.Use use = profile;
    return use == null ? result : use.toSrgb(result);
  }
}
