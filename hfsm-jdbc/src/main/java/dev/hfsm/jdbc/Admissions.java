package dev.hfsm.jdbc;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.Admitted.Outcome;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetState;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** What the dialects share of {@link Statements#ADMIT}. */
final class Admissions {

  private Admissions() {}

  /** Refuses a key that is not the asset's. */
  static void check(Admission admission) {
    key(admission);
  }

  private static StorageKey.Parts key(Admission admission) {
    return Steps.requireOwnKey(admission.key(), admission.asset(), null);
  }

  static Query bind(Query query, Admission admission) {
    return Rows.bind(query, admission.asset())
        .bind("size", admission.size())
        .bind("storage_key", admission.key().text())
        .bind("facts", admission.facts().toString())
        .bind("pixels", Steps.pixels(admission.facts()))
        .bind("fresh_until", freshUntil(admission))
        .bind("is_public", isPublic(admission.visibility()));
  }

  /** Null if nothing was said. */
  static @Nullable Boolean isPublic(@Nullable Visibility visibility) {
    return visibility == null ? null : visibility == Visibility.PUBLIC;
  }

  /** The last millisecond at which the key may be named. */
  static long freshUntil(Admission admission) {
    return key(admission).stamp().at().plus(Stamp.SWEEP_WINDOW.dividedBy(2)).toEpochMilli();
  }

  /** A new asset, as its row was written. */
  static Admitted created(Admission admission, Instant at) {
    AssetRow row =
        new AssetRow(
            admission.asset(),
            admission.size(),
            admission.key(),
            AssetState.INGESTED,
            admission.facts(),
            1,
            at,
            at,
            Objects.requireNonNullElse(admission.visibility(), Visibility.PRIVATE),
            null,
            null);
    return new Admitted(Outcome.CREATED, row);
  }

  static Admitted admitted(ResultSet row) throws SQLException {
    AssetRow asset = Rows.asset(row);
    long uploads = asset.uploads();
    Outcome outcome =
        uploads == 1
            ? Outcome.CREATED
            : row.getLong("a_revived_by") == uploads
                ? Outcome.REVIVED
                : row.getLong("a_healed_by") == uploads ? Outcome.HEALED : Outcome.DUPLICATE;
    return new Admitted(outcome, asset);
  }
}
