package dev.hfsm.delivery;

import dev.hfsm.AssetPipeline;
import java.time.Duration;
import java.time.InstantSource;

/** Describes a {@link Delivery}. Not thread-safe. */
public final class DeliveryBuilder {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final AssetPipeline assets;
  private final SigningKeys keys;
  private InstantSource clock = InstantSource.system();
  private Duration patience = PATIENCE;
  private long hotBytes = Runtime.getRuntime().maxMemory() / 16;

  DeliveryBuilder(AssetPipeline assets, SigningKeys keys) {
    this.assets = assets;
    this.keys = keys;
  }

  /** How long a request waits for a variant before it is told to come back; 10 s by default. */
  public DeliveryBuilder patience(Duration atMost) {
    if (atMost.isNegative()) {
      throw new IllegalArgumentException("patience: expected zero or more, found " + atMost);
    }
    patience = atMost;
    return this;
  }

  /** How many bytes of small variants are kept on the heap; a sixteenth of it by default. */
  public DeliveryBuilder hotBytes(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("hotBytes: expected 0 or more, found " + bytes);
    }
    hotBytes = bytes;
    return this;
  }

  /** What time it is, for links that expire. */
  public DeliveryBuilder clock(InstantSource instants) {
    clock = instants;
    return this;
  }

  /** The delivery. */
  public Delivery build() {
    return new Delivery(assets, keys, clock, patience, hotBytes);
  }
}
