package dev.hfsm.imaging.png;

import java.io.IOException;

/**
 * The bytes are not a PNG that can be read; the message completes "cannot be decoded: ". It is the
 * only exception for what the bytes say; those of the stream and of the check pass through.
 */
public final class PngException extends IOException {

  private static final long serialVersionUID = 1;

  /** What is wrong. */
  public enum Reason {
    /** The bytes break the format, or end too early. */
    MALFORMED,
    /** The picture is larger than the limits allow. */
    TOO_LARGE
  }

  private final Reason reason;

  PngException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  static PngException malformed(String message) {
    return new PngException(Reason.MALFORMED, message);
  }

  /** What is wrong. */
  public Reason reason() {
    return reason;
  }
}
