package dev.hfsm.imaging;

import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.transform.Limits;

/** The limits, checked against headers before anything is decoded. */
final class Checks {

  private Checks() {}

  /** Of frames, no more are used than limits allow; one has to be possible. */
  static void header(Header header, Limits limits) {
    pixels(header.width(), header.height(), limits);
  }

  static void pixels(long width, long height, Limits limits) {
    if (width > limits.maxPixels() / Math.max(1, height)) {
      throw new RejectedMediaException(
          "too large: %d × %d pixels; at most %d pixels are accepted"
              .formatted(width, height, limits.maxPixels()));
    }
  }
}
