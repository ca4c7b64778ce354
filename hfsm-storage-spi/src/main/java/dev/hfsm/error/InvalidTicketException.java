package dev.hfsm.error;

/**
 * A ticket for a direct upload cannot be used: it is not one, it was changed, it was issued under
 * another secret, or its time is over. The upload has to be prepared anew.
 */
public final class InvalidTicketException extends HfsmException {

  /**
   * @param message what was expected and what was found
   */
  public InvalidTicketException(String message) {
    super(message, null, false);
  }
}
