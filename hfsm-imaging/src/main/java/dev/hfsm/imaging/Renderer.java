package dev.hfsm.imaging;

import dev.hfsm.imaging.resample.Axis;
import dev.hfsm.imaging.resample.Filter;
import dev.hfsm.imaging.resample.Resampler;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Stage;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.util.Optional;

/**
 * Makes one variant of a picture that is neither JPEG nor PNG: reads the rows it needs, resizes
 * them as they come, converts what is left to sRGB, and finishes it.
 */
final class Renderer<T> {

  private final Origin origin;
  private final Job<T> job;
  private final Transformation recipe;
  private final Budget budget;
  private final PixelRows rows;
  private final Geometry geometry;
  private final Rectangle needed;
  private final Stopwatch decoding = new Stopwatch();

  Renderer(Origin origin, Job<T> job, Budget budget) throws IOException {
    this.origin = origin;
    this.job = job;
    this.recipe = job.recipe();
    this.budget = budget;
    this.geometry =
        Geometry.of(origin.header(), origin.orientation(), recipe, budget.limits().maxPixels());
    this.needed =
        geometry.within(geometry.across().lanczosMargin(), geometry.down().lanczosMargin());
    this.rows = PixelRows.of(origin.in(), origin.header(), budget);
  }

  T render() throws IOException {
    job.prepare(geometry.canvasWidth(), geometry.canvasHeight());
    long work = workBytes();
    long perRow = rows.rowBytes(geometry.source().width());
    long wanted = work + rows.fixedBytes() + perRow * geometry.source().height();
    long least = work + rows.fixedBytes() + perRow * 16;
    long share = Math.max(least, Math.min(wanted, budget.largest()));
    try (Budget.Memory memory = budget.reserve(share)) {
      int bandHeight = rows.bandHeight(needed, share - work);
      decoding.start();
      PixelRows.Format format = rows.format(needed, bandHeight);
      decoding.stop();
      Canvas resized = resized(format, bandHeight);
      Tags tags =
          rows.alreadyConverted()
              ? new Tags(null, origin.tags(recipe, format.model()).exif())
              : origin.tags(recipe, format.model());
      Canvas colored = tags.icc() != null ? resized : inSrgb(resized, format.model(), rows);
      return job.of(Finish.apply(colored, geometry, recipe, budget), tags);
    }
  }

  /** Bytes for everything but the decoded rows. */
  private long workBytes() {
    return 40L * geometry.source().width()
        + Resampler.bytes(
            4, geometry.across().samples(), geometry.down().samples(), Filter.LANCZOS3)
        + Finish.bytes(geometry, recipe, job.bytes(geometry.canvasWidth(), geometry.canvasHeight()))
        + (1 << 16);
  }

  /** The part of the source that is used, at the resolution of the result, as stored. */
  private Canvas resized(PixelRows.Format format, int bandHeight) throws IOException {
    int channels = format.channels();
    boolean alpha = format.model() == Strip.Model.RGBA;
    Canvas result = new Canvas(geometry.across().count(), geometry.down().count(), channels);
    Axis across = shifted(geometry.across(), needed.x() - geometry.source().x(), needed.width());
    Axis down = shifted(geometry.down(), needed.y() - geometry.source().y(), needed.height());
    Resampler resampler =
        new Resampler(
            channels,
            across,
            down,
            Filter.LANCZOS3,
            (y, row) -> result.store(y, row, alpha),
            budget::check);
    float[] floats = new float[needed.width() * channels];
    Stopwatch resizing = new Stopwatch();
    decoding.start();
    rows.read(
        needed,
        bandHeight,
        format,
        (y, samples) -> {
          resizing.start();
          scale(samples, floats, format.max(), alpha);
          resampler.row(floats, 0);
          resizing.stop();
        });
    decoding.stop();
    decoding.without(resizing);
    decoding.tell(Stage.DECODE, budget);
    return result;
  }

  private static Axis shifted(Geometry.Axis axis, int begin, int available) {
    return new Axis(available, axis.start() - begin, axis.step(), axis.count());
  }

  /** To 0 to 255, premultiplied if there is alpha. */
  private static void scale(int[] samples, float[] into, int max, boolean alpha) {
    float unit = 255f / max;
    if (!alpha) {
      for (int i = 0; i < into.length; i++) {
        into[i] = samples[i] * unit;
      }
      return;
    }
    float part = unit / max;
    for (int i = 0; i < into.length; i += 4) {
      float a = samples[i + 3] * part;
      into[i] = samples[i] * a;
      into[i + 1] = samples[i + 1] * a;
      into[i + 2] = samples[i + 2] * a;
      into[i + 3] = samples[i + 3] * unit;
    }
  }

  /** What rows were made of, in sRGB. */
  static Canvas inSrgb(Canvas canvas, Strip.Model model, PixelRows rows) {
    Optional<ColorProfile.Use> profile =
        rows.alreadyConverted()
            ? Optional.empty()
            : ColorProfile.of(rows.header().icc()).flatMap(known -> known.use(model));
    if (profile.isPresent()) {
      return profile.get().toSrgb(canvas);
    }
    return model == Strip.Model.CMYK ? ColorProfile.withoutProfile(canvas) : canvas;
  }
}
