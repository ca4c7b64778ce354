package dev.hfsm.jdbc;

import dev.hfsm.ledger.CostLedger;
import dev.hfsm.ledger.Costs;
import dev.hfsm.ledger.Spending;
import dev.hfsm.model.Scope;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

final class JdbcCosts implements CostLedger {

  private final Transactions transactions;
  private final Sql sql;

  JdbcCosts(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    this.sql = sql;
  }

  @Override
  public void spend(List<Spending> spent) {
    if (!spent.isEmpty()) {
      transactions.write("add to what was spent", handle -> add(handle, spent));
    }
  }

  private int[] add(Handle handle, List<Spending> spent) {
    PreparedBatch batch = handle.prepareBatch(sql.of(CostStatements.SPEND));
    spent.stream()
        .sorted(Comparator.comparing((Spending one) -> one.scope().name()))
        .forEach(
            one ->
                batch
                    .bind("scope", one.scope().name())
                    .bind("nanos", one.cpu().toNanos())
                    .bind("variants", one.variants())
                    .bind("bytes", one.bytes())
                    .add());
    return batch.execute();
  }

  @Override
  public List<Costs> costs(Duration window) {
    return transactions.read(
        "read the costs",
        handle ->
            handle
                .createQuery(sql.of(CostStatements.COSTS))
                .bind("window", window.toMillis())
                .map(
                    (row, context) ->
                        new Costs(
                            Scope.of(row.getString("scope")),
                            Duration.ofNanos(row.getLong("nanos")),
                            row.getLong("variants"),
                            row.getLong("stored")))
                .list());
  }

  @Override
  public void measure() {
    transactions.write(
        "measure what is stored",
        handle -> {
          handle.createUpdate(sql.of(CostStatements.MEASURED)).execute();
          handle.createUpdate(sql.of(CostStatements.FORGET_STORED)).execute();
          return handle.createUpdate(sql.of(CostStatements.MEASURE)).execute();
        });
  }

  @Override
  public int forget(Duration age) {
    return transactions.writeOne(
        "forget what was spent",
        handle ->
            handle
                .createUpdate(sql.of(CostStatements.FORGET))
                .bind("age", age.toMillis())
                .execute());
  }
}
