package dev.hfsm.ledger;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import java.util.Optional;

/**
 * The ledger as those see it who bring assets in and claim them. Each method is one transaction.
 */
public interface IntakeLedger {

  /** Looks an asset up, and tells the ledger's time. */
  Lookup find(AssetId asset);

  /**
   * Commits the row of an asset whose bytes are durable, its reference, and the inspection it is
   * owed: the linearisation point of an ingest. If the asset is there already, only the reference
   * and the count of uploads are written.
   */
  Admitted admit(Admission admission);

  /**
   * Points a reference at an asset. Locks the asset's row before anything else, so that it cannot
   * lose to a collection under way: either the asset is gone and the answer is empty, or it stays.
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
   * Records that a variant is wanted, together with the work that makes it, unless it is READY,
   * already REQUESTED, or FAILED with its retry time still to come.
   *
   * @return the row as it now stands
   * @throws AssetGoneException if there is no such asset
   */
  VariantRow requestVariant(VariantRequest request);
}
