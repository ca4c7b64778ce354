package dev.hfsm.ledger;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import java.util.Collection;
import java.util.Optional;

/**
 * The ledger as those see it who bring assets in and claim them. Each method is one transaction.
 */
public interface IntakeLedger {

  /** Looks an asset up, and tells the ledger's time. */
  Lookup find(AssetId asset);

  /**
   * Commits the row of an asset whose bytes are durable, its reference, and the inspection it is
   * owed: the linearisation point of an ingest. If the asset is there already, only the reference,
   * the count of uploads and the visibility, if one is said, are written, unless the asset is
   * FAILED or its original damaged: then the offered key takes the place of the one it had.
   */
  Admitted admit(Admission admission);

  /**
   * Points a reference at an asset. Locks the asset's row before anything else, so that it cannot
   * lose to a collection under way: either the asset is gone and the answer is empty, or it stays.
   * Sets the visibility, if one is said.
   *
   * @return the row, or empty if there is no such asset
   */
  Optional<AssetRow> retain(Retention retention);

  /**
   * Removes a reference. An asset whose last reference goes can be collected after its grace.
   *
   * @return the asset it pointed at, or empty if there was no such reference
   */
  Optional<AssetId> release(Scope scope, ReferenceName reference);

  /**
   * Removes a reference if it points at {@code from}; nothing is changed otherwise.
   *
   * @return whether it did
   */
  boolean release(AssetId from, ReferenceName reference);

  /**
   * Records that a variant is wanted, together with the work that makes it, unless it is READY, or
   * FAILED with its retry time still to come. If it is REQUESTED already and no attempt was made
   * yet, the earlier of the two times and the higher of the two priorities hold.
   *
   * @return the row as it now stands
   * @throws AssetGoneException if there is no such asset
   */
  VariantRow requestVariant(VariantRequest request);

  /**
   * Counts uses of variants, now. Variants that are not READY are left out, and so, without
   * waiting, may be those that another transaction is changing: the count is a measure of worth,
   * not an account.
   */
  void used(Collection<VariantUse> uses);
}
