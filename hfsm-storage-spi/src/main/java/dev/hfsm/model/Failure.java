package dev.hfsm.model;

import java.time.Instant;

/**
 * Why something did not work, as it is persisted: no class names, no stack traces.
 *
 * @param code short and stable, {@code [a-z0-9-]{1,64}}, for instance {@code worker-lost}
 * @param message for people; control characters are replaced, length is bounded at 500 characters
 * @param retryable whether trying again may help
 * @param at when it happened
 */
public record Failure(String code, String message, boolean retryable, Instant at) {

  private static final int MAX_MESSAGE = 500;

  /** Validates {@code code}; makes {@code message} safe to store and print. */
  public Failure {
    if (!code.matches("[a-z0-9-]{1,64}")) {
      throw new IllegalArgumentException("failure code: expected [a-z0-9-]{1,64}, found " + code);
    }
    message = PlainText.clean(message, MAX_MESSAGE);
  }
}
