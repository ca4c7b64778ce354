package dev.hfsm.memory;

import static java.util.Comparator.comparingLong;

import dev.hfsm.ledger.LedgerStats;
import dev.hfsm.ledger.OperatorLedger;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.memory.LedgerTables.Cause;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Page;
import dev.hfsm.model.Scope;
import dev.hfsm.model.Subject;
import dev.hfsm.model.VariantKey;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

final class MemoryOperator implements OperatorLedger {

  private final LedgerTables tables;

  MemoryOperator(LedgerTables tables) {
    this.tables = tables;
  }

  @Override
  public Page<Hint> due(Cursor after, int limit) {
    return tables.transaction(
        now ->
            Pages.of(
                tables.work.values().stream()
                    .filter(entry -> tables.isGrantable(entry, now))
                    .map(WorkEntry::hint),
                hint -> hint.subject().toString(),
                after,
                limit));
  }

  @Override
  public Page<WorkRow> dead(Cursor after, int limit) {
    return tables.transaction(
        now -> {
          Page<WorkEntry> page =
              Pages.of(
                  tables.work.values().stream()
                      .filter(WorkEntry::isDead)
                      .sorted(comparingLong(WorkEntry::buried)),
                  entry -> "%016x".formatted(entry.buried()),
                  after,
                  limit);
          return new Page<>(page.items().stream().map(WorkEntry::row).toList(), page.next());
        });
  }

  @Override
  public List<WorkRow> work(AssetId asset) {
    return tables.transaction(
        now ->
            tables.work.values().stream()
                .filter(entry -> entry.subject().asset().equals(asset))
                .map(WorkEntry::row)
                .toList());
  }

  @Override
  public boolean redrive(Subject subject) {
    VariantKey variant = subject.variant();
    return tables.transaction(
        now ->
            variant == null
                ? redriveInspection(subject.asset(), now)
                : redriveVariant(subject, variant, now));
  }

  private boolean redriveInspection(AssetId id, Instant now) {
    AssetEntry asset = tables.assets.get(id);
    if (asset == null
        || asset.row().state() != AssetState.FAILED && asset.row().state() != AssetState.REJECTED) {
      return false;
    }
    tables.move(
        asset, AssetEvent.REDRIVEN, asset.row().facts().without(Fact.REJECTION), Cause.CALLER, now);
    tables.oweInspection(id, now);
    return true;
  }

  private boolean redriveVariant(Subject subject, VariantKey variant, Instant now) {
    VariantRow row = tables.variantsOf(subject.asset()).get(variant);
    WorkEntry entry = tables.workOn(subject).filter(WorkEntry::isDead).orElse(null);
    if (row == null || entry == null) {
      return false;
    }
    tables.request(row, entry.priority(), now);
    return true;
  }

  @Override
  public void pause(WorkKind kind) {
    tables.transaction(now -> tables.paused.add(kind));
  }

  @Override
  public void resume(WorkKind kind) {
    tables.transaction(now -> tables.paused.remove(kind));
  }

  @Override
  public Set<WorkKind> paused() {
    return tables.transaction(now -> Set.copyOf(tables.paused));
  }

  @Override
  public LedgerStats stats(Scope scope) {
    return tables.transaction(now -> sums(scope));
  }

  private LedgerStats sums(Scope scope) {
    Map<AssetState, Long> assets = new EnumMap<>(AssetState.class);
    long logical = 0;
    long originals = 0;
    long duplicates = 0;
    long variants = 0;
    long variantBytes = 0;
    for (AssetEntry entry : tables.assets.values()) {
      if (!entry.row().id().scope().equals(scope)) {
        continue;
      }
      assets.merge(entry.row().state(), 1L, Long::sum);
      logical += entry.row().size() * entry.row().uploads();
      originals += entry.row().size();
      duplicates += entry.row().uploads() - 1;
      for (VariantRow row : tables.variantsOf(entry.row().id()).values()) {
        VariantContent content = row.content();
        variants += content == null ? 0 : 1;
        variantBytes += content == null ? 0 : content.blob().size();
      }
    }
    return new LedgerStats(assets, variants, logical, originals, variantBytes, duplicates);
  }
}
