package dev.hfsm.delivery;

import dev.hfsm.Content;
import dev.hfsm.storage.Presentation;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends clients that want something large to the store itself, if it has addresses for that.
 *
 * @param from how many bytes are large
 */
record Redirects(long from) {

  static final Redirects NEVER = new Redirects(Long.MAX_VALUE);

  private static final Duration VALID = Duration.ofMinutes(5);
  private static final Duration LEAST = Duration.ofSeconds(1);

  /** Caches may send clients there for a fifth of the time, so each has the rest to begin. */
  private static final int SHARE = 5;

  /**
   * @param keep for how long caches may send others there
   */
  record Redirect(URI to, Duration keep) {}

  /** Where the bytes are; valid no longer than the link, a second aside. */
  Optional<Redirect> of(Content content, Duration left) {
    if (content.size() < from || left.compareTo(LEAST) < 0) {
      return Optional.empty();
    }
    Duration valid = left.compareTo(VALID) < 0 ? left : VALID;
    Presentation presentation =
        Representation.isShown(content.mediaType())
            ? Presentation.inline(content.mediaType())
            : Presentation.attachment(content.mediaType());
    return content
        .presigned(valid, presentation)
        .map(to -> new Redirect(to, valid.dividedBy(SHARE)));
  }
}
