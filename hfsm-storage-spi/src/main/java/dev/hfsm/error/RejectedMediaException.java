package dev.hfsm.error;

/**
 * The bytes claim to be a known type and cannot be decoded as one, or a policy refuses them.
 * Retrying the same bytes never helps.
 */
public final class RejectedMediaException extends HfsmException {

  /**
   * @param reason why, in words a user understands
   */
  public RejectedMediaException(String reason) {
    super(reason, null, false);
  }

  /**
   * @param reason why, in words a user understands
   * @param cause what the decoder said
   */
  public RejectedMediaException(String reason, Throwable cause) {
    super(reason, cause, false);
  }
}
