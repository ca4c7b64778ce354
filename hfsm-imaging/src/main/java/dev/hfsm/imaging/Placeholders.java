package dev.hfsm.imaging;

import dev.hfsm.imaging.placeholder.BlurHash;
import dev.hfsm.imaging.placeholder.DominantColor;
import dev.hfsm.imaging.placeholder.ThumbHash;
import dev.hfsm.imaging.placeholder.Thumbnail;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import java.util.Base64;

/** What is shown while a picture is on its way, as facts. */
final class Placeholders {

  /** Terms of a BlurHash; what its authors call usual. */
  private static final int ACROSS = 4;

  private static final int DOWN = 3;

  private Placeholders() {}

  /** From a picture of at most {@link Thumbnail#MAX_SIDE} pixels a side, upright and in sRGB. */
  static Facts of(Canvas small) {
    Canvas seen = small.withAlpha();
    Thumbnail thumbnail = new Thumbnail(seen.width, seen.height, seen.data);
    return Facts.of(Fact.DOMINANT_COLOR, "%06x".formatted(DominantColor.of(thumbnail)))
        .with(Fact.BLUR_HASH, BlurHash.of(thumbnail, ACROSS, DOWN))
        .with(Fact.THUMB_HASH, Base64.getEncoder().encodeToString(ThumbHash.of(thumbnail)));
  }
}
