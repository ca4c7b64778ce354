package dev.hfsm.imaging;

import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Color;
import dev.hfsm.transform.Crop;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Gravity;
import dev.hfsm.transform.Padding;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import dev.hfsm.transform.Watermark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The steps that need to see pixels first, or come after an engine's pass through the picture. What
 * has to be looked for (a border, the best part) is looked for in a rendition of its own and
 * becomes a crop or a focal point; what comes last (grey, padding, watermark, the choice of a
 * quality) is done to the pixels before they are encoded. Each variant depends on the source and
 * its own recipe alone, bit for bit.
 */
final class Operations {

  /** Goes through a picture once for all that is wanted of it. */
  interface Engine {
    <T> List<T> pass(Source source, List<Job<T>> jobs, Budget budget);
  }

  /** Makes variants of sources that move, all frames kept, with a last step for each frame. */
  interface Animator {
    /** Whether there are several frames that can be kept. */
    boolean moves(Source source, Budget budget);

    Rendition render(Source source, Transformation recipe, Animation.Last last, Budget budget);
  }

  /** Copies the compressed picture and leaves everything else out. */
  interface Copier {
    /** Empty if it cannot be copied and has to be encoded. */
    Optional<Rendition> copy(Source source, Transformation recipe, Budget budget);
  }

  private static final Color TRANSPARENT = new Color(0);

  private final Source source;
  private final Engine engine;
  private final Animator animator;
  private final Copier copier;
  private final Budget budget;

  /** Not looked at yet if null. */
  private @Nullable Boolean moves;

  Operations(Source source, Engine engine, Animator animator, Copier copier, Budget budget) {
    this.copier = copier;
    this.source = source;
    this.engine = engine;
    this.animator = animator;
    this.budget = budget;
  }

  private static boolean finishes(Transformation recipe) {
    return recipe.isGrayscale()
        || !recipe.padding().equals(Padding.NONE)
        || recipe.watermark().isPresent()
        || recipe.choosesQuality();
  }

  List<Rendition> render(List<Transformation> wanted) throws IOException {
    List<Optional<Rendition>> copies = new ArrayList<>();
    List<Transformation> left = new ArrayList<>();
    for (Transformation recipe : wanted) {
      Optional<Rendition> copy =
          Stripped.copies(source.type(), recipe)
              ? copier.copy(source, recipe, budget)
              : Optional.empty();
      copies.add(copy);
      if (copy.isEmpty()) {
        left.add(recipe);
      }
    }
    Iterator<Rendition> made = encoded(left).iterator();
    return copies.stream().map(copy -> copy.orElseGet(made::next)).toList();
  }

  private List<Rendition> encoded(List<Transformation> wanted) throws IOException {
    List<Transformation> settled = new ArrayList<>();
    List<Job<Rendition>> jobs = new ArrayList<>();
    for (Transformation recipe : wanted) {
      Transformation known = focused(trimmed(recipe));
      settled.add(known);
      if (!animates(known)) {
        jobs.add(
            finishes(known) ? new Finishing(recipe, known) : new FileJob(known, recipe, budget));
      }
    }
    Iterator<Rendition> made = engine.pass(source, jobs, budget).iterator();
    List<Rendition> done = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      Transformation known = settled.get(i);
      done.add(animates(known) ? animated(known, wanted.get(i)) : made.next());
    }
    return List.copyOf(done);
  }

  /** Whether frames are kept, each finished on its own. */
  private boolean animates(Transformation known) {
    boolean frames = known.format() == Format.GIF || known.format() == Format.WEBP;
    if (!frames) {
      return false;
    }
    Boolean found = moves;
    if (found == null) {
      found = animator.moves(source, budget);
      moves = found;
    }
    return found || known.format() == Format.GIF && source.type().equals(MediaType.GIF);
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
        mark = mark(watermark.get(), width, height);
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

  private Transformation trimmed(Transformation recipe) {
    if (recipe.trim().isEmpty()) {
      return recipe;
    }
    int left = recipe.crop().map(Crop::x).orElse(0);
    int top = recipe.crop().map(Crop::y).orElse(0);
    int tolerance = recipe.trim().getAsInt();
    Rectangle kept =
        look(
            source,
            PlainRecipe.cropped(recipe),
            seen -> {
              Trim trim = new Trim(seen.width, seen.height, seen.channels, tolerance);
              byte[] row = new byte[seen.width * seen.channels];
              for (int y = 0; y < seen.height; y++) {
                System.arraycopy(seen.data, y * row.length, row, 0, row.length);
                trim.row(row);
              }
              return trim.kept();
            });
    return recipe.trimmed(new Crop(left + kept.x(), top + kept.y(), kept.width(), kept.height()));
  }

  private Transformation focused(Transformation recipe) {
    if (recipe.gravity() != Gravity.SMART) {
      return recipe;
    }
    Transformation small = PlainRecipe.turned(recipe).inside(SmartCrop.SIDE, SmartCrop.SIDE);
    int width = recipe.width().orElseThrow();
    int height = recipe.height().orElseThrow();
    return recipe.focal(look(source, small, seen -> SmartCrop.find(seen, width, height)));
  }

  /** What is found by looking at the pixels of a recipe. */
  private <T> T look(Source from, Transformation recipe, Function<Canvas, T> eye) {
    return engine.pass(from, List.<Job<T>>of(new Looking<>(recipe, eye)), budget).get(0);
  }

  private record Looking<T>(Transformation recipe, Function<Canvas, T> eye) implements Job<T> {
    @Override
    public long bytes(int width, int height) {
      return 1 << 20;
    }

    @Override
    public T of(Canvas finished, Tags tags) {
      return eye.apply(finished);
    }
  }

  /** A variant with something done to it after the pass. */
  private final class Finishing implements Job<Rendition> {

    private final Transformation wanted;
    private final Transformation known;
    private final Transformation recipe;
    private final Decoration decoration;

    Finishing(Transformation wanted, Transformation known) {
      this.wanted = wanted;
      this.known = known;
      this.recipe = PlainRecipe.of(known);
      this.decoration = new Decoration(known);
    }

    @Override
    public Transformation recipe() {
      return recipe;
    }

    private int across(int width) {
      return Math.addExact(width, known.padding().left() + known.padding().right());
    }

    private int down(int height) {
      return Math.addExact(height, known.padding().top() + known.padding().bottom());
    }

    @Override
    public void prepare(int width, int height) throws IOException {
      int w = across(width);
      int h = down(height);
      if ((long) w * h > budget.limits().maxPixels()) {
        throw new TransformationException(
            "the variant would be %d × %d pixels; at most %d pixels are made"
                .formatted(w, h, budget.limits().maxPixels()),
            null,
            false);
      }
      decoration.begin(w, h);
    }

    @Override
    public long bytes(int width, int height) {
      return Operations.bytes(known, across(width), down(height));
    }

    @Override
    public Rendition of(Canvas finished, Tags tags) throws IOException {
      Canvas canvas = decoration.frame(finished);
      budget.check();
      byte[] file =
          known.choosesQuality()
              ? AutoQuality.encode(canvas, known, tags, budget)
              : Encoder.encode(canvas, known, tags, budget);
      return Encoder.rendition(wanted, canvas.width, canvas.height, file);
    }
  }

  /** Two pictures besides the one given, what the encoder takes, and what looking at it takes. */
  private static long bytes(Transformation recipe, int width, int height) {
    long pixels = (long) width * height;
    long looking = recipe.choosesQuality() ? AutoQuality.bytes(pixels, recipe.format()) : 0;
    return 8 * pixels + Encoder.bytes(width, height, recipe) + looking + (1 << 18);
  }

  private static Color paddingColor(Transformation recipe) {
    return recipe.background().orElse(recipe.format() == Format.JPEG ? Color.WHITE : TRANSPARENT);
  }

  /** The watermark in the size in which it is laid over the picture. */
  private Canvas mark(Watermark watermark, int width, int height) {
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
      return look(other, small, seen -> seen);
    } catch (RejectedMediaException e) {
      throw new TransformationException(
          "the watermark " + watermark.image() + " " + e.getMessage(), e, false);
    }
  }
}
