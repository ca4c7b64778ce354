package dev.hfsm.transform;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** What the values of a recipe have to be to go together. */
final class Rules {

  private static final Set<Param> BESIDE_STRIP =
      EnumSet.of(Param.STRIP, Param.QUALITY, Param.KEEP, Param.FORMAT);

  private Rules() {}

  /**
   * Refuses values that do not go together.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  static void check(RecipeValues t) {
    Map<Param, Object> values = t.values;
    box(t, values);
    place(t, values);
    encoding(t, values);
    if (t.strips() && !BESIDE_STRIP.containsAll(values.keySet())) {
      throw new IllegalArgumentException("strip=true only with q, keep and format");
    }
  }

  private static void box(RecipeValues t, Map<Param, Object> values) {
    boolean bothSides = values.containsKey(Param.WIDTH) && values.containsKey(Param.HEIGHT);
    if (t.fit() != Fit.INSIDE && !bothSides) {
      throw new IllegalArgumentException("w and h with fit=" + Param.format(t.fit()));
    }
    if (t.enlarges() && t.fit() != Fit.INSIDE) {
      throw new IllegalArgumentException("enlarge only with fit=inside, the others always may");
    }
  }

  private static void place(RecipeValues t, Map<Param, Object> values) {
    if (values.containsKey(Param.GRAVITY) && t.fit() != Fit.COVER && t.fit() != Fit.CONTAIN) {
      throw new IllegalArgumentException("gravity only with fit=cover or fit=contain");
    }
    if (t.gravity() == Gravity.SMART && t.fit() != Fit.COVER) {
      throw new IllegalArgumentException("gravity=smart only with fit=cover");
    }
    if (values.containsKey(Param.FOCAL)
        && (t.fit() != Fit.COVER || values.containsKey(Param.GRAVITY))) {
      throw new IllegalArgumentException("focal only with fit=cover and without gravity");
    }
  }

  private static void encoding(RecipeValues t, Map<Param, Object> values) {
    if (t.isLossless() && t.format() != Format.WEBP) {
      throw new IllegalArgumentException("q=lossless only with format=webp");
    }
    boolean placed =
        values.containsKey(Param.WATERMARK_AT)
            || values.containsKey(Param.WATERMARK_OPACITY)
            || values.containsKey(Param.WATERMARK_SCALE);
    if (placed && !values.containsKey(Param.WATERMARK)) {
      throw new IllegalArgumentException(
          "watermark-at, watermark-opacity and watermark-scale only with watermark");
    }
  }
}
