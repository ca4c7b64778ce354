package dev.hfsm.jdbc;

import dev.hfsm.ledger.Collectable;
import dev.hfsm.ledger.CollectorLedger;
import dev.hfsm.ledger.Discarded;
import dev.hfsm.ledger.Evictable;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.StorageKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

final class JdbcCollector implements CollectorLedger {

  private final Transactions transactions;
  private final Sql sql;
  private final Removals removals;

  JdbcCollector(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    this.sql = sql;
    this.removals = new Removals(sql);
  }

  @Override
  public List<AssetId> collect(Duration grace, int limit) {
    return transactions.write("collect assets", handle -> collect(handle, grace, limit));
  }

  private record Released(AssetId asset, boolean held) {}

  private List<AssetId> collect(Handle handle, Duration grace, int limit) {
    List<AssetId> collected = new ArrayList<>();
    while (collected.size() < limit) {
      List<Released> released = released(handle, grace, limit - collected.size());
      if (released.isEmpty()) {
        break;
      }
      // Both rows of each are locked: no claim and no hold can come, and none can go unseen. What
      // is kept leaves the queue, or it would block its head: losing a reference puts it there
      // again, and so does the end of a hold.
      Set<AssetId> kept = new HashSet<>(claimed(handle, released));
      released.stream().filter(Released::held).map(Released::asset).forEach(kept::add);
      List<AssetId> unclaimed =
          released.stream().map(Released::asset).filter(a -> !kept.contains(a)).toList();
      removals.forget(handle, kept);
      removals.remove(handle, unclaimed);
      collected.addAll(unclaimed);
    }
    return collected;
  }

  private List<Released> released(Handle handle, Duration grace, int limit) {
    return handle
        .createQuery(sql.of(CustodyStatements.RELEASED))
        .bind("grace", grace.toMillis())
        .bind("limit", limit)
        .map((row, context) -> new Released(Rows.assetId(row, "r_"), row.getBoolean("held")))
        .list();
  }

  private List<AssetId> claimed(Handle handle, List<Released> released) {
    return handle
        .createQuery(sql.of(CustodyStatements.STILL_CLAIMED))
        .bind("assets", Json.assets(released.stream().map(Released::asset).toList()))
        .map((row, context) -> Rows.assetId(row, "r_"))
        .list();
  }

  private record Place(Collectable item, long at) {

    /** Where the scan goes on: the time, then the asset. */
    String text() {
      return at + " " + item.asset();
    }
  }

  @Override
  public Page<Collectable> collectable(Duration grace, Cursor after, int limit) {
    long rows = Pages.rows(limit);
    List<Place> found =
        transactions.read(
            "list what can be collected",
            handle ->
                bindPlace(handle.createQuery(sql.of(CustodyStatements.COLLECTABLE)), after)
                    .bind("grace", grace.toMillis())
                    .bind("limit", rows)
                    .map((row, context) -> place(row))
                    .list());
    return Pages.of(found, limit, Place::item, Place::text);
  }

  private static Place place(ResultSet row) throws SQLException {
    return new Place(
        new Collectable(
            Rows.assetId(row, "r_"),
            row.getInt("variants"),
            row.getLong("size") + row.getLong("bytes")),
        row.getLong("r_at"));
  }

  private static Query bindPlace(Query query, Cursor after) {
    if (after.equals(Cursor.START)) {
      return query.bind("at", Long.MIN_VALUE).bind("scope", "").bind("digest", "");
    }
    String[] parts = after.after().split(" ", 2);
    return Rows.bind(query, AssetId.parse(parts[1])).bind("at", Long.parseLong(parts[0]));
  }

  @Override
  public Set<StorageKey> evict(Collection<StorageKey> variants) {
    if (variants.isEmpty()) {
      return Set.of();
    }
    return transactions.write("evict variants", handle -> removals.evict(handle, variants));
  }

  @Override
  public Page<Evictable> evictable(Duration idle, Cursor after, int limit) {
    long rows = Pages.rows(limit);
    boolean start = after.equals(Cursor.START);
    String[] place = after.after().split(" ", 2);
    List<Evictable> found =
        transactions.read(
            "list idle variants",
            handle ->
                handle
                    .createQuery(sql.of(CustodyStatements.EVICTABLE))
                    .bind("worth", start ? -1.0 : Double.parseDouble(place[0]))
                    .bind("storage_key", start ? "" : place[1])
                    .bind("idle", idle.toMillis())
                    .bind("limit", rows)
                    .map((row, context) -> evictable(row))
                    .list());
    return Pages.of(found, limit, Function.identity(), e -> e.worth() + " " + e.key().text());
  }

  private static Evictable evictable(ResultSet row) throws SQLException {
    return new Evictable(
        new StorageKey(row.getString("storage_key")),
        row.getLong("content_size"),
        row.getDouble("worth"),
        Rows.instant(row, "used_at"));
  }

  @Override
  public long variantBytes() {
    return transactions.read(
        "sum variants up",
        handle ->
            handle.createQuery(sql.of(CustodyStatements.VARIANT_BYTES)).mapTo(Long.class).one());
  }

  @Override
  public List<Discarded> garbage(int limit) {
    return transactions.read(
        "list garbage",
        handle ->
            handle
                .createQuery(sql.of(CustodyStatements.GARBAGE))
                .bind("limit", limit)
                .map((row, context) -> Rows.discarded(row))
                .list());
  }

  private static List<StorageKey> keys(Query query) {
    return query.map((row, context) -> new StorageKey(row.getString("storage_key"))).list();
  }

  @Override
  public void forget(Collection<StorageKey> deleted) {
    if (deleted.isEmpty()) {
      return;
    }
    transactions.writeOne(
        "forget garbage",
        handle ->
            handle
                .createUpdate(sql.of(CustodyStatements.FORGET))
                .bind("keys", Json.keys(deleted))
                .execute());
  }

  @Override
  public Set<StorageKey> named(Collection<StorageKey> keys) {
    if (keys.isEmpty()) {
      return Set.of();
    }
    return Set.copyOf(
        transactions.read(
            "look keys up",
            handle ->
                keys(
                    handle
                        .createQuery(sql.of(CustodyStatements.NAMED))
                        .bind("keys", Json.keys(keys)))));
  }
}
