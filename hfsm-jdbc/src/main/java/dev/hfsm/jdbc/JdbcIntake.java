package dev.hfsm.jdbc;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.Admitted.Outcome;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.IntakeLedger;
import dev.hfsm.ledger.Lookup;
import dev.hfsm.ledger.Retention;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import dev.hfsm.model.Subject;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

final class JdbcIntake implements IntakeLedger {

  private final Transactions transactions;
  private final Sql sql;
  private final Steps steps;

  JdbcIntake(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    this.sql = sql;
    this.steps = new Steps(sql);
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
    AssetId id = admission.asset();
    StorageKey.Parts key = Steps.requireOwnKey(admission.key(), id, null);
    Instant freshUntil = key.stamp().at().plus(Stamp.SWEEP_WINDOW.dividedBy(2));
    return transactions.write("admit an asset", handle -> admit(handle, admission, freshUntil));
  }

  private Admitted admit(Handle handle, Admission admission, Instant freshUntil) {
    AssetId id = admission.asset();
    Admitted admitted =
        Rows.bind(handle.createQuery(sql.of(Statements.ADMIT)), id)
            .bind("size", admission.size())
            .bind("storage_key", admission.key().text())
            .bind("facts", admission.facts().toString())
            .bind("pixels", Steps.pixels(admission.facts()))
            .bind("fresh_until", freshUntil.toEpochMilli())
            .map((row, context) -> admitted(row))
            .findOne()
            .orElse(new Admitted(Outcome.STALE_KEY, null));
    if (admitted.outcome() == Outcome.STALE_KEY) {
      return admitted;
    }
    point(handle, admission.reference(), id);
    if (admitted.outcome() != Outcome.DUPLICATE) {
      steps.owe(handle, Subject.inspect(id), Steps.INSPECTION_PRIORITY);
    }
    return admitted;
  }

  private static Admitted admitted(ResultSet row) throws SQLException {
    AssetRow asset = Rows.asset(row);
    if (asset.uploads() == 1) {
      return new Admitted(Outcome.CREATED, asset);
    }
    boolean revived = row.getLong("a_revived_by") == asset.uploads();
    return new Admitted(revived ? Outcome.REVIVED : Outcome.DUPLICATE, asset);
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
  public VariantRow requestVariant(VariantRequest request) {
    return transactions.write("request a variant", handle -> request(handle, request));
  }

  private VariantRow request(Handle handle, VariantRequest request) {
    AssetId asset = request.asset();
    if (steps.lock(handle, asset).isEmpty()) {
      throw new AssetGoneException(asset.toString());
    }
    Optional<VariantRow> started =
        Rows.bind(handle.createQuery(sql.of(Statements.REQUEST_VARIANT)), asset)
            .bind("variant", request.key().hex())
            .bind("transformation", request.transformation())
            .bind("transformer", request.transformer().toString())
            .map((row, context) -> Rows.variant(row))
            .findOne();
    if (started.isPresent()) {
      steps.owe(handle, Subject.derive(asset, request.key()), request.priority());
      return started.get();
    }
    return Rows.bind(handle.createQuery(sql.of(Statements.VARIANT)), asset)
        .bind("variant", request.key().hex())
        .map((row, context) -> Rows.variant(row))
        .one();
  }
}
