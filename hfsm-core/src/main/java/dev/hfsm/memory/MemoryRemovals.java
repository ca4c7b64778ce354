package dev.hfsm.memory;

import dev.hfsm.ledger.RemovalLedger;
import dev.hfsm.ledger.Removals;
import dev.hfsm.memory.LedgerTables.RemovalEntry;
import dev.hfsm.model.AssetId;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;

final class MemoryRemovals implements RemovalLedger {

  private final LedgerTables tables;

  MemoryRemovals(LedgerTables tables) {
    this.tables = tables;
  }

  @Override
  public long end() {
    return tables.transaction(now -> tables.lastRemoval);
  }

  @Override
  public Removals after(long place, int limit) {
    return tables.transaction(
        now -> {
          NavigableMap<Long, RemovalEntry> rest = tables.removals.tailMap(place, false);
          List<AssetId> found =
              rest.values().stream().limit(limit).map(RemovalEntry::asset).toList();
          long first = rest.isEmpty() ? 0 : rest.firstKey();
          return Removals.of(found, first, place, tables.lastRemoval);
        });
  }

  @Override
  public int trim(Duration age, int limit) {
    return tables.transaction(
        now -> {
          int trimmed = 0;
          while (trimmed < limit
              && !tables.removals.isEmpty()
              && !tables.removals.firstEntry().getValue().at().isAfter(now.minus(age))) {
            tables.removals.pollFirstEntry();
            trimmed++;
          }
          return trimmed;
        });
  }
}
