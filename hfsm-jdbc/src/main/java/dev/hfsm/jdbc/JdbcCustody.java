package dev.hfsm.jdbc;

import dev.hfsm.jdbc.Removals.Removed;
import dev.hfsm.ledger.CustodyLedger;
import dev.hfsm.ledger.Kept;
import dev.hfsm.ledger.Purged;
import dev.hfsm.ledger.Purged.Outcome;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Failure;
import dev.hfsm.model.HoldReason;
import dev.hfsm.model.Page;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.StorageKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

final class JdbcCustody implements CustodyLedger {

  private final Transactions transactions;
  private final Sql sql;
  private final Removals removals;
  private final Steps steps;
  private final String ledgerId;

  JdbcCustody(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    this.sql = sql;
    this.removals = new Removals(sql);
    this.steps = new Steps(sql);
    this.ledgerId =
        transactions.read(
            "read the ledger's name",
            handle ->
                handle.createQuery(sql.of(CustodyStatements.LEDGER_ID)).mapTo(String.class).one());
  }

  @Override
  public String ledgerId() {
    return ledgerId;
  }

  @Override
  public Page<Kept> inventory(Cursor after, int limit) {
    long rows = Pages.rows(limit);
    List<Kept> found =
        transactions.read(
            "list what is kept",
            handle ->
                handle
                    .createQuery(sql.of(CustodyStatements.INVENTORY))
                    .bind("after", after.after())
                    .bind("limit", rows)
                    .map((row, context) -> kept(row))
                    .list());
    return Pages.of(found, limit, Function.identity(), kept -> kept.key().text());
  }

  @Override
  public Page<StorageKey> withheld(Cursor after, int limit) {
    long rows = Pages.rows(limit);
    List<StorageKey> found =
        transactions.read(
            "list what holds keep",
            handle ->
                handle
                    .createQuery(sql.of(CustodyStatements.WITHHELD))
                    .bind("after", after.after())
                    .bind("limit", rows)
                    .map((row, context) -> new StorageKey(row.getString("storage_key")))
                    .list());
    return Pages.of(found, limit, Function.identity(), StorageKey::text);
  }

  private static Kept kept(ResultSet row) throws SQLException {
    return new Kept(
        new StorageKey(row.getString("storage_key")),
        new BlobRef(new Digest(row.getString("digest")), row.getLong("size")));
  }

  @Override
  public boolean hold(AssetId asset, HoldReason reason) {
    return changes(
        "put a hold on an asset",
        CustodyStatements.HOLD,
        asset,
        update -> update.bind("hold", reason.text()));
  }

  @Override
  public boolean unhold(AssetId asset) {
    return transactions.write(
        "lift a hold",
        handle -> {
          boolean held =
              Rows.bind(handle.createUpdate(sql.of(CustodyStatements.UNHOLD)), asset).execute() > 0;
          if (held) {
            Rows.bind(handle.createUpdate(sql.of(CustodyStatements.START_GRACE)), asset).execute();
          }
          return held;
        });
  }

  @Override
  public boolean show(AssetId asset, Visibility visibility) {
    return changes(
        "show or hide an asset",
        CustodyStatements.SHOW,
        asset,
        update -> update.bind("is_public", visibility == Visibility.PUBLIC));
  }

  @Override
  public Purged purge(AssetId asset) {
    return transactions.write(
        "purge an asset",
        handle -> {
          Optional<Boolean> held =
              Rows.bind(handle.createQuery(sql.of(CustodyStatements.LOCK_FOR_PURGE)), asset)
                  .mapTo(Boolean.class)
                  .findOne();
          if (held.isEmpty() || held.get()) {
            return Purged.nothing(
                held.isEmpty() ? Outcome.ABSENT : Outcome.HELD, steps.now(handle));
          }
          return purge(handle, asset);
        });
  }

  /** References first: a trigger notes each loss, and what it notes goes with the rest. */
  private Purged purge(Handle handle, AssetId asset) {
    List<ReferenceName> claims =
        Rows.bind(handle.createQuery(sql.of(CustodyStatements.REMOVE_REFERENCES)), asset)
            .map((row, context) -> new ReferenceName(row.getString("name")))
            .list();
    Removed removed = removals.remove(handle, List.of(asset));
    List<StorageKey> keys = new ArrayList<>(removed.originals());
    keys.addAll(removed.keys());
    return new Purged(
        Outcome.PURGED,
        claims.stream().sorted().toList(),
        removed.variants(),
        removed.work(),
        keys,
        steps.now(handle));
  }

  @Override
  public boolean markDamaged(AssetId asset, StorageKey key, Failure damage) {
    return changes(
        "note damage",
        CustodyStatements.MARK_DAMAGED,
        asset,
        update -> Rows.bind(update, damage).bind("storage_key", key.text()));
  }

  @Override
  public boolean markSound(AssetId asset, StorageKey key) {
    return changes(
        "take a note of damage back",
        CustodyStatements.MARK_SOUND,
        asset,
        update -> update.bind("storage_key", key.text()));
  }

  private boolean changes(
      String what, String statement, AssetId asset, UnaryOperator<Update> more) {
    return transactions.writeOne(
            what,
            handle ->
                more.apply(Rows.bind(handle.createUpdate(sql.of(statement)), asset)).execute())
        > 0;
  }
}
