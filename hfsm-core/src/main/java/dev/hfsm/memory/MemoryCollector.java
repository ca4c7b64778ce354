package dev.hfsm.memory;

import static java.util.Comparator.comparing;

import dev.hfsm.ledger.Collectable;
import dev.hfsm.ledger.CollectorLedger;
import dev.hfsm.ledger.Discarded;
import dev.hfsm.ledger.Evictable;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.memory.LedgerTables.Use;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

final class MemoryCollector implements CollectorLedger {

  private final LedgerTables tables;

  MemoryCollector(LedgerTables tables) {
    this.tables = tables;
  }

  @Override
  public List<AssetId> collect(Duration grace, int limit) {
    return tables.transaction(
        now -> {
          List<AssetId> unclaimed =
              unclaimed(now.minus(grace)).limit(limit).map(entry -> entry.row().id()).toList();
          unclaimed.forEach(asset -> tables.remove(asset, now));
          return unclaimed;
        });
  }

  private Stream<AssetEntry> unclaimed(Instant atLeastSince) {
    return tables.assets.values().stream()
        .filter(entry -> isUnclaimed(entry, atLeastSince))
        .sorted(comparing(AssetEntry::unreferencedSince));
  }

  private static boolean isUnclaimed(AssetEntry entry, Instant atLeastSince) {
    Instant since = entry.unreferencedSince();
    return since != null && !since.isAfter(atLeastSince) && entry.row().hold() == null;
  }

  @Override
  public Page<Collectable> collectable(Duration grace, Cursor after, int limit) {
    return tables.transaction(
        now -> {
          Page<AssetEntry> page =
              Pages.of(unclaimed(now.minus(grace)), MemoryCollector::placeInRelease, after, limit);
          return new Page<>(page.items().stream().map(this::weigh).toList(), page.next());
        });
  }

  /** By time, and where that is the same by name, as a stable sort of names leaves them. */
  private static String placeInRelease(AssetEntry entry) {
    Instant since = Objects.requireNonNull(entry.unreferencedSince());
    return "%016x %s".formatted(since.toEpochMilli(), entry.row().id());
  }

  private Collectable weigh(AssetEntry entry) {
    AssetId id = entry.row().id();
    List<VariantContent> ready =
        tables.variantsOf(id).values().stream()
            .filter(row -> row.state() == VariantState.READY)
            .map(LedgerTables::contentOf)
            .toList();
    long bytes = ready.stream().mapToLong(content -> content.blob().size()).sum();
    return new Collectable(id, ready.size(), entry.row().size() + bytes);
  }

  @Override
  public Set<StorageKey> evict(Collection<StorageKey> variants) {
    Set<StorageKey> wanted = Set.copyOf(variants);
    return tables.transaction(
        now -> {
          List<VariantRow> evicted =
              tables
                  .ready()
                  .filter(row -> wanted.contains(LedgerTables.contentOf(row).key()))
                  .toList();
          Set<StorageKey> keys = new HashSet<>();
          for (VariantRow row : evicted) {
            tables.variantsOf(row.asset()).remove(row.key());
            keys.add(tables.discard(LedgerTables.contentOf(row)));
          }
          return Set.copyOf(keys);
        });
  }

  @Override
  public Page<Evictable> evictable(Duration idle, Cursor after, int limit) {
    return tables.transaction(
        now ->
            Pages.of(
                tables
                    .ready()
                    .map(this::judge)
                    .filter(variant -> !variant.usedAt().isAfter(now.minus(idle)))
                    .sorted(comparing(MemoryCollector::placeInWorth)),
                MemoryCollector::placeInWorth,
                after,
                limit));
  }

  private Evictable judge(VariantRow ready) {
    VariantContent content = LedgerTables.contentOf(ready);
    Use use = Objects.requireNonNull(tables.uses.get(content.key()));
    long bytes = content.blob().size();
    double worth = (double) use.count() * content.cost().toNanos() / Math.max(bytes, 1);
    return new Evictable(content.key(), bytes, worth, use.last());
  }

  /** The bits of a number that is not negative sort as the number does. */
  private static String placeInWorth(Evictable variant) {
    return "%016x %s".formatted(Double.doubleToLongBits(variant.worth()), variant.key());
  }

  @Override
  public long variantBytes() {
    return tables.transaction(
        now -> tables.ready().mapToLong(row -> LedgerTables.contentOf(row).blob().size()).sum());
  }

  @Override
  public List<Discarded> garbage(int limit) {
    return tables.transaction(
        now ->
            tables.garbage.entrySet().stream()
                .filter(entry -> !tables.isHeld(entry.getKey()))
                .limit(limit)
                .map(entry -> new Discarded(entry.getKey(), entry.getValue()))
                .toList());
  }

  @Override
  public void forget(Collection<StorageKey> deleted) {
    Set<StorageKey> gone = Set.copyOf(deleted);
    tables.transaction(now -> tables.garbage.keySet().removeAll(gone));
  }

  @Override
  public Set<StorageKey> named(Collection<StorageKey> keys) {
    return tables.transaction(
        now -> {
          Set<StorageKey> named = new HashSet<>(tables.garbage.keySet());
          tables.assets.values().forEach(entry -> named.add(entry.row().key()));
          tables.ready().map(row -> LedgerTables.contentOf(row).key()).forEach(named::add);
          named.retainAll(Set.copyOf(keys));
          return Set.copyOf(named);
        });
  }
}
