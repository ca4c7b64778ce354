package dev.hfsm.imaging;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The local file could not be read: our trouble, not the picture's. */
final class SourceUnreadable extends UncheckedIOException {

  private static final long serialVersionUID = 1;

  SourceUnreadable(IOException cause) {
    super("the source file could not be read", cause);
  }
}
