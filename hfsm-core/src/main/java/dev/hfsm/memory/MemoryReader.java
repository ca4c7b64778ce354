package dev.hfsm.memory;

import static java.util.Comparator.comparingLong;

import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.LedgerReader;
import dev.hfsm.ledger.Reference;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Page;
import dev.hfsm.model.Scope;
import dev.hfsm.model.VariantKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

final class MemoryReader implements LedgerReader {

  private final LedgerTables tables;

  MemoryReader(LedgerTables tables) {
    this.tables = tables;
  }

  @Override
  public Optional<AssetRow> asset(AssetId asset) {
    return tables.transaction(
        now -> Optional.ofNullable(tables.assets.get(asset)).map(AssetEntry::row));
  }

  @Override
  public Page<AssetRow> assets(Scope scope, Cursor after, int limit) {
    return tables.transaction(
        now ->
            Pages.of(
                inScope(scope).map(AssetEntry::row), row -> row.id().digest().hex(), after, limit));
  }

  @Override
  public Optional<VariantRow> variant(AssetId asset, VariantKey variant) {
    return tables.transaction(now -> Optional.ofNullable(tables.variantsOf(asset).get(variant)));
  }

  @Override
  public List<VariantRow> variants(AssetId asset) {
    return tables.transaction(now -> List.copyOf(tables.variantsOf(asset).values()));
  }

  @Override
  public List<HistoryEntry> history(AssetId asset) {
    return tables.transaction(now -> List.copyOf(tables.history.getOrDefault(asset, List.of())));
  }

  @Override
  public List<Reference> references(AssetId asset) {
    return tables.transaction(now -> tables.referencesOf(asset));
  }

  @Override
  public List<AssetId> samePixels(Scope scope, Digest pixels, int limit) {
    Optional<Digest> wanted = Optional.of(pixels);
    return tables.transaction(
        now ->
            inScope(scope)
                .filter(entry -> entry.row().facts().get(Fact.PIXEL_DIGEST).equals(wanted))
                .sorted(comparingLong(AssetEntry::order))
                .limit(limit)
                .map(entry -> entry.row().id())
                .toList());
  }

  private Stream<AssetEntry> inScope(Scope scope) {
    return tables.assets.values().stream().filter(e -> e.row().id().scope().equals(scope));
  }
}
