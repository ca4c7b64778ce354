package dev.hfsm.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.HfsmException;
import dev.hfsm.error.LimitExceededException;
import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.model.AssetId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for some seconds what there is not and what cannot be made, and why, so that asking
 * again and again costs nothing. What is only away or not ready yet is not remembered. Thread-safe.
 */
final class Refusals {

  private static final int MOST = 10_000;
  private static final int LONGEST_ACCEPT = 300;

  private final Cache<Key, Problem> known;

  Refusals(Ticker ticker) {
    known =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(Problem.BRIEFLY)
            .ticker(ticker)
            .build();
  }

  /** What was asked for; clients that take different formats ask for different things. */
  private record Key(AssetId asset, @Nullable String recipe, String accept) {}

  private static Key key(Route route, DeliveryRequest request) {
    String accept = route.isNegotiated() ? request.header("Accept").orElse("") : "";
    return new Key(
        route.asset(), route.recipe() == null ? null : route.recipe().canonical(), accept);
  }

  /** Why it was refused some seconds ago. */
  Optional<Problem> find(Route route, DeliveryRequest request) {
    return Optional.ofNullable(known.getIfPresent(key(route, request)));
  }

  /** Keeps in mind why it is refused, if that will not change at once. */
  void remember(Route route, DeliveryRequest request, HfsmException why) {
    boolean lasting =
        why instanceof AssetGoneException
            || why instanceof TransformationException
            || why instanceof RejectedMediaException
            || why instanceof LimitExceededException;
    Key key = key(route, request);
    if (lasting && key.accept.length() <= LONGEST_ACCEPT) {
      known.put(key, Problem.of(why));
    }
  }
}
