package dev.hfsm.error;

/**
 * Bytes are not what they were said to be: another digest, another length, or a stored original
 * that is missing or damaged. Nothing was stored.
 */
public final class IntegrityException extends HfsmException {

  /**
   * @param message what was expected and what was found
   */
  public IntegrityException(String message) {
    super(message, null, false);
  }

  /**
   * @param message what was expected and what was found
   * @param cause the underlying error
   */
  public IntegrityException(String message, Throwable cause) {
    super(message, cause, false);
  }
}
