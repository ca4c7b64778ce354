package dev.hfsm.storage;

import dev.hfsm.model.MediaType;
import java.util.Set;

/**
 * What a store says about bytes that it serves itself.
 *
 * @param type their media type, as learned from the bytes
 * @param disposition whether a browser shows them or saves them
 */
public record Presentation(MediaType type, Disposition disposition) {

  /** Types that may run code in the name of the site they come from. */
  private static final Set<String> ACTIVE =
      Set.of(
          "text/html",
          "application/xhtml+xml",
          "image/svg+xml",
          "text/xml",
          "application/xml",
          "text/javascript",
          "application/javascript");

  /** What a browser does with bytes. */
  public enum Disposition {
    /** It shows them. */
    INLINE,
    /** It saves them. */
    ATTACHMENT
  }

  /** Refuses to show what may run code. */
  public Presentation {
    if (disposition == Disposition.INLINE && ACTIVE.contains(type.toString())) {
      throw new IllegalArgumentException(
          "presentation: expected a type without code in it, or an attachment, found " + type);
    }
  }

  /** To be shown. */
  public static Presentation inline(MediaType type) {
    return new Presentation(type, Disposition.INLINE);
  }

  /** To be saved. */
  public static Presentation attachment(MediaType type) {
    return new Presentation(type, Disposition.ATTACHMENT);
  }
}
