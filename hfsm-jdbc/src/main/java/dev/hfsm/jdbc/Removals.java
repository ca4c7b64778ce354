package dev.hfsm.jdbc;

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
    List<Optional<StorageKey>> variants =
        keys(handle, CustodyStatements.REMOVE_VARIANTS, "assets", which);
    List<StorageKey> keys = variants.stream().flatMap(Optional::stream).sorted().toList();
    int work = update(handle, CustodyStatements.REMOVE_WORK, "assets", which);
    List<StorageKey> originals =
        keys(handle, CustodyStatements.REMOVE_ASSETS, "assets", which).stream()
            .flatMap(Optional::stream)
            .toList();
    toGarbage(handle, Stream.concat(originals.stream(), keys.stream()).toList());
    return new Removed(originals, keys, variants.size(), work);
  }

  /** Takes assets out of the queue of those that can be collected. */
  void forget(Handle handle, Collection<AssetId> assets) {
    if (!assets.isEmpty()) {
      update(handle, CustodyStatements.REMOVE_RELEASED, "assets", Json.assets(assets));
    }
  }

  /** Removes the READY variants of these keys; waits for none that others hold. */
  Set<StorageKey> evict(Handle handle, Collection<StorageKey> variants) {
    List<StorageKey> gone =
        keys(handle, CustodyStatements.EVICT, "keys", Json.keys(variants)).stream()
            .flatMap(Optional::stream)
            .toList();
    toGarbage(handle, gone);
    return Set.copyOf(gone);
  }

  private void toGarbage(Handle handle, List<StorageKey> keys) {
    if (!keys.isEmpty()) {
      update(handle, CustodyStatements.TO_GARBAGE, "keys", Json.keys(keys));
    }
  }

  private int update(Handle handle, String statement, String parameter, String json) {
    return handle.createUpdate(sql.of(statement)).bind(parameter, json).execute();
  }

  /** Empty for each row that names no key yet. */
  private List<Optional<StorageKey>> keys(
      Handle handle, String statement, String parameter, String json) {
    return handle
        .createQuery(sql.of(statement))
        .bind(parameter, json)
        .map(
            (row, context) ->
                Optional.ofNullable(row.getString("storage_key")).map(StorageKey::new))
        .list();
  }
}
