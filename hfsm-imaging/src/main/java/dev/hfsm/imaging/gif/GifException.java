package dev.hfsm.imaging.gif;

import java.io.IOException;

/**
 * The bytes are not a GIF that can be read; the message completes "cannot be decoded: ". It is the
 * only exception for what the bytes say; those of the input and of the check pass through.
 */
public final class GifException extends IOException {

  private static final long serialVersionUID = 1;

  GifException(String message) {
    super(message);
  }
}
