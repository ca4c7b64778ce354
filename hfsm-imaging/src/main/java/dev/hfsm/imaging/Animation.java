package dev.hfsm.imaging;

import dev.hfsm.error.TransformationException;
import dev.hfsm.imaging.gif.GifFile;
import dev.hfsm.imaging.gif.GifInput;
import dev.hfsm.imaging.gif.GifPlayer;
import dev.hfsm.imaging.gif.GifWriter;
import dev.hfsm.imaging.resample.Filter;
import dev.hfsm.imaging.resample.Resampler;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Limits;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Makes one variant of a GIF in which all frames are kept, as far as limits let them be used. Each
 * frame is composed on the whole canvas before it is resized, so that no frame shows another's
 * edges.
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
  private final GifFile file;
  private final Geometry geometry;
  private final Transformation recipe;
  private final ColorProfile.@Nullable Use profile;
  private final Last last;
  private final Budget budget;

  private Animation(Bytes in, Header header, Transformation recipe, Last last, Budget budget)
      throws IOException {
    this.header = header;
    this.recipe = recipe;
    this.last = last;
    this.budget = budget;
    this.geometry = Geometry.of(header, 1, recipe, budget.limits().maxPixels());
    Limits limits = budget.limits();
    long used = Math.min(limits.maxFrames(), limits.maxFramePixels() / header.pixels());
    this.file = open(in, header, (int) Math.max(1, used), budget);
    this.profile =
        ColorProfile.of(header.icc()).flatMap(known -> known.use(Strip.Model.RGBA)).orElse(null);
  }

  /** Makes the variant. */
  static Rendition render(Bytes in, Header header, Transformation recipe, Last last, Budget budget)
      throws IOException {
    return new Animation(in, header, recipe, last, budget).render();
  }

  /** Opens a GIF of which that many frames are used at most. */
  static GifFile open(Bytes in, Header header, int frames, Budget budget) throws IOException {
    GifInput input =
        new GifInput() {
          @Override
          public long size() {
            return in.size();
          }

          @Override
          public int read(long at, byte[] into, int length) {
            return in.read(at, into, 0, length);
          }
        };
    GifFile file = GifFile.open(input, frames, budget.limits().maxPixels(), budget::check);
    if (file.width() != header.width() || file.height() != header.height()) {
      throw new Malformed("it has more than one size");
    }
    return file;
  }

  private Rendition render() throws IOException {
    int width = recipe.padding().left() + geometry.canvasWidth() + recipe.padding().right();
    int height = recipe.padding().top() + geometry.canvasHeight() + recipe.padding().bottom();
    check(width, height);
    last.begin(width, height);
    long pixels = (long) width * height;
    long work =
        GifPlayer.bytes(file)
            + GifWriter.bytes(width, height)
            + Resampler.bytes(
                4, geometry.across().samples(), geometry.down().samples(), Filter.LANCZOS3)
            + Finish.bytes(geometry, recipe, Encoder.bytes(width, height, recipe))
            + 16L * header.width()
            + 20 * pixels
            + (1 << 18);
    // Codes of 12 bits for 8, block lengths, a palette for each frame.
    long file = CappedOutput.COPIES * (this.file.frames() * (pixels * 8 / 5 + 1000) + (1 << 12));
    long share = Math.max(work + (1 << 16), Math.min(work + file, Math.max(0, budget.largest())));
    try (Budget.Memory memory = budget.reserve(share)) {
      CappedOutput out = new CappedOutput(share - work);
      GifPlayer player = new GifPlayer(this.file, budget::check);
      GifWriter writer = new GifWriter(width, height, this.file.loops(), out, budget::check);
      while (player.next()) {
        budget.check();
        Canvas canvas =
            last.frame(Finish.apply(resized(player.canvas()), geometry, recipe, budget));
        writer.frame(canvas.withAlpha().data, player.delay());
      }
      writer.finish();
      return Encoder.rendition(recipe, width, height, out.toByteArray());
    }
  }

  private void check(int width, int height) {
    Encoder.gifSide(width, height);
    if ((long) width * height > budget.limits().maxFramePixels() / file.frames()) {
      throw new TransformationException(
          "the variant would be %d frames of %d × %d pixels; at most %d pixels are made"
              .formatted(file.frames(), width, height, budget.limits().maxFramePixels()),
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
        // Alpha is 0, and then everything is, or 255.
        int color = argb[at + x];
        row[p] = color >> 16 & 0xFF;
        row[p + 1] = color >> 8 & 0xFF;
        row[p + 2] = color & 0xFF;
        row[p + 3] = color >>> 24;
      }
      resampler.row(row, 0);
    }
    ColorProfile.Use use = profile;
    return use == null ? result : use.toSrgb(result);
  }
}
