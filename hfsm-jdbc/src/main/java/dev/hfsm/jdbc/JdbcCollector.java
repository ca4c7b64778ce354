package dev.hfsm.jdbc;

import dev.hfsm.ledger.CollectorLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.VariantKey;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

final class JdbcCollector implements CollectorLedger {

  private static final Pattern CHORE = Pattern.compile("[a-z0-9-]{1,64}");

  private final Transactions transactions;
  private final Sql sql;
  private final Steps steps;

  JdbcCollector(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    this.sql = sql;
    this.steps = new Steps(sql);
  }

  @Override
  public List<AssetId> collect(Duration grace, int limit) {
    return transactions.write("collect assets", handle -> collect(handle, grace, limit));
  }

  private List<AssetId> collect(Handle handle, Duration grace, int limit) {
    List<AssetId> collected = new ArrayList<>();
    while (collected.size() < limit) {
      List<AssetId> released = released(handle, grace, limit - collected.size());
      if (released.isEmpty()) {
        break;
      }
      // Both rows of each are locked: no claim can come, and none can go unseen.
      Set<AssetId> claimed =
          new HashSet<>(
              assets(
                  handle
                      .createQuery(sql.of(Statements.STILL_CLAIMED))
                      .bind("assets", Json.assets(released))));
      List<AssetId> unclaimed = released.stream().filter(a -> !claimed.contains(a)).toList();
      forEach(handle, claimed, Statements.REMOVE_RELEASED);
      forEach(
          handle,
          unclaimed,
          Statements.ASSETS_TO_GARBAGE,
          Statements.REMOVE_WORK,
          Statements.REMOVE_VARIANTS,
          Statements.REMOVE_RELEASED,
          Statements.REMOVE_ASSETS);
      collected.addAll(unclaimed);
    }
    return collected;
  }

  private List<AssetId> released(Handle handle, Duration grace, int limit) {
    return assets(
        handle
            .createQuery(sql.of(Statements.COLLECTABLE))
            .bind("grace", grace.toMillis())
            .bind("limit", limit));
  }

  private static List<AssetId> assets(Query query) {
    return query.map((row, context) -> Rows.assetId(row, "r_")).list();
  }

  private void forEach(Handle handle, Collection<AssetId> assets, String... statements) {
    if (assets.isEmpty()) {
      return;
    }
    for (String statement : statements) {
      handle.createUpdate(sql.of(statement)).bind("assets", Json.assets(assets)).execute();
    }
  }

  @Override
  public int evictVariants(AssetId asset, Set<VariantKey> variants) {
    return transactions.write(
        "evict variants",
        handle -> {
          // With the asset locked nothing is published between the two statements.
          if (variants.isEmpty() || steps.lock(handle, asset).isEmpty()) {
            return 0;
          }
          evict(handle, asset, variants, Statements.VARIANTS_TO_GARBAGE);
          return evict(handle, asset, variants, Statements.EVICT);
        });
  }

  private int evict(Handle handle, AssetId asset, Set<VariantKey> variants, String statement) {
    return Rows.bind(handle.createUpdate(sql.of(statement)), asset)
        .bind("variants", Json.variants(variants))
        .execute();
  }

  @Override
  public List<StorageKey> garbage(int limit) {
    return transactions.read(
        "list garbage",
        handle -> keys(handle.createQuery(sql.of(Statements.GARBAGE)).bind("limit", limit)));
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
                .createUpdate(sql.of(Statements.FORGET))
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
                keys(handle.createQuery(sql.of(Statements.NAMED)).bind("keys", Json.keys(keys)))));
  }

  @Override
  public boolean leaseChore(String chore, String worker, Duration lease) {
    if (!CHORE.matcher(chore).matches()) {
      throw new IllegalArgumentException("chore: expected [a-z0-9-]{1,64}, found " + chore);
    }
    return transactions.writeOne(
            "lease a chore",
            handle ->
                handle
                    .createUpdate(sql.of(Statements.LEASE_CHORE))
                    .bind("name", chore)
                    .bind("worker", worker)
                    .bind("millis", lease.toMillis())
                    .execute())
        > 0;
  }
}
