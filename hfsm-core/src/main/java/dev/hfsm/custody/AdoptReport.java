package dev.hfsm.custody;

import dev.hfsm.model.AssetId;
import java.util.List;

/**
 * What an adoption found and did.
 *
 * @param mode whether it was done
 * @param scanned how many originals' objects were looked at
 * @param adopted how many assets the ledger knows again
 * @param healed how many assets whose original was missing or damaged have it again
 * @param bytes how many bytes those have
 * @param damaged how many objects do not hash to what their name says; they were left alone
 * @param failed how many could not be read or written; adopt again
 * @param examples the first few assets
 */
public record AdoptReport(
    Mode mode,
    long scanned,
    long adopted,
    long healed,
    long bytes,
    long damaged,
    long failed,
    List<AssetId> examples) {

  /** Copies the list. */
  public AdoptReport {
    examples = List.copyOf(examples);
  }
}
