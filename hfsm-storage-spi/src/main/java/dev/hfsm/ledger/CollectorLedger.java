package dev.hfsm.ledger;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** The ledger as those see it who clear away. Each method is one transaction. */
public interface CollectorLedger {

  /**
   * Removes assets that no reference has claimed for at least {@code grace} and that nobody holds,
   * with their variants and work, and makes their keys garbage. Locks an asset's row first and
   * looks at its references in a later statement, so that it cannot miss a claim that was committed
   * in between.
   *
   * @param limit how many assets at most
   * @return the assets removed
   */
  List<AssetId> collect(Duration grace, int limit);

  /**
   * What {@link #collect} would remove now, the longest released first. Writes nothing.
   *
   * @param after {@link Cursor#START}, or where the last page ended
   */
  Page<Collectable> collectable(Duration grace, Cursor after, int limit);

  /**
   * Removes the READY variants that name these keys, and makes the keys garbage. Keys that no READY
   * variant names are passed over, and so, without waiting, may be the variants of assets that
   * another transaction is changing.
   *
   * @return the keys that are garbage now
   */
  Set<StorageKey> evict(Collection<StorageKey> variants);

  /**
   * READY variants of all scopes that were last used at least {@code idle} ago, the least worth
   * first. A variant counts as used once when it is published.
   *
   * @param after {@link Cursor#START}, or where the last page ended
   */
  Page<Evictable> evictable(Duration idle, Cursor after, int limit);

  /** What the READY variants of all scopes take, in bytes. */
  long variantBytes();

  /**
   * Blobs that nobody may name any more and that are still to be deleted, with the sizes that their
   * rows told when the ledger removed or rewrote them: so whoever deletes them needs not ask the
   * store. Those of originals of an asset that is held are left out for as long as it is.
   */
  List<Discarded> garbage(int limit);

  /** Forgets garbage whose objects have been deleted. */
  void forget(Collection<StorageKey> deleted);

  /**
   * Which of these keys a row names, garbage included. Everything else is an orphan if old enough.
   */
  Set<StorageKey> named(Collection<StorageKey> keys);
}
