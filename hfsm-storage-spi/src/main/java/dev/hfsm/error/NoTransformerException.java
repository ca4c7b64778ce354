package dev.hfsm.error;

/** No transformer makes such a variant of assets of this type. Retrying never helps. */
public final class NoTransformerException extends TransformationException {

  /**
   * @param message what was asked, of what
   */
  public NoTransformerException(String message) {
    super(message, null, false);
  }
}
