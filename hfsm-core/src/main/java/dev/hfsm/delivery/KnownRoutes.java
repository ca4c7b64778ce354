package dev.hfsm.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Optional;

/**
 * Paths that were found to lead somewhere, so that one that is asked for again and again is read
 * and its signature checked once. What was refused is not kept: who makes paths up fills nothing.
 * Keys, presets and versions are the same for as long as this is there. Thread-safe.
 */
final class KnownRoutes {

  private static final long MOST_BYTES = Math.min(8 << 20, Runtime.getRuntime().maxMemory() / 64);
  private static final int OVERHEAD = 500;

  private final Cache<String, Known> routes =
      Caffeine.newBuilder()
          .maximumWeight(MOST_BYTES)
          .weigher((String path, Known known) -> path.length() + OVERHEAD)
          .build();

  /**
   * @param route as if it had no end
   * @param expires the second since 1970 from which on it leads nowhere; 0 for never
   */
  record Known(Route route, long expires) {}

  Optional<Known> find(String path) {
    return Optional.ofNullable(routes.getIfPresent(path));
  }

  void keep(String path, Known known) {
    routes.put(path, known);
  }

  /** How much is kept, as it is weighed. */
  long bytes() {
    routes.cleanUp();
    return routes.policy().eviction().orElseThrow().weightedSize().orElseThrow();
  }
}
