package dev.hfsm.imaging;

import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Color;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Transformation;
import java.math.BigDecimal;

/**
 * What is done to a picture that has its final resolution and is in sRGB: it is turned, placed,
 * blurred and sharpened. The order of these steps is part of the output version.
 */
final class Finish {

  private static final Color TRANSPARENT = new Color(0);

  private Finish() {}

  /** Whether an opaque picture that fills its canvas comes out as it is, but for being turned. */
  static boolean changesNothing(Transformation recipe) {
    return recipe.blur().isEmpty() && recipe.sharpen().isEmpty();
  }

  /**
   * Bytes that finishing takes, with what is given.
   *
   * @param ending what is taken afterwards besides the finished picture
   */
  static long bytes(Geometry geometry, Transformation recipe, long ending) {
    long resized = (long) geometry.across().count() * geometry.down().count();
    long canvas = (long) geometry.canvasWidth() * geometry.canvasHeight();
    double sigma =
        Math.max(
            recipe.blur().map(BigDecimal::doubleValue).orElse(0.0),
            recipe.sharpen().map(BigDecimal::doubleValue).orElse(0.0));
    long effects = sigma > 0 ? Effects.bytes(geometry.canvasWidth(), sigma) : 0;
    // Resized, converted or turned, placed, flattened; what is encoded is one of them.
    long pictures = Math.max(8 * resized + 4 * canvas, 8 * canvas);
    return pictures + Math.max(effects, ending);
  }

  static Canvas apply(Canvas resized, Geometry geometry, Transformation recipe, Budget budget) {
    Canvas canvas =
        resized
            .turned(geometry.turn())
            .placed(
                geometry.canvasWidth(),
                geometry.canvasHeight(),
                geometry.left(),
                geometry.top(),
                padding(recipe));
    if (recipe.background().isPresent()) {
      canvas = canvas.over(recipe.background().get());
    }
    if (recipe.format() == Format.JPEG) {
      canvas = canvas.over(Color.WHITE);
    }
    Canvas placed = canvas;
    recipe.blur().ifPresent(sigma -> Effects.blur(placed, sigma.doubleValue(), budget));
    recipe.sharpen().ifPresent(sigma -> Effects.sharpen(placed, sigma.doubleValue(), budget));
    return placed;
  }

  private static Color padding(Transformation recipe) {
    return recipe.background().orElse(recipe.format() == Format.JPEG ? Color.WHITE : TRANSPARENT);
  }
}
