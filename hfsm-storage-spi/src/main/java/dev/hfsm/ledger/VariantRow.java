package dev.hfsm.ledger;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Failure;
import dev.hfsm.model.TransformerId;
import dev.hfsm.model.VariantKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A variant as the ledger knows it.
 *
 * @param asset whose variant it is
 * @param key its name
 * @param transformation canonical text of the recipe
 * @param transformer who makes it
 * @param state where it stands
 * @param content what it is; non-null exactly when READY
 * @param failure why it was given up; non-null exactly when FAILED
 * @param retryAfter when a new request starts a new attempt; non-null exactly when FAILED
 * @param requestedAt when it was first asked for
 */
public record VariantRow(
    AssetId asset,
    VariantKey key,
    String transformation,
    TransformerId transformer,
    VariantState state,
    @Nullable VariantContent content,
    @Nullable Failure failure,
    @Nullable Instant retryAfter,
    Instant requestedAt) {

  /** Checks that the state agrees with what is known. */
  public VariantRow {
    if ((state == VariantState.READY) != (content != null)
        || (state == VariantState.FAILED) != (failure != null)
        || (state == VariantState.FAILED) != (retryAfter != null)) {
      throw new IllegalArgumentException(
          "variant row in " + state + " does not agree with its columns");
    }
  }

  /** The same variant, made. */
  public VariantRow ready(VariantContent made) {
    return new VariantRow(
        asset, key, transformation, transformer, VariantState.READY, made, null, null, requestedAt);
  }
}
