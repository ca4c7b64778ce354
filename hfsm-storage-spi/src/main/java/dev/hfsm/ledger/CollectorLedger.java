package dev.hfsm.ledger;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.VariantKey;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** The ledger as those see it who clear away. Each method is one transaction. */
public interface CollectorLedger {

  /**
   * Removes assets that no reference has claimed for at least {@code grace}, with their variants
   * and work, and makes their keys garbage. Locks an asset's row first and looks at its references
   * in a later statement, so that it cannot miss a claim that was committed in between.
   *
   * @param limit how many assets at most
   * @return the assets removed
   */
  List<AssetId> collect(Duration grace, int limit);

  /**
   * Removes variants of an asset and makes their keys garbage. Variants that are being made or were
   * never made are left alone.
   *
   * @return how many were removed
   */
  int evictVariants(AssetId asset, Set<VariantKey> variants);

  /** Keys that nobody may name any more and whose objects are still to be deleted. */
  List<StorageKey> garbage(int limit);

  /** Forgets garbage whose objects have been deleted. */
  void forget(Collection<StorageKey> deleted);

  /**
   * Which of these keys a row names, garbage included. Everything else is an orphan if old enough.
   */
  Set<StorageKey> named(Collection<StorageKey> keys);

  /**
   * Takes or extends the lease on a chore that one node should do at a time.
   *
   * @param chore 1 to 64 characters of {@code [a-z0-9-]}
   * @return whether {@code worker} holds it now
   */
  boolean leaseChore(String chore, String worker, Duration lease);
}
