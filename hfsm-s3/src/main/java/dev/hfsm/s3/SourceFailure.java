package dev.hfsm.s3;

import dev.hfsm.error.IntegrityException;
import org.jspecify.annotations.Nullable;

/**
 * A source is not what was announced. Not an I/O error, so that no client takes it for one of the
 * network and asks the source again.
 */
final class SourceFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SourceFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  IntegrityException asIntegrityException() {
    String message = "blob content: " + getMessage();
    Throwable cause = getCause();
    return cause == null ? new IntegrityException(message) : new IntegrityException(message, cause);
  }
}
