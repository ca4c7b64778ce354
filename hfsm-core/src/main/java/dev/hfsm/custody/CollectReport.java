package dev.hfsm.custody;

import dev.hfsm.model.AssetId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a collection did, or would do.
 *
 * @param mode whether it was done
 * @param assets how many assets were removed from the ledger
 * @param variants how many READY variants would go with them; 0 unless it is a dry run
 * @param bytes what the assets and their variants would free; 0 unless it is a dry run, since what
 *     was freed is told by {@code garbage}
 * @param garbage what became of the objects, older garbage included
 * @param examples the first few of the assets
 * @param refusal why no asset was removed, or null; garbage is cleared all the same
 */
public record CollectReport(
    Mode mode,
    long assets,
    long variants,
    long bytes,
    Cleared garbage,
    List<AssetId> examples,
    @Nullable Refusal refusal) {

  /** Copies the list. */
  public CollectReport {
    examples = List.copyOf(examples);
  }
}
