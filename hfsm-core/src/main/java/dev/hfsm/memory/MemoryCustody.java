package dev.hfsm.memory;

import dev.hfsm.ledger.CustodyLedger;
import dev.hfsm.ledger.Kept;
import dev.hfsm.ledger.Purged;
import dev.hfsm.ledger.Purged.Outcome;
import dev.hfsm.ledger.Reference;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Failure;
import dev.hfsm.model.HoldReason;
import dev.hfsm.model.Page;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.StorageKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

final class MemoryCustody implements CustodyLedger {

  private final LedgerTables tables;
  private final String ledgerId = UUID.randomUUID().toString();

  MemoryCustody(LedgerTables tables) {
    this.tables = tables;
  }

  @Override
  public String ledgerId() {
    return ledgerId;
  }

  @Override
  public Page<Kept> inventory(Cursor after, int limit) {
    return tables.transaction(
        now ->
            Pages.of(
                Stream.concat(originals(), variants()).sorted((a, b) -> a.key().compareTo(b.key())),
                kept -> kept.key().text(),
                after,
                limit));
  }

  @Override
  public Page<StorageKey> withheld(Cursor after, int limit) {
    return tables.transaction(
        now ->
            Pages.of(
                tables.garbage.keySet().stream().filter(tables::isHeld).sorted(),
                StorageKey::text,
                after,
                limit));
  }

  private Stream<Kept> originals() {
    return tables.assets.values().stream()
        .map(AssetEntry::row)
        .map(row -> new Kept(row.key(), new BlobRef(row.id().digest(), row.size())));
  }

  private Stream<Kept> variants() {
    return tables
        .ready()
        .map(LedgerTables::contentOf)
        .map(content -> new Kept(content.key(), content.blob()));
  }

  @Override
  public boolean hold(AssetId asset, HoldReason reason) {
    return changes(asset, entry -> true, entry -> entry.held(reason));
  }

  @Override
  public boolean unhold(AssetId asset) {
    return tables.transaction(
        now -> {
          AssetEntry entry = tables.assets.get(asset);
          if (entry == null || entry.row().hold() == null) {
            return false;
          }
          tables.rewrite(entry.held(null), now);
          tables.noteLoss(asset, now);
          return true;
        });
  }

  @Override
  public boolean show(AssetId asset, Visibility visibility) {
    return changes(asset, entry -> true, entry -> entry.shown(visibility));
  }

  @Override
  public Purged purge(AssetId asset) {
    return tables.transaction(
        now -> {
          AssetEntry entry = tables.assets.get(asset);
          if (entry == null) {
            return Purged.nothing(Outcome.ABSENT, now);
          }
          return entry.row().hold() == null ? purge(asset, now) : Purged.nothing(Outcome.HELD, now);
        });
  }

  private Purged purge(AssetId asset, Instant now) {
    List<ReferenceName> claims = tables.referencesOf(asset).stream().map(Reference::name).toList();
    Map<ReferenceName, Reference> named = tables.references.get(asset.scope());
    claims.forEach(name -> named.remove(name));
    int variants = tables.variantsOf(asset).size();
    int before = tables.work.size();
    List<StorageKey> keys = tables.remove(asset, now);
    return new Purged(Outcome.PURGED, claims, variants, before - tables.work.size(), keys, now);
  }

  @Override
  public boolean markDamaged(AssetId asset, StorageKey key, Failure damage) {
    return changes(asset, entry -> entry.row().key().equals(key), entry -> entry.damaged(damage));
  }

  @Override
  public boolean markSound(AssetId asset, StorageKey key) {
    return changes(
        asset,
        entry -> entry.row().key().equals(key) && entry.row().damage() != null,
        entry -> entry.damaged(null));
  }

  /** Whether there is such an asset; it is written anew then. */
  private boolean changes(
      AssetId asset, Predicate<AssetEntry> which, UnaryOperator<AssetEntry> change) {
    return tables.transaction(
        now -> {
          AssetEntry entry = tables.assets.get(asset);
          if (entry == null || !which.test(entry)) {
            return false;
          }
          tables.rewrite(change.apply(entry), now);
          return true;
        });
  }
}
