package dev.hfsm.imaging.jpeg;

import java.io.IOException;

/**
 * A JPEG that cannot be decoded; the message says what was expected and what was found, and
 * completes "cannot be decoded: ". The same bytes will always fail in the same way. It is the only
 * exception that hostile bytes can cause here.
 */
public final class JpegException extends IOException {

  private static final long serialVersionUID = 1;

  private final Reason reason;

  JpegException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  static JpegException corrupt(String message) {
    return new JpegException(Reason.CORRUPT, message);
  }

  static JpegException truncated(String message) {
    return new JpegException(Reason.TRUNCATED, message);
  }

  /** Why it cannot be decoded. */
  public Reason reason() {
    return reason;
  }

  /** The kinds of trouble. */
  public enum Reason {
    /** The bytes contradict the format. */
    CORRUPT,
    /** A part of the picture is missing. */
    TRUNCATED,
    /** Arithmetic coding. */
    ARITHMETIC,
    /** Lossless JPEG or JPEG-LS. */
    LOSSLESS,
    /** Another number of bits than 8 a sample. */
    PRECISION,
    /** A hierarchical picture. */
    HIERARCHICAL,
    /** Another number of components than 1, 3 or 4. */
    COMPONENTS,
    /** More scans than are allowed. */
    SCANS;

    /** Whether the file may be sound and is merely of a kind that is not decoded here. */
    public boolean unsupported() {
      return this != CORRUPT && this != TRUNCATED && this != SCANS;
    }
  }
}
