package dev.hfsm.imaging;

import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.transform.Limits;

/** The limits, checked against headers before anything is decoded. */
final class Checks {

  private Checks() {}

  static void header(Header header, Limits limits) {
    pixels(header.width(), header.height(), limits);
    long frames = Math.min(header.frames(), limits.maxFrames());
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
