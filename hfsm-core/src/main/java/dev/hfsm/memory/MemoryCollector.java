package dev.hfsm.memory;

import static java.util.Comparator.comparing;

import dev.hfsm.ledger.CollectorLedger;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.memory.LedgerTables.Chore;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.VariantKey;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

final class MemoryCollector implements CollectorLedger {

  private static final Pattern CHORE = Pattern.compile("[a-z0-9-]{1,64}");

  private final LedgerTables tables;

  MemoryCollector(LedgerTables tables) {
    this.tables = tables;
  }

  @Override
  public List<AssetId> collect(Duration grace, int limit) {
    return tables.transaction(
        now -> {
          List<AssetId> unclaimed =
              tables.assets.values().stream()
                  .filter(entry -> isUnclaimed(entry, now.minus(grace)))
                  .sorted(comparing(AssetEntry::unreferencedSince))
                  .limit(limit)
                  .map(entry -> entry.row().id())
                  .toList();
          unclaimed.forEach(this::remove);
          return unclaimed;
        });
  }

  private static boolean isUnclaimed(AssetEntry entry, Instant atLeastSince) {
    Instant since = entry.unreferencedSince();
    return since != null && !since.isAfter(atLeastSince);
  }

  private void remove(AssetId id) {
    tables.garbage.add(tables.require(id).row().key());
    for (VariantRow row : tables.variantsOf(id).values()) {
      VariantContent content = row.content();
      if (content != null) {
        tables.garbage.add(content.key());
      }
    }
    tables.work.values().removeIf(entry -> entry.subject().asset().equals(id));
    tables.variants.remove(id);
    tables.assets.remove(id);
  }

  @Override
  public int evictVariants(AssetId asset, Set<VariantKey> variants) {
    return tables.transaction(
        now -> {
          Map<VariantKey, VariantRow> rows = tables.variantsOf(asset);
          int evicted = 0;
          for (VariantKey key : variants) {
            VariantRow row = rows.get(key);
            VariantContent content = row == null ? null : row.content();
            if (content != null) {
              rows.remove(key);
              tables.garbage.add(content.key());
              evicted++;
            }
          }
          return evicted;
        });
  }

  @Override
  public List<StorageKey> garbage(int limit) {
    return tables.transaction(now -> tables.garbage.stream().limit(limit).toList());
  }

  @Override
  public void forget(Collection<StorageKey> deleted) {
    Set<StorageKey> gone = Set.copyOf(deleted);
    tables.transaction(now -> tables.garbage.removeAll(gone));
  }

  @Override
  public Set<StorageKey> named(Collection<StorageKey> keys) {
    return tables.transaction(
        now -> {
          Set<StorageKey> named = new HashSet<>(tables.garbage);
          tables.assets.values().forEach(entry -> named.add(entry.row().key()));
          tables.variants.values().stream()
              .flatMap(rows -> rows.values().stream())
              .map(VariantRow::content)
              .forEach(
                  content -> {
                    if (content != null) {
                      named.add(content.key());
                    }
                  });
          named.retainAll(Set.copyOf(keys));
          return Set.copyOf(named);
        });
  }

  @Override
  public boolean leaseChore(String chore, String worker, Duration lease) {
    if (!CHORE.matcher(chore).matches()) {
      throw new IllegalArgumentException("chore: expected [a-z0-9-]{1,64}, found " + chore);
    }
    return tables.transaction(
        now -> {
          Chore held = tables.chores.get(chore);
          boolean free =
              held == null || held.worker().equals(worker) || !now.isBefore(held.until());
          if (free) {
            tables.chores.put(chore, new Chore(worker, now.plus(lease)));
          }
          return free;
        });
  }
}
