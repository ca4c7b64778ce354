package dev.hfsm.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.hfsm.Content;
import dev.hfsm.Original;
import dev.hfsm.ReadyVariant;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Subject;
import dev.hfsm.storage.Presentation;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends clients that want something large to the store itself, if it has addresses for that. The
 * store is asked now and then whether it has the bytes: another node may have evicted them, which
 * who never opens them would not notice. Thread-safe.
 */
final class Redirects {

  private static final Duration VALID = Duration.ofMinutes(5);
  private static final Duration LEAST = Duration.ofSeconds(1);

  /** For how long clients are sent where the bytes were seen. */
  private static final Duration SURE = Duration.ofSeconds(5);

  private static final int MOST_SURE = 10_000;

  /** Caches may send clients there for a fifth of the time, so each has the rest to begin. */
  private static final int SHARE = 5;

  private final long from;
  private final Cache<Subject, Boolean> seen;

  /**
   * @param from how many bytes are large
   */
  Redirects(long from, Ticker ticker) {
    this.from = from;
    this.seen =
        Caffeine.newBuilder().maximumSize(MOST_SURE).expireAfterWrite(SURE).ticker(ticker).build();
  }

  static Redirects never() {
    return new Redirects(Long.MAX_VALUE, Ticker.systemTicker());
  }

  /**
   * @param keep for how long caches may send others there
   */
  record Redirect(URI to, Duration keep) {}

  /** Where the bytes of an original are; valid no longer than the link, a second aside. */
  Optional<Redirect> of(Original original, Duration left) {
    return of(Subject.inspect(original.asset().id()), original, left);
  }

  /**
   * Where the bytes of a variant are, which is a use of it; empty also if they are on their way
   * there, for then they are here.
   */
  Optional<Redirect> of(AssetId asset, ReadyVariant variant, Duration left) {
    if (!variant.isKept()) {
      return Optional.empty();
    }
    Optional<Redirect> redirect = of(Subject.derive(asset, variant.key()), variant, left);
    if (redirect.isPresent()) {
      variant.countUse(); // opening it would have
    }
    return redirect;
  }

  private Optional<Redirect> of(Subject subject, Content content, Duration left) {
    if (content.size() < from || left.compareTo(LEAST) < 0) {
      return Optional.empty();
    }
    Duration valid = left.compareTo(VALID) < 0 ? left : VALID;
    return address(content, valid)
        .map(to -> seen.getIfPresent(subject) != null ? to : sure(subject, content, to, valid))
        .map(to -> new Redirect(to, valid.dividedBy(SHARE)));
  }

  private URI sure(Subject subject, Content content, URI to, Duration valid) {
    Content present = content.present();
    seen.put(subject, true);
    return present == content ? to : address(present, valid).orElse(to);
  }

  private static Optional<URI> address(Content content, Duration valid) {
    Presentation presentation =
        Representation.isShown(content.mediaType())
            ? Presentation.inline(content.mediaType())
            : Presentation.attachment(content.mediaType());
    return content.presigned(valid, presentation);
  }
}
