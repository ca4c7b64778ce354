package dev.hfsm.ledger;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Page;
import dev.hfsm.model.Scope;
import dev.hfsm.model.VariantKey;
import java.util.List;
import java.util.Optional;

/** The ledger as readers see it. Nothing here writes. */
public interface LedgerReader {

  /** One asset. */
  Optional<AssetRow> asset(AssetId asset);

  /**
   * The assets of a scope in order of digest.
   *
   * @param after {@link Cursor#START}, the cursor of the last page, or any start of a hex digest
   * @param limit 1 or more
   */
  Page<AssetRow> assets(Scope scope, Cursor after, int limit);

  /** One variant. */
  Optional<VariantRow> variant(AssetId asset, VariantKey variant);

  /** Every variant of an asset, in order of key. */
  List<VariantRow> variants(AssetId asset);

  /** Every transition of an asset, oldest first; it outlives the asset. */
  List<HistoryEntry> history(AssetId asset);

  /** Every reference to an asset, in order of name. */
  List<Reference> references(AssetId asset);

  /** Assets of a scope with these pixels, the first admitted first. */
  List<AssetId> samePixels(Scope scope, Digest pixels, int limit);
}
