package dev.hfsm.imaging;

import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.imaging.png.PngLimits;
import dev.hfsm.imaging.png.PngReader;
import dev.hfsm.model.MediaType;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Color;
import dev.hfsm.transform.Crop;
import dev.hfsm.transform.Focal;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Gravity;
import dev.hfsm.transform.Padding;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import dev.hfsm.transform.Watermark;
import java.awt.Rectangle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The steps that need to see pixels first, or come after an engine's pass through the picture. What
 * has to be looked for (a border, the best part) is looked for in a rendition of its own and
 * becomes a crop or a focal point; what comes last (grey, padding, watermark, the choice of a
 * quality) is done to a lossless rendition. Each variant depends on the source and its own recipe
 * alone, bit for bit.
 */
final class Operations {

  /** Makes variants of recipes for which {@link #needed} is false. */
  interface Engine {
    List<Rendition> render(Source source, List<Transformation> plain, Budget budget);
  }

  /** Makes variants of sources that move, all frames kept, with a last step for each frame. */
  interface Animator {
    Rendition render(Source source, Transformation recipe, Animation.Last last, Budget budget);
  }

  private static final Color TRANSPARENT = new Color(0);

  private final Source source;
  private final Engine engine;
  private final Animator animator;
  private final Budget budget;

  Operations(Source source, Engine engine, Animator animator, Budget budget) {
    this.source = source;
    this.engine = engine;
    this.animator = animator;
    this.budget = budget;
  }

  /** Whether an engine cannot make this variant alone. */
  static boolean needed(Transformation recipe) {
    return recipe.trim().isPresent() || recipe.gravity() == Gravity.SMART || finishes(recipe);
  }

  private static boolean finishes(Transformation recipe) {
    return recipe.isGrayscale()
        || !recipe.padding().equals(Padding.NONE)
        || recipe.watermark().isPresent()
        || recipe.choosesQuality();
  }

  List<Rendition> render(List<Transformation> wanted) throws IOException {
    List<Transformation> settled = new ArrayList<>();
    List<Transformation> plain = new ArrayList<>();
    for (Transformation recipe : wanted) {
      Transformation known = focused(trimmed(recipe));
      settled.add(known);
      if (!animates(known)) {
        plain.add(finishes(known) ? PlainRecipe.of(known) : known);
      }
    }
    Iterator<Rendition> made = engine.render(source, plain, budget).iterator();
    List<Rendition> done = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      if (animates(settled.get(i))) {
        done.add(animated(settled.get(i), wanted.get(i)));
        continue;
      }
      Rendition rendition = made.next();
      done.add(
          finishes(settled.get(i))
              ? finished(wanted.get(i), rendition)
              : new Rendition(
                  wanted.get(i),
                  rendition.type(),
                  rendition.width(),
                  rendition.height(),
                  rendition.content()));
    }
    return List.copyOf(done);
  }

  /** Whether each frame is finished on its own. */
  private boolean animates(Transformation known) {
    return finishes(known) && known.format() == Format.GIF && source.type().equals(MediaType.GIF);
  }

  private Rendition animated(Transformation known, Transformation wanted) {
    Rendition made = animator.render(source, known, new Decoration(known), budget);
    return new Rendition(wanted, made.type(), made.width(), made.height(), made.content());
  }

  /** What finishes each frame of an animation. */
  private final class Decoration implements Animation.Last {

    private final Transformation recipe;
    private @Nullable Canvas mark;

    Decoration(Transformation recipe) {
      this.recipe = recipe;
    }

    @Override
    public void begin(int width, int height) throws IOException {
      Optional<Watermark> watermark = recipe.watermark();
      if (watermark.isPresent()) {
        mark = canvas(mark(watermark.get(), width, height));
      }
    }

    @Override
    public Canvas frame(Canvas plain) {
      Canvas padded = padded(recipe.isGrayscale() ? Overlay.grey(plain) : plain, recipe);
      Canvas known = mark;
      return known == null
          ? padded
          : Overlay.marked(padded, known, recipe.watermark().orElseThrow());
    }
  }

  private static Canvas padded(Canvas canvas, Transformation recipe) {
    Padding padding = recipe.padding();
    return canvas.placed(
        padding.left() + canvas.width + padding.right(),
        padding.top() + canvas.height + padding.bottom(),
        padding.left(),
        padding.top(),
        paddingColor(recipe));
  }

  private Transformation trimmed(Transformation recipe) throws IOException {
    if (recipe.trim().isEmpty()) {
      return recipe;
    }
    Rendition everything = one(source, PlainRecipe.cropped(recipe));
    int left = recipe.crop().map(Crop::x).orElse(0);
    int top = recipe.crop().map(Crop::y).orElse(0);
    try (PngReader reader = open(everything);
        Budget.Memory memory =
            budget.reserve(
                everything.content().size() + reader.bytes() + 4L * everything.width())) {
      int channels = reader.info().channels();
      int width = everything.width();
      Trim trim = new Trim(width, everything.height(), channels, recipe.trim().getAsInt());
      byte[] row = new byte[width * channels];
      while (reader.row(row, 0)) {
        trim.row(row);
      }
      Rectangle kept = trim.kept();
      return recipe.trimmed(new Crop(left + kept.x, top + kept.y, kept.width, kept.height));
    }
  }

  private Transformation focused(Transformation recipe) throws IOException {
    if (recipe.gravity() != Gravity.SMART) {
      return recipe;
    }
    Transformation small = PlainRecipe.turned(recipe).inside(SmartCrop.SIDE, SmartCrop.SIDE);
    Canvas seen = canvas(one(source, small));
    int width = recipe.width().orElseThrow();
    int height = recipe.height().orElseThrow();
    Focal focal = SmartCrop.find(seen, width, height);
    return recipe.focal(focal);
  }

  private Rendition one(Source from, Transformation recipe) {
    return engine.render(from, List.of(recipe), budget).get(0);
  }

  private PngReader open(Rendition png) throws IOException {
    PngLimits limits = new PngLimits(Long.MAX_VALUE, 1 << 16);
    return PngReader.open(png.content().open(), limits, budget::check);
  }

  private Canvas canvas(Rendition png) throws IOException {
    try (PngReader reader = open(png)) {
      int channels = reader.info().channels();
      byte[] data = new byte[Math.multiplyExact(png.width() * channels, png.height())];
      for (int y = 0; y < png.height(); y++) {
        reader.row(data, y * png.width() * channels);
      }
      Canvas canvas = new Canvas(png.width(), png.height(), channels, data);
      return channels == 2 ? greyAlpha(canvas) : canvas;
    }
  }

  private static Canvas greyAlpha(Canvas pairs) {
    Canvas result = new Canvas(pairs.width, pairs.height, 4);
    for (int p = 0, q = 0; p < pairs.data.length; p += 2, q += 4) {
      result.data[q] = pairs.data[p];
      result.data[q + 1] = pairs.data[p];
      result.data[q + 2] = pairs.data[p];
      result.data[q + 3] = pairs.data[p + 1];
    }
    return result;
  }

  private Rendition finished(Transformation recipe, Rendition plain) throws IOException {
    Padding padding = recipe.padding();
    long width = (long) padding.left() + plain.width() + padding.right();
    long height = (long) padding.top() + plain.height() + padding.bottom();
    long pixels = width * height;
    if (pixels > budget.limits().maxPixels()) {
      throw new TransformationException(
          "the variant would be %d × %d pixels; at most %d pixels are made"
              .formatted(width, height, budget.limits().maxPixels()),
          null,
          false);
    }
    Optional<Rendition> mark =
        recipe.watermark().map(watermark -> mark(watermark, (int) width, (int) height));
    long bytes = plain.content().size() + bytes(recipe, pixels);
    try (Budget.Memory memory = budget.reserve(bytes)) {
      Canvas canvas = canvas(plain);
      if (recipe.isGrayscale()) {
        canvas = Overlay.grey(canvas);
      }
      canvas = padded(canvas, recipe);
      if (mark.isPresent()) {
        Watermark watermark = recipe.watermark().orElseThrow();
        canvas = Overlay.marked(canvas, canvas(mark.get()), watermark);
      }
      budget.check();
      byte[] file =
          recipe.choosesQuality()
              ? AutoQuality.encode(canvas, recipe, budget)
              : Encoder.encode(canvas, recipe, budget);
      return new Rendition(
          recipe,
          recipe.format().mediaType().orElseThrow(),
          canvas.width,
          canvas.height,
          ByteSource.of(file));
    }
  }

  /** Three pictures at a time, then one, what its encoder takes, and what looking at it takes. */
  private static long bytes(Transformation recipe, long pixels) {
    long looking = recipe.choosesQuality() ? AutoQuality.bytes(pixels, recipe.format()) : 0;
    return 16 * pixels + looking + (1 << 18);
  }

  private static Color paddingColor(Transformation recipe) {
    return recipe.background().orElse(recipe.format() == Format.JPEG ? Color.WHITE : TRANSPARENT);
  }

  /** The watermark in the size in which it is laid over the picture. */
  private Rendition mark(Watermark watermark, int width, int height) {
    Source other = source.companions().get(watermark.image());
    if (other == null) {
      throw new TransformationException(
          "the watermark " + watermark.image() + " was not given with the source", null, false);
    }
    Transformation small =
        Transformation.image()
            .inside(Math.min(16_384, Overlay.markWidth(width, watermark)), Math.min(16_384, height))
            .enlarge()
            .format(Format.PNG);
    try {
      return one(other, small);
    } catch (RejectedMediaException e) {
      throw new TransformationException(
          "the watermark " + watermark.image() + " " + e.getMessage(), e, false);
    }
  }
}
