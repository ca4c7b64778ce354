package dev.hfsm.imaging;

import dev.hfsm.transform.Fit;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Keep;
import dev.hfsm.transform.Transformation;

/**
 * Parts of recipes: what an engine does on its way through a picture, and what has to be known of
 * the picture before that.
 */
final class PlainRecipe {

  private PlainRecipe() {}

  /** Everything up to sharpening, exact to the pixel. */
  static Transformation of(Transformation recipe) {
    Transformation t = boxed(turned(recipe), recipe);
    if (recipe.background().isPresent()) {
      t = t.background(recipe.background().get());
    }
    if (recipe.blur().isPresent()) {
      t = t.blur(recipe.blur().get().doubleValue());
    }
    if (recipe.sharpen().isPresent()) {
      t = t.sharpen(recipe.sharpen().get().doubleValue());
    }
    for (Keep keep : Keep.values()) {
      t = recipe.keeps(keep) ? t.keep(keep) : t;
    }
    return t;
  }

  /** The part of the picture that is used, upright and in full size. */
  static Transformation cropped(Transformation recipe) {
    Transformation t = Transformation.image().orient(recipe.orient()).format(Format.PNG);
    return recipe
        .crop()
        .map(crop -> t.crop(crop.x(), crop.y(), crop.width(), crop.height()))
        .orElse(t);
  }

  /** The same as it is seen when it is resized. */
  static Transformation turned(Transformation recipe) {
    return cropped(recipe).rotate(recipe.rotation()).flip(recipe.flip());
  }

  private static Transformation boxed(Transformation t, Transformation recipe) {
    if (recipe.fit() == Fit.INSIDE) {
      Transformation wide = recipe.width().isPresent() ? t.width(recipe.width().getAsInt()) : t;
      Transformation box =
          recipe.height().isPresent() ? wide.height(recipe.height().getAsInt()) : wide;
      return recipe.enlarges() ? box.enlarge() : box;
    }
    int width = recipe.width().orElseThrow();
    int height = recipe.height().orElseThrow();
    if (recipe.fit() == Fit.FILL) {
      return t.fill(width, height);
    }
    Transformation box =
        recipe.fit() == Fit.COVER ? t.cover(width, height) : t.contain(width, height);
    return recipe.focal().map(box::focal).orElseGet(() -> box.gravity(recipe.gravity()));
  }
}
