package dev.hfsm.jdbc;

import static java.util.Comparator.comparing;

import dev.hfsm.ledger.Discarded;
import dev.hfsm.model.AssetId;
import dev.hfsm.storage.StorageKey;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Takes rows away and leaves their keys as garbage, each step inside the transaction of its caller.
 * Thread-safe.
 */
final class Removals {

  private final Sql sql;

  Removals(Sql sql) {
    this.sql = sql;
  }

  /**
   * What went with some assets.
   *
   * @param originals the keys of the assets
   * @param keys the keys of those variants that had one, in order
   * @param variants how many variants, made or not
   * @param work how many pieces of work
   */
  record Removed(List<StorageKey> originals, List<StorageKey> keys, int variants, int work) {}

  /** Removes assets that this transaction has locked, with all they have but references. */
  Removed remove(Handle handle, Collection<AssetId> assets) {
    if (assets.isEmpty()) {
      return new Removed(List.of(), List.of(), 0, 0);
    }
    String which = Json.assets(assets);
    forget(handle, assets);
    List<Optional<Discarded>> variants =
        discarded(handle, CustodyStatements.REMOVE_VARIANTS, "assets", which);
    int work = update(handle, CustodyStatements.REMOVE_WORK, "assets", which);
    List<Discarded> originals =
        present(discarded(handle, CustodyStatements.REMOVE_ASSETS, "assets", which));
    List<Discarded> made = present(variants);
    toGarbage(handle, Stream.concat(originals.stream(), made.stream()).toList());
    return new Removed(keys(originals), keys(made), variants.size(), work);
  }

  /** Takes assets out of the queue of those that can be collected. */
  void forget(Handle handle, Collection<AssetId> assets) {
    if (!assets.isEmpty()) {
      update(handle, CustodyStatements.REMOVE_RELEASED, "assets", Json.assets(assets));
    }
  }

  /** Removes the READY variants of these keys; waits for none that others hold. */
  Set<StorageKey> evict(Handle handle, Collection<StorageKey> variants) {
    List<Discarded> gone =
        present(discarded(handle, CustodyStatements.EVICT, "keys", Json.keys(variants)));
    toGarbage(handle, gone);
    return Set.copyOf(keys(gone));
  }

  private void toGarbage(Handle handle, List<Discarded> garbage) {
    if (!garbage.isEmpty()) {
      update(handle, CustodyStatements.TO_GARBAGE, "discarded", Json.discarded(garbage));
    }
  }

  private int update(Handle handle, String statement, String parameter, String json) {
    return handle.createUpdate(sql.of(statement)).bind(parameter, json).execute();
  }

  /** Empty for each row that names no key yet. */
  private List<Optional<Discarded>> discarded(
      Handle handle, String statement, String parameter, String json) {
    return handle
        .createQuery(sql.of(statement))
        .bind(parameter, json)
        .map(
            (row, context) ->
                row.getString("storage_key") == null
                    ? Optional.<Discarded>empty()
                    : Optional.of(Rows.discarded(row)))
        .list();
  }

  /** In order of key. */
  private static List<Discarded> present(List<Optional<Discarded>> rows) {
    return rows.stream().flatMap(Optional::stream).sorted(comparing(Discarded::key)).toList();
  }

  private static List<StorageKey> keys(List<Discarded> garbage) {
    return garbage.stream().map(Discarded::key).toList();
  }
}
