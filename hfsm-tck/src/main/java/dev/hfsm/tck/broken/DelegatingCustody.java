package dev.hfsm.tck.broken;

import dev.hfsm.ledger.CustodyLedger;
import dev.hfsm.ledger.Kept;
import dev.hfsm.ledger.Purged;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Failure;
import dev.hfsm.model.HoldReason;
import dev.hfsm.model.Page;
import dev.hfsm.storage.StorageKey;

/** Passes everything on. */
class DelegatingCustody implements CustodyLedger {

  final CustodyLedger sound;

  DelegatingCustody(CustodyLedger sound) {
    this.sound = sound;
  }

  @Override
  public String ledgerId() {
    return sound.ledgerId();
  }

  @Override
  public Page<Kept> inventory(Cursor after, int limit) {
    return sound.inventory(after, limit);
  }

  @Override
  public Page<StorageKey> withheld(Cursor after, int limit) {
    return sound.withheld(after, limit);
  }

  @Override
  public boolean hold(AssetId asset, HoldReason reason) {
    return sound.hold(asset, reason);
  }

  @Override
  public boolean unhold(AssetId asset) {
    return sound.unhold(asset);
  }

  @Override
  public boolean show(AssetId asset, Visibility visibility) {
    return sound.show(asset, visibility);
  }

  @Override
  public Purged purge(AssetId asset) {
    return sound.purge(asset);
  }

  @Override
  public boolean markDamaged(AssetId asset, StorageKey key, Failure damage) {
    return sound.markDamaged(asset, key, damage);
  }

  @Override
  public boolean markSound(AssetId asset, StorageKey key) {
    return sound.markSound(asset, key);
  }
}
