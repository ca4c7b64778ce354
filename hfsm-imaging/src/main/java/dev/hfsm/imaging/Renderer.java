package dev.hfsm.imaging;

import dev.hfsm.storage.ByteSource;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Color;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Transformation;
import java.awt.Rectangle;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * Makes one variant: reads the rows it needs, resizes them as they come, converts what is left to
 * sRGB, turns it, places it, blurs or sharpens it, and encodes it. The order of these steps is part
 * of the output version.
 */
final class Renderer {

  private static final Color TRANSPARENT = new Color(0);

  private final Header header;
  private final Transformation recipe;
  private final Budget budget;
  private final Decoder decoder;
  private final Geometry geometry;

  Renderer(Bytes in, Header header, int orientation, Transformation recipe, Budget budget)
      throws IOException {
    this.header = header;
    this.recipe = recipe;
    this.budget = budget;
    this.geometry = Geometry.of(header, orientation, recipe, budget.limits().maxPixels());
    this.decoder = new Decoder(in, header);
  }

  Rendition render() throws IOException {
    long work = workBytes();
    long perRow = decoder.rowBytes(geometry.source().width);
    long wanted = work + decoder.fixedBytes() + perRow * geometry.source().height;
    long least = work + decoder.fixedBytes() + perRow * 16;
    long share = Math.max(least, Math.min(wanted, budget.largest()));
    try (Budget.Memory memory = budget.reserve(share)) {
      Canvas canvas = finished(resized(share - work));
      budget.check();
      byte[] content = Encoder.encode(canvas, recipe, budget);
      budget.check();
      return new Rendition(
          recipe,
          recipe.format().mediaType().orElseThrow(),
          canvas.width,
          canvas.height,
          ByteSource.of(content));
    }
  }

  /** Bytes for everything but the decoded rows. */
  private long workBytes() {
    long resized = (long) geometry.across().count() * geometry.down().count();
    long canvas = (long) geometry.canvasWidth() * geometry.canvasHeight();
    double sigma =
        Math.max(
            recipe.blur().map(BigDecimal::doubleValue).orElse(0.0),
            recipe.sharpen().map(BigDecimal::doubleValue).orElse(0.0));
    long rows = 40L * geometry.source().width;
    return rows
        + Weights.bytes(geometry.across())
        + Weights.bytes(geometry.down())
        + Resampler.bytes(4, geometry.across(), geometry.down())
        + (sigma > 0 ? Effects.bytes(geometry.canvasWidth(), sigma) : 0)
        // Resized, converted or turned, placed, flattened; then the encoder's own copy and output.
        + Math.max(8 * resized + 4 * canvas, 12 * canvas)
        + (1 << 16);
  }

  /** The part of the source that is used, at the resolution of the result, as stored. */
  private Canvas resized(long bytes) throws IOException {
    Weights across = Weights.lanczos(geometry.across());
    Weights down = Weights.lanczos(geometry.down());
    Rectangle source = geometry.source();
    Rectangle needed =
        new Rectangle(
            source.x + across.begin(),
            source.y + down.begin(),
            across.end() - across.begin(),
            down.end() - down.begin());
    Rows rows = new Rows(decoder, budget);
    int bandHeight = Rows.bandHeight(decoder, needed, bytes);
    Rows.Format format = rows.format(needed, bandHeight);
    int channels = format.channels();
    boolean alpha = format.model() == Strip.Model.RGBA;
    Canvas result = new Canvas(across.count, down.count, channels);
    Resampler resampler =
        new Resampler(
            channels, across, down, across.begin(), (y, row) -> result.store(y, row, alpha));
    float[] floats = new float[needed.width * channels];
    rows.read(
        needed,
        bandHeight,
        format,
        (y, samples) -> {
          scale(samples, floats, format.max(), alpha);
          resampler.accept(floats);
        });
    return inSrgb(result, format.model());
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

  private Canvas inSrgb(Canvas canvas, Strip.Model model) {
    Optional<Canvas> converted =
        decoder.alreadyConverted()
            ? Optional.empty()
            : ColorProfile.of(header.icc())
                .filter(profile -> profile.fits(model))
                .flatMap(profile -> profile.convert(canvas, model));
    return converted.orElseGet(
        () -> model == Strip.Model.CMYK ? ColorProfile.withoutProfile(canvas) : canvas);
  }

  private Canvas finished(Canvas resized) {
    Canvas canvas =
        resized
            .turned(geometry.turn())
            .placed(
                geometry.canvasWidth(),
                geometry.canvasHeight(),
                geometry.left(),
                geometry.top(),
                padding());
    if (recipe.background().isPresent()) {
      canvas = canvas.over(recipe.background().get());
    }
    if (recipe.format() == Format.JPEG) {
      canvas = canvas.over(Color.WHITE);
    }
    blurAndSharpen(canvas);
    return canvas;
  }

  private Color padding() {
    return recipe.background().orElse(recipe.format() == Format.JPEG ? Color.WHITE : TRANSPARENT);
  }

  private void blurAndSharpen(Canvas canvas) {
    recipe.blur().ifPresent(sigma -> Effects.blur(canvas, sigma.doubleValue(), budget));
    recipe.sharpen().ifPresent(sigma -> Effects.sharpen(canvas, sigma.doubleValue(), budget));
  }
}
