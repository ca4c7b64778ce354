package dev.hfsm.imaging;

import java.io.IOException;

/** The bytes do not follow the format they claim; the message completes "cannot be decoded: ". */
final class Malformed extends IOException {

  private static final long serialVersionUID = 1;

  Malformed(String message) {
    super(message);
  }
}
