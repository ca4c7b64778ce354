package dev.hfsm.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A variant cannot be made, or could not be made this time. */
public sealed class TransformationException extends HfsmException permits NoTransformerException {

  private final String code;
  private final transient Duration retryAfter;

  /**
   * @param message what was asked and why it failed
   * @param cause the underlying error, if any
   * @param retryable whether asking again later may help
   */
  public TransformationException(String message, @Nullable Throwable cause, boolean retryable) {
    super(message, cause, retryable);
    this.code = "transformation";
    this.retryAfter = Duration.ZERO;
  }

  /**
   * That of an earlier attempt, which is remembered for a while.
   *
   * @param code what kind of failure it was, as it was recorded
   * @param retryAfter when asking again starts a new attempt
   */
  public TransformationException(
      String message, String code, Duration retryAfter, boolean retryable) {
    super(message, null, retryable);
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** What kind of failure it was: lower case letters and dashes. */
  public String code() {
    return code;
  }

  /** In how long asking again starts a new attempt; zero if nothing is remembered. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
