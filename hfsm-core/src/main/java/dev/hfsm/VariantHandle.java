package dev.hfsm;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.BudgetExhaustedException;
import dev.hfsm.error.HfsmException;
import dev.hfsm.error.OverloadedException;
import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.error.VariantPendingException;
import dev.hfsm.internal.work.WaitingRoom.Until;
import dev.hfsm.model.AssetId;
import dev.hfsm.transform.Transformation;
import java.time.Duration;
import java.util.Optional;

/**
 * A variant that was asked for. Nothing happens before {@link #await}. Thread-safe; asking twice
 * gives the same variant.
 */
public final class VariantHandle {

  private final Derivation derivation;
  private final AssetId asset;
  private final Wanted wanted;

  VariantHandle(Derivation derivation, AssetId asset, Wanted wanted) {
    this.derivation = derivation;
    this.asset = asset;
    this.wanted = wanted;
  }

  /** The asset. */
  public AssetId asset() {
    return asset;
  }

  /** The recipe as it was asked for, {@code auto} values unresolved. */
  public Transformation recipe() {
    return wanted.recipe();
  }

  /**
   * The variant: found if it was made before, else made now, once, by whichever worker takes it. If
   * the asset is still being inspected, that is waited for first.
   *
   * @param atMost how long to wait in all; zero to look, request, and not wait
   * @throws VariantPendingException if it is not ready by then; the work goes on
   * @throws OverloadedException if it is not there and too many callers wait for variants
   * @throws BudgetExhaustedException if it is not there and may not be made, by {@link CostLimits}
   * @throws AssetGoneException if there is no such asset
   * @throws RejectedMediaException if the asset was refused
   * @throws TransformationException if the variant cannot be made
   * @throws HfsmException if the ledger cannot be reached
   */
  public ReadyVariant await(Duration atMost) {
    return derivation.await(asset, wanted, Until.KEPT, atMost);
  }

  /**
   * As {@link #await}, for whoever only passes the bytes on: if the variant is made on this node,
   * and is no larger than 1 MiB, it is answered with its bytes as soon as they are there, and
   * stored and written down meanwhile. If that fails, or the process ends, it is owed as before,
   * and made again when somebody asks: the same bytes, as far as the transformer keeps its word.
   * What is purged while it is made is not answered longer than {@link
   * dev.hfsm.custody.PurgeReceipt#cachesWithin()} afterwards. An answer says nothing of the ledger,
   * which may know the variant as owed still.
   *
   * @param atMost as {@link #await}
   * @throws HfsmException whatever {@link #await} throws
   */
  public ReadyVariant awaitMade(Duration atMost) {
    return derivation.await(asset, wanted, Until.MADE, atMost);
  }

  /** What may stand in for a variant: it is for whoever shows it to say what the viewer may see. */
  public enum Among {
    /** Everything that was made of the asset. */
    ALL,
    /**
     * What is no larger than the variant that was asked for: for whoever was given that one and not
     * the asset.
     */
    NO_LARGER,
    /** What a preset of the pipeline makes: for whoever may see presets and nothing else. */
    PRESETS
  }

  /**
   * A variant of the asset that is there and can be shown in place of this one while this one
   * cannot be had: made by a recipe that differs in size, quality and format only, of about the
   * same proportions, not much smaller, and in a format that the client takes. Asks the ledger at
   * most once in some seconds for an asset, and waits for nothing.
   */
  public Optional<ReadyVariant> standIn(Among among) {
    return derivation.standIn(asset, wanted, among);
  }

  @Override
  public String toString() {
    Transformation recipe = wanted.recipe();
    return asset + " as " + (recipe.canonical().isEmpty() ? "it is" : recipe);
  }
}
