package dev.hfsm.jdbc;

import dev.hfsm.jdbc.Steps.Cause;
import dev.hfsm.jdbc.Steps.Locked;
import dev.hfsm.ledger.LedgerStats;
import dev.hfsm.ledger.OperatorLedger;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Page;
import dev.hfsm.model.Scope;
import dev.hfsm.model.StateMachine;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

final class JdbcOperator implements OperatorLedger {

  private final Transactions transactions;
  private final Sql sql;
  private final Steps steps;

  JdbcOperator(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    this.sql = sql;
    this.steps = new Steps(sql);
  }

  private record Looked(Hint hint, boolean due, long place) {}

  @Override
  public Page<Hint> due(Cursor after, int limit) {
    long rows = Pages.rows(limit);
    long look = Pages.look(limit);
    List<Looked> found =
        transactions.read(
            "list due work",
            handle ->
                bindPlace(handle.createQuery(sql.of(Statements.DUE)), after)
                    .bind("look", look)
                    .bind("limit", rows)
                    .map(
                        (row, context) ->
                            new Looked(
                                Rows.hint(row), row.getBoolean("is_due"), row.getLong("place")))
                    .list());
    List<Hint> due = found.stream().filter(Looked::due).map(Looked::hint).limit(limit).toList();
    Hint end = null;
    if (found.size() > limit) {
      end = found.get(limit - 1).hint();
    } else if (!found.isEmpty() && found.get(found.size() - 1).place() == look) {
      end = found.get(found.size() - 1).hint();
    }
    return new Page<>(due, end == null ? null : new Cursor(end.subject().toString()));
  }

  private static Query bindPlace(Query query, Cursor after) {
    return after.equals(Cursor.START)
        ? query.bind("scope", "").bind("digest", "").bind("kind", "").bind("variant", "")
        : Rows.bind(query, Subject.parse(after.after()));
  }

  private record Dead(WorkRow work, long number) {}

  @Override
  public Page<WorkRow> dead(Cursor after, int limit) {
    long rows = Pages.rows(limit);
    long place = after.equals(Cursor.START) ? 0 : Long.parseLong(after.after());
    List<Dead> found =
        transactions.read(
            "list dead work",
            handle ->
                handle
                    .createQuery(sql.of(Statements.DEAD))
                    .bind("after", place)
                    .bind("limit", rows)
                    .map((row, context) -> new Dead(Rows.work(row), row.getLong("w_fence")))
                    .list());
    return Pages.of(found, limit, Dead::work, dead -> Long.toString(dead.number()));
  }

  @Override
  public List<WorkRow> work(AssetId asset) {
    return transactions.read(
        "list work",
        handle ->
            Rows.bind(handle.createQuery(sql.of(Statements.WORK)), asset)
                .map((row, context) -> Rows.work(row))
                .list());
  }

  @Override
  public boolean redrive(Subject subject) {
    return transactions.write(
        "redrive work",
        handle ->
            steps
                .lock(handle, subject.asset())
                .filter(asset -> redrive(handle, asset, subject))
                .isPresent());
  }

  private boolean redrive(Handle handle, Locked asset, Subject subject) {
    return subject.variant() == null
        ? redriveInspection(handle, asset, subject)
        : redriveVariant(handle, subject);
  }

  private boolean redriveInspection(Handle handle, Locked asset, Subject subject) {
    if (StateMachine.on(asset.state(), AssetEvent.REDRIVEN).isEmpty()) {
      return false;
    }
    Facts facts = asset.facts().without(Fact.REJECTION);
    steps.move(handle, asset, AssetEvent.REDRIVEN, facts, Cause.CALLER);
    steps.owe(handle, subject, Steps.INSPECTION_PRIORITY, Duration.ZERO);
    return true;
  }

  private boolean redriveVariant(Handle handle, Subject subject) {
    Optional<Integer> priority =
        Rows.bind(handle.createQuery(sql.of(Statements.DEAD_PRIORITY)), subject)
            .mapTo(Integer.class)
            .findOne();
    if (priority.isEmpty()) {
      return false;
    }
    Rows.bind(handle.createUpdate(sql.of(Statements.VARIANT_AGAIN)), subject.asset())
        .bind("variant", Rows.variantText(subject))
        .execute();
    steps.owe(handle, subject, priority.get(), Duration.ZERO);
    return true;
  }

  @Override
  public void pause(WorkKind kind) {
    change("pause a kind of work", Statements.PAUSE, kind);
  }

  @Override
  public void resume(WorkKind kind) {
    change("resume a kind of work", Statements.RESUME, kind);
  }

  private void change(String what, String statement, WorkKind kind) {
    transactions.writeOne(
        what, handle -> handle.createUpdate(sql.of(statement)).bind("kind", kind.name()).execute());
  }

  @Override
  public Set<WorkKind> paused() {
    return Set.copyOf(
        transactions.read(
            "list paused kinds",
            handle ->
                handle
                    .createQuery(sql.of(Statements.PAUSED))
                    .map((row, context) -> WorkKind.valueOf(row.getString("kind")))
                    .list()));
  }

  private record Sum(String state, long count, long logical, long stored, long duplicates) {}

  @Override
  public LedgerStats stats(Scope scope) {
    List<Sum> sums =
        transactions.read(
            "sum a scope up",
            handle ->
                handle
                    .createQuery(sql.of(Statements.STATS))
                    .bind("scope", scope.name())
                    .map(
                        (row, context) ->
                            new Sum(
                                row.getString("state"),
                                row.getLong("count"),
                                row.getLong("logical"),
                                row.getLong("stored"),
                                row.getLong("duplicates")))
                    .list());
    Map<AssetState, Long> assets = new EnumMap<>(AssetState.class);
    long variants = 0;
    long variantBytes = 0;
    long logical = 0;
    long originals = 0;
    long duplicates = 0;
    for (Sum sum : sums) {
      if (sum.state().equals("VARIANT")) {
        variants = sum.count();
        variantBytes = sum.stored();
      } else {
        assets.put(AssetState.valueOf(sum.state()), sum.count());
        logical += sum.logical();
        originals += sum.stored();
        duplicates += sum.duplicates();
      }
    }
    return new LedgerStats(assets, variants, logical, originals, variantBytes, duplicates);
  }
}
