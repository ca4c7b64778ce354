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
import java.time.Duration;
import java.util.List;

/**
 * Variants of one asset that were asked for together. Nothing happens before {@link #await}.
 * Thread-safe; asking twice gives the same variants.
 */
public final class VariantsHandle {

  private final Derivation derivation;
  private final AssetId asset;
  private final List<Wanted> wanted;

  VariantsHandle(Derivation derivation, AssetId asset, List<Wanted> wanted) {
    if (wanted.isEmpty()) {
      throw new IllegalArgumentException("variants: expected one recipe or more, found none");
    }
    this.derivation = derivation;
    this.asset = asset;
    this.wanted = wanted;
  }

  /** The asset. */
  public AssetId asset() {
    return asset;
  }

  /**
   * All of them, in the order of their recipes. Those that were not made before are owed from here
   * on, together; one that cannot be made does not keep the others from being made.
   *
   * @param atMost how long to wait in all; zero to look, request, and not wait
   * @throws VariantPendingException if one is not ready by then; the work goes on
   * @throws OverloadedException if one is not there and too many callers wait for variants
   * @throws BudgetExhaustedException if it is not there and may not be made, by {@link CostLimits}
   * @throws AssetGoneException if there is no such asset
   * @throws RejectedMediaException if the asset was refused
   * @throws TransformationException if one of them cannot be made
   * @throws HfsmException if the ledger cannot be reached
   */
  public List<ReadyVariant> await(Duration atMost) {
    return derivation.await(asset, wanted, Until.KEPT, atMost);
  }

  @Override
  public String toString() {
    return wanted.size() + " variants of " + asset;
  }
}
