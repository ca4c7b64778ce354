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
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Reads rows that hardly change through a small cache: assets whose facts are known, variants that
 * are ready. A row is answered from the cache only if within {@link #MEMORY} it was read, or the
 * ledger's log of removals was read to its end, which takes out whatever it names. So nothing
 * outlives its removal by more than that, whoever removed it and whatever cannot be reached. Of an
 * asset's row the number of uploads and the time of its first variant may be older.
 *
 * <p>Thread-safe.
 */
public final class Finder {

  /** How long a row that was removed may still be seen, at most. */
  public static final Duration MEMORY = Duration.ofSeconds(5);

  private static final long MEMORY_NANOS = MEMORY.toNanos();
  private static final int MAX_ROWS = 10_000;
  private static final int STRIPES = 1024;

  private final LedgerReader reader;
  private final LongSupplier nanoTime;
  private final Rows<AssetId, AssetRow> assets = new Rows<>();
  private final Rows<Subject, VariantRow> variants = new Rows<>();

  /**
   * How often assets were forgotten. Whoever has read a row keeps it only if nothing of its stripe
   * was forgotten since before it was read: so a row cannot come into the cache after the removal
   * it should have been taken out by. Guarded by this.
   */
  private final long[] forgotten = new long[STRIPES];

  private volatile long confirmed;

  /**
   * Reads from {@code reader}.
   *
   * @param nanoTime as {@link System#nanoTime}
   */
  public Finder(LedgerReader reader, LongSupplier nanoTime) {
    this.reader = reader;
    this.nanoTime = nanoTime;
    trustNothing();
  }

  private record Kept<V>(V row, long readAt) {}

  /** The row of an asset, possibly from the cache. */
  public Optional<AssetRow> asset(AssetId id) {
    return assets.find(id, id, () -> reader.asset(id), row -> row.state().isDescribed());
  }

  /** The row of a variant, possibly from the cache. */
  public Optional<VariantRow> variant(AssetId asset, VariantKey key) {
    return variants.find(
        Subject.derive(asset, key),
        asset,
        () -> reader.variant(asset, key),
        row -> row.state() == VariantState.READY);
  }

  /** The row of an asset, if it is in the cache. */
  public Optional<AssetRow> knownAsset(AssetId id) {
    return assets.known(id);
  }

  /** The row of a variant, if it is in the cache. */
  public Optional<VariantRow> knownVariant(AssetId asset, VariantKey key) {
    return variants.known(Subject.derive(asset, key));
  }

  /** Forgets an asset. */
  public void forget(AssetId asset) {
    synchronized (this) {
      forgotten[stripe(asset)]++;
      assets.kept.invalidate(asset);
    }
  }

  /** Forgets a variant. */
  public void forget(AssetId asset, VariantKey key) {
    synchronized (this) {
      forgotten[stripe(asset)]++;
      variants.kept.invalidate(Subject.derive(asset, key));
    }
  }

  /** Forgets assets with all their variants. */
  public void forgetAll(Collection<AssetId> removed) {
    Set<AssetId> gone = Set.copyOf(removed);
    if (gone.isEmpty()) {
      return;
    }
    synchronized (this) {
      gone.forEach(asset -> forgotten[stripe(asset)]++);
      assets.kept.invalidateAll(gone);
      variants.kept.asMap().keySet().removeIf(variant -> gone.contains(variant.asset()));
    }
  }

  /** Forgets everything. */
  public void forgetEverything() {
    synchronized (this) {
      for (int i = 0; i < STRIPES; i++) {
        forgotten[i]++;
      }
      assets.kept.invalidateAll();
      variants.kept.invalidateAll();
    }
  }

  /**
   * Everything that was removed until {@code nanos} has been forgotten.
   *
   * @param nanos on the clock of this finder
   */
  public void confirm(long nanos) {
    confirmed = nanos;
  }

  /** Nobody confirms anything any more. */
  public void trustNothing() {
    confirmed = nanoTime.getAsLong() - MEMORY_NANOS;
  }

  /** The time on the clock of this finder. */
  public long now() {
    return nanoTime.getAsLong();
  }

  private static int stripe(AssetId asset) {
    return Math.floorMod(asset.hashCode(), STRIPES);
  }

  private synchronized long forgotten(AssetId asset) {
    return forgotten[stripe(asset)];
  }

  @FunctionalInterface
  private interface Condition<V> {
    boolean holds(V row);
  }

  private final class Rows<K, V> {

    final Cache<K, Kept<V>> kept = Caffeine.newBuilder().maximumSize(MAX_ROWS).build();

    Optional<V> known(K key) {
      // Before the row is fetched: one that is still there then has outlived what was confirmed.
      long through = confirmed;
      long now = nanoTime.getAsLong();
      Kept<V> known = kept.getIfPresent(key);
      boolean trusted =
          known != null && (now - through < MEMORY_NANOS || now - known.readAt() < MEMORY_NANOS);
      return trusted ? Optional.of(known.row()) : Optional.empty();
    }

    Optional<V> find(K key, AssetId asset, Supplier<Optional<V>> read, Condition<V> lasts) {
      Optional<V> known = known(key);
      if (known.isPresent()) {
        return known;
      }
      long now = nanoTime.getAsLong();
      long before = forgotten(asset);
      Optional<V> row = read.get();
      if (row.isPresent() && lasts.holds(row.get())) {
        keep(key, asset, new Kept<>(row.get(), now), before);
      }
      return row;
    }

    private void keep(K key, AssetId asset, Kept<V> row, long before) {
      synchronized (Finder.this) {
        if (forgotten[stripe(asset)] == before) {
          kept.put(key, row);
        }
      }
    }
  }
}
