package dev.hfsm.jdbc;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.Admitted.Outcome;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.IntakeLedger;
import dev.hfsm.ledger.Lookup;
import dev.hfsm.ledger.Retention;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantUse;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import dev.hfsm.model.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

final class JdbcIntake implements IntakeLedger {

  private final Transactions transactions;
  private final Sql sql;
  private final Steps steps;

  /** Null where nobody else's admission may go with one, as in the transaction of a host. */
  private final @Nullable Company company;

  private JdbcIntake(Transactions transactions, Sql sql, @Nullable Company company) {
    this.transactions = transactions;
    this.sql = sql;
    this.steps = new Steps(sql);
    this.company = company;
  }

  /** For callers each of whom has the transaction to himself. */
  static JdbcIntake apart(Transactions transactions, Sql sql) {
    return new JdbcIntake(transactions, sql, null);
  }

  /** For any number of callers at once. */
  static JdbcIntake together(Transactions transactions, PostgresSql sql) {
    return new JdbcIntake(
        transactions,
        sql,
        new Company(
            new Company.Admitting() {
              @Override
              public Admitted alone(Admission admission) {
                return JdbcIntake.alone(transactions, sql, admission);
              }

              @Override
              public Admitted soon(Admission admission) {
                return answer(
                    transactions.writeOne(
                        "admit an asset", handle -> sql.admitSoon(handle, admission)));
              }

              @Override
              public Map<AssetId, Admitted> together(List<Admission> admissions) {
                return transactions.writeOne(
                    "admit assets", handle -> sql.admitNew(handle, admissions));
              }
            }));
  }

  @Override
  public Lookup find(AssetId asset) {
    return transactions.read(
        "look an asset up",
        handle ->
            Rows.bind(handle.createQuery(sql.of(Statements.FIND)), asset)
                .map((row, c) -> new Lookup(Rows.assetOrNull(row), Rows.instant(row, "now")))
                .one());
  }

  @Override
  public Admitted admit(Admission admission) {
    Admissions.check(admission);
    return company == null ? alone(transactions, sql, admission) : company.admit(admission);
  }

  private static Admitted alone(Transactions transactions, Sql sql, Admission admission) {
    return answer(transactions.writeOne("admit an asset", handle -> sql.admit(handle, admission)));
  }

  private static Admitted answer(Optional<Admitted> admitted) {
    return admitted.orElse(new Admitted(Outcome.STALE_KEY, null));
  }

  private void point(Handle handle, ReferenceName reference, AssetId asset) {
    Rows.bind(handle.createUpdate(sql.of(Statements.POINT)), asset)
        .bind("name", reference.text())
        .execute();
  }

  @Override
  public Optional<AssetRow> retain(Retention retention) {
    AssetId id = retention.asset();
    return transactions.write(
        "retain an asset",
        handle -> {
          Optional<AssetRow> retained =
              Rows.bind(handle.createQuery(sql.of(Statements.RETAIN)), id)
                  .bind("uploads", retention.cause() == Retention.Cause.UPLOAD ? 1 : 0)
                  .bind("is_public", Admissions.isPublic(retention.visibility()))
                  .map((row, context) -> Rows.asset(row))
                  .findOne();
          if (retained.isPresent()) {
            point(handle, retention.reference(), id);
          }
          return retained;
        });
  }

  @Override
  public Optional<AssetId> release(Scope scope, ReferenceName reference) {
    return transactions.writeOne(
        "release a reference",
        handle ->
            handle
                .createQuery(sql.of(Statements.RELEASE_REFERENCE))
                .bind("scope", scope.name())
                .bind("name", reference.text())
                .map((row, context) -> Rows.assetId(row, "r_"))
                .findOne());
  }

  @Override
  public boolean release(AssetId from, ReferenceName reference) {
    return transactions.writeOne(
            "release a reference",
            handle ->
                Rows.bind(handle.createUpdate(sql.of(Statements.RELEASE_REFERENCE_FROM)), from)
                    .bind("name", reference.text())
                    .execute())
        > 0;
  }

  @Override
  public VariantRow requestVariant(VariantRequest request) {
    return transactions.write("request a variant", handle -> steps.request(handle, request));
  }

  @Override
  public void used(Collection<VariantUse> uses) {
    if (uses.isEmpty()) {
      return;
    }
    // One row for each variant: a statement changes a row once.
    Map<Subject, Long> counts = new LinkedHashMap<>();
    uses.forEach(
        use -> counts.merge(Subject.derive(use.asset(), use.variant()), use.uses(), Long::sum));
    List<String> rows = new ArrayList<>();
    counts.forEach(
        (variant, count) ->
            rows.add(
                Json.texts(
                    variant.asset().scope().name(),
                    variant.asset().digest().hex(),
                    Rows.variantText(variant),
                    count.toString())));
    transactions.writeOne(
        "count uses",
        handle ->
            handle.createUpdate(sql.of(Statements.USED)).bind("uses", Json.rows(rows)).execute());
  }
}
