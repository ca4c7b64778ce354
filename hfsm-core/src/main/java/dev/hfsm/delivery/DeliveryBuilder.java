package dev.hfsm.delivery;

import com.github.benmanes.caffeine.cache.Ticker;
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
  private Redirects redirects = Redirects.never();
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

  /**
   * Sends clients to the store itself for originals and variants of so many bytes or more, by an
   * address that is valid for five minutes, or for as long as the link if that is less; never by
   * default. Only with a store that has such addresses ({@code S3BlobStore}), which clients must be
   * able to reach. The address names the bucket and the storage key; the store says neither the
   * file's name nor any of the headers that keep browsers from running what they got, so what may
   * act is an attachment there too.
   */
  public DeliveryBuilder redirectFrom(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("redirectFrom: expected 0 or more, found " + bytes);
    }
    redirects = new Redirects(bytes, Ticker.systemTicker());
    return this;
  }

  /** What time it is, for links that expire. */
  public DeliveryBuilder clock(InstantSource instants) {
    clock = instants;
    return this;
  }

  /** The delivery. */
  public Delivery build() {
    return new Delivery(assets, new Routes(assets, keys, clock), patience, redirects, hotBytes);
  }
}
