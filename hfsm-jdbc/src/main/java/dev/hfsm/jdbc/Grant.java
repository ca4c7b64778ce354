package dev.hfsm.jdbc;

import dev.hfsm.error.HfsmException;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.model.Subject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What the statement that granted a lease saw.
 *
 * @param claim the claim, or null if the rows cannot be read
 * @param unreadable what cannot be read, or null
 * @param seenBefore whether somebody else had the work between the statement's look at the asset
 *     and the grant, so that what it saw of the asset may be old
 */
record Grant(@Nullable Claim claim, @Nullable Unreadable unreadable, boolean seenBefore) {

  /**
   * Work that was granted but whose rows, or whose asset's rows, say what this version cannot read.
   *
   * @param problem what was expected and found
   */
  record Unreadable(
      String scope, String digest, String kind, String variant, long fence, String problem) {}

  /** Never fails over what the columns say: one bad row must not keep all the others. */
  static Grant of(ResultSet row) throws SQLException {
    try {
      Lease lease = new Lease(Rows.subject(row), row.getString("w_worker"), row.getLong("w_fence"));
      Claim claim =
          new Claim(
              lease,
              row.getInt("w_attempts"),
              Rows.asset(row),
              Rows.variantOrNull(row),
              Rows.instant(row, "now"));
      return new Grant(claim, null, row.getBoolean("seen_before"));
    } catch (IllegalArgumentException | HfsmException e) {
      return new Grant(
          null,
          new Unreadable(
              row.getString("w_scope"),
              row.getString("w_digest"),
              row.getString("w_kind"),
              row.getString("w_variant"),
              row.getLong("w_fence"),
              String.valueOf(e.getMessage())),
          false);
    }
  }

  /** The claim with asset and variant looked at again; empty if they are gone meanwhile. */
  static Optional<Claim> lookedAtAgain(Claim claim, Handle handle, Sql sql) {
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
