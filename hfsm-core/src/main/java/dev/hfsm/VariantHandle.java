package dev.hfsm;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.HfsmException;
import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.error.VariantPendingException;
import dev.hfsm.model.AssetId;
import dev.hfsm.transform.Transformation;
import java.time.Duration;

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
   * @throws AssetGoneException if there is no such asset
   * @throws RejectedMediaException if the asset was refused
   * @throws TransformationException if the variant cannot be made
   * @throws HfsmException if the ledger cannot be reached
   */
  public ReadyVariant await(Duration atMost) {
    return derivation.await(asset, wanted, atMost);
  }

  @Override
  public String toString() {
    Transformation recipe = wanted.recipe();
    return asset + " as " + (recipe.canonical().isEmpty() ? "it is" : recipe);
  }
}
