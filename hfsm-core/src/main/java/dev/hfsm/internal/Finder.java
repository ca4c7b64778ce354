package dev.hfsm.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.LedgerReader;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Subject;
import dev.hfsm.model.VariantKey;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads rows that no longer change through a small cache: assets whose facts are known, variants
 * that are ready. A row that was removed may be seen for {@link #MEMORY} longer; readers find out
 * when its bytes are gone. Thread-safe.
 */
public final class Finder {

  /** How long a row that was removed may still be seen. */
  public static final Duration MEMORY = Duration.ofSeconds(5);

  private static final int MAX_ROWS = 10_000;

  private final LedgerReader reader;
  private final Cache<AssetId, AssetRow> assets = cache();
  private final Cache<Subject, VariantRow> variants = cache();

  /** Reads from {@code reader}. */
  public Finder(LedgerReader reader) {
    this.reader = reader;
  }

  private static <K, V> Cache<K, V> cache() {
    return Caffeine.newBuilder().maximumSize(MAX_ROWS).expireAfterWrite(MEMORY).build();
  }

  /** The row of an asset, possibly from the cache. */
  public Optional<AssetRow> asset(AssetId id) {
    AssetRow known = assets.getIfPresent(id);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<AssetRow> row = reader.asset(id);
    row.filter(r -> r.state().isDescribed()).ifPresent(r -> assets.put(id, r));
    return row;
  }

  /** The row of a variant, possibly from the cache. */
  public Optional<VariantRow> variant(AssetId asset, VariantKey key) {
    Subject subject = Subject.derive(asset, key);
    VariantRow known = variants.getIfPresent(subject);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<VariantRow> row = reader.variant(asset, key);
    row.filter(r -> r.state() == VariantState.READY).ifPresent(r -> variants.put(subject, r));
    return row;
  }

  /** The row of an asset, if it is in the cache. */
  public Optional<AssetRow> knownAsset(AssetId id) {
    return Optional.ofNullable(assets.getIfPresent(id));
  }

  /** The row of a variant, if it is in the cache. */
  public Optional<VariantRow> knownVariant(AssetId asset, VariantKey key) {
    return Optional.ofNullable(variants.getIfPresent(Subject.derive(asset, key)));
  }

  /** Forgets an asset. */
  public void forget(AssetId asset) {
    assets.invalidate(asset);
  }

  /** Forgets a variant. */
  public void forget(AssetId asset, VariantKey key) {
    variants.invalidate(Subject.derive(asset, key));
  }
}
