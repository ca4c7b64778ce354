package dev.hfsm.transform;

import dev.hfsm.model.Digest;

/**
 * A picture that is laid over a variant. It is an asset of the same scope as the variant's own, and
 * named by its bytes, so that a recipe means the same for ever.
 *
 * @param image the digest of the picture
 * @param at where it stands; never {@link Gravity#SMART}
 * @param opacity percent, 1 to 100, by which the picture's own opacity is multiplied
 * @param scale its width in percent of the variant's width, 1 to 100; less if it would be too high
 */
public record Watermark(Digest image, Gravity at, int opacity, int scale) {

  /** Where a watermark stands if nothing is said. */
  public static final Gravity USUAL_PLACE = Gravity.SOUTHEAST;

  /** The usual opacity, in percent. */
  public static final int USUAL_OPACITY = 100;

  /** The usual width, in percent of the variant's. */
  public static final int USUAL_SCALE = 20;

  /** Validates the ranges. */
  public Watermark {
    if (at == Gravity.SMART || opacity < 1 || opacity > 100 || scale < 1 || scale > 100) {
      throw new IllegalArgumentException(
          "watermark: expected a fixed place, opacity and scale from 1 to 100, found %s, %d, %d"
              .formatted(Param.format(at), opacity, scale));
    }
  }

  /** In the corner at the right bottom, as opaque as it is, a fifth of the width. */
  public static Watermark of(Digest image) {
    return new Watermark(image, USUAL_PLACE, USUAL_OPACITY, USUAL_SCALE);
  }

  /** The same at another place. */
  public Watermark at(Gravity place) {
    return new Watermark(image, place, opacity, scale);
  }

  /** The same with another opacity in percent. */
  public Watermark opacity(int percent) {
    return new Watermark(image, at, percent, scale);
  }

  /** The same with another width in percent of the variant's. */
  public Watermark scale(int percent) {
    return new Watermark(image, at, opacity, percent);
  }
}
