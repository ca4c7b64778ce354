package dev.hfsm.ledger;

import dev.hfsm.model.Subject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request of {@link WorkLedger#requestAndClaim}.
 *
 * @param row the variant as it now stands
 * @param claim the lease on the work that makes it; null if none was granted
 */
public record Requested(VariantRow row, @Nullable Claim claim) {

  /** Each row with the claim about it, if there is one. */
  public static List<Requested> of(List<VariantRow> rows, List<Claim> claims) {
    Map<Subject, Claim> bySubject = new HashMap<>();
    claims.forEach(claim -> bySubject.put(claim.lease().subject(), claim));
    return rows.stream()
        .map(row -> new Requested(row, bySubject.get(Subject.derive(row.asset(), row.key()))))
        .toList();
  }
}
