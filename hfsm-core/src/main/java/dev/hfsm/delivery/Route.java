package dev.hfsm.delivery;

import dev.hfsm.delivery.Representation.Kept;
import dev.hfsm.model.AssetId;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Transformation;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a path leads.
 *
 * @param asset whose bytes
 * @param recipe with its format, perhaps {@link Format#AUTO}; null for the original
 * @param access to whom
 * @param kept for how long caches may keep what it leads to
 * @param left for how long the link is still worth something
 */
record Route(
    AssetId asset, @Nullable Transformation recipe, Access access, Kept kept, Duration left)
    implements Routing {

  /** How long a link without an end lasts. */
  static final Duration FOREVER = Duration.ofDays(365_000);

  /** Who may go there. */
  enum Access {
    /** Whoever has the link. */
    BEARER,
    /** Anybody, if the asset is public. */
    ANYBODY
  }

  /** The same, which ends then. */
  Route until(Instant now, Instant end) {
    return new Route(asset, recipe, access, kept.until(now, end), Duration.between(now, end));
  }

  /** Whether another client may get something else. */
  boolean isNegotiated() {
    return recipe != null && recipe.format() == Format.AUTO;
  }
}
