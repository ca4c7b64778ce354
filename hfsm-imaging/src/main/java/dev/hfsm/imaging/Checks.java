package dev.hfsm.imaging;

import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Limits;

/** The limits, checked against headers before anything is decoded. */
final class Checks {

  private Checks() {}

  static void header(Header header, Limits limits) {
    pixels(header.width(), header.height(), limits);
    // The pages of a TIFF are pictures of their own, of which only the first is ever looked at.
    boolean animation = !header.type().equals(MediaType.TIFF);
    long frames = animation ? Math.min(header.frames(), limits.maxFrames()) : 1;
    // Not a product: frames and pixels together may be beyond a long's range.
    if (frames > 1 && header.pixels() > limits.maxFramePixels() / frames) {
      throw new RejectedMediaException(
          "too large: %d frames of %d × %d pixels; at most %d pixels over all frames are accepted"
              .formatted(
                  header.frames(), header.width(), header.height(), limits.maxFramePixels()));
    }
  }

  static void pixels(long width, long height, Limits limits) {
    if (width > limits.maxPixels() / Math.max(1, height)) {
      throw new RejectedMediaException(
          "too large: %d × %d pixels; at most %d pixels are accepted"
              .formatted(width, height, limits.maxPixels()));
    }
  }
}
