package dev.hfsm.ledger;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.TransformerId;
import dev.hfsm.model.VariantKey;
import java.time.Duration;

/**
 * A request that a variant be made unless it is there.
 *
 * @param asset whose variant
 * @param key its name
 * @param transformation canonical text of the recipe
 * @param transformer who is to make it
 * @param priority of the work; higher is done first
 * @param delay the work is due this long after the request
 */
public record VariantRequest(
    AssetId asset,
    VariantKey key,
    String transformation,
    TransformerId transformer,
    int priority,
    Duration delay) {

  /** Checks the delay. */
  public VariantRequest {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay: expected zero or more, found " + delay);
    }
  }

  /** A request for work that is due at once. */
  public VariantRequest(
      AssetId asset,
      VariantKey key,
      String transformation,
      TransformerId transformer,
      int priority) {
    this(asset, key, transformation, transformer, priority, Duration.ZERO);
  }
}
