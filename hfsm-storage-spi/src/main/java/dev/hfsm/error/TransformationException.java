package dev.hfsm.error;

import org.jspecify.annotations.Nullable;

/** A variant cannot be made, or could not be made this time. */
public sealed class TransformationException extends HfsmException permits NoTransformerException {

  /**
   * @param message what was asked and why it failed
   * @param cause the underlying error, if any
   * @param retryable whether asking again later may help
   */
  public TransformationException(String message, @Nullable Throwable cause, boolean retryable) {
    super(message, cause, retryable);
  }
}
