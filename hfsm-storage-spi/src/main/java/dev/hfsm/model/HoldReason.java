package dev.hfsm.model;

/**
 * Why a legal hold is on an asset.
 *
 * @param text for people; control characters are replaced, length is bounded at 200 characters
 */
public record HoldReason(String text) {

  private static final int MAX_LENGTH = 200;

  /** Makes {@code text} safe to store and print. */
  public HoldReason {
    text = PlainText.clean(text, MAX_LENGTH);
  }

  @Override
  public String toString() {
    return text;
  }
}
