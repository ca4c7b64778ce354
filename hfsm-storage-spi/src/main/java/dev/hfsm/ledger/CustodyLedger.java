package dev.hfsm.ledger;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Failure;
import dev.hfsm.model.HoldReason;
import dev.hfsm.model.Page;
import dev.hfsm.storage.StorageKey;

/**
 * The ledger as those see it who answer for what is kept: what lies where, what is damaged, what
 * must not go, what must go now. Each method is one transaction.
 */
public interface CustodyLedger {

  /**
   * The name of this ledger: made at random when it was created, and the same ever since, also
   * after a restore from a backup. A store notes it, so that nobody sweeps another ledger's store.
   *
   * @return 1 to 64 characters of {@code [a-z0-9-]}
   */
  String ledgerId();

  /** Every blob that an asset or a READY variant names, of all scopes, in order of key. */
  Page<Kept> inventory(Cursor after, int limit);

  /**
   * Originals that an upload has replaced and that a hold keeps, of all scopes, in order of key:
   * garbage that {@link CollectorLedger#garbage} leaves out for as long. What lies there is likely
   * to be damaged, so neither size nor digest is told.
   */
  Page<StorageKey> withheld(Cursor after, int limit);

  /**
   * Puts a legal hold on an asset: until it is lifted the asset is neither collected nor purged,
   * whatever was released, and an original that an upload has replaced is not listed as garbage.
   * Its variants can still be evicted, since they can be made again. A hold that is there already
   * gets the new reason.
   *
   * @return whether there is such an asset
   */
  boolean hold(AssetId asset, HoldReason reason);

  /**
   * Lifts a hold. If nothing claims the asset, its grace starts now.
   *
   * @return whether there was a hold
   */
  boolean unhold(AssetId asset);

  /**
   * Says to whom an asset is delivered without a signature.
   *
   * @return whether there is such an asset
   */
  boolean show(AssetId asset, Visibility visibility);

  /**
   * Removes an asset now: whatever claims it, without grace. References, variants and work go with
   * it, its keys become garbage. Its history stays. Locks the asset's row before anything else.
   */
  Purged purge(AssetId asset);

  /**
   * Notes that the original under {@code key} is missing or damaged, unless the asset no longer
   * names that key. The next upload of the bytes replaces it.
   *
   * @return whether the asset names the key
   */
  boolean markDamaged(AssetId asset, StorageKey key, Failure damage);

  /**
   * Takes such a note back, as after the object was restored.
   *
   * @return whether there was a note about this key
   */
  boolean markSound(AssetId asset, StorageKey key);
}
