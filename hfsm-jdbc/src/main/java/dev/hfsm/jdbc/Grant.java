package dev.hfsm.jdbc;

import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.model.Subject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * A claim as the statement that granted it saw it.
 *
 * @param claim the claim
 * @param seenBefore whether somebody else had the work between the statement's look at the asset
 *     and the grant, so that what it saw of the asset may be old
 */
record Grant(Claim claim, boolean seenBefore) {

  static Grant of(ResultSet row) throws SQLException {
    Lease lease = new Lease(Rows.subject(row), row.getString("w_worker"), row.getLong("w_fence"));
    return new Grant(
        new Claim(
            lease,
            row.getInt("w_attempts"),
            Rows.asset(row),
            Rows.variantOrNull(row),
            Rows.instant(row, "now")),
        row.getBoolean("seen_before"));
  }

  /** The claim with asset and variant looked at again; empty if they are gone meanwhile. */
  Optional<Claim> lookedAtAgain(Handle handle, Sql sql) {
    Subject subject = claim.lease().subject();
    Optional<AssetRow> asset =
        Rows.bind(handle.createQuery(sql.of(Statements.ASSET)), subject.asset())
            .map((row, context) -> Rows.asset(row))
            .findOne();
    Optional<VariantRow> variant =
        Rows.bind(handle.createQuery(sql.of(Statements.VARIANT)), subject.asset())
            .bind("variant", Rows.variantText(subject))
            .map((row, context) -> Rows.variant(row))
            .findOne();
    return asset.map(
        row -> new Claim(claim.lease(), claim.attempt(), row, variant.orElse(null), claim.now()));
  }
}
