package dev.hfsm.ledger;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.ReferenceName;
import org.jspecify.annotations.Nullable;

/**
 * A request to point a reference at an asset that exists.
 *
 * @param asset what to claim
 * @param reference the name; if it pointed elsewhere, it no longer does
 * @param cause why, for the count of uploads
 * @param visibility to whom the asset is delivered from now on, or null if it stays what it is
 */
public record Retention(
    AssetId asset, ReferenceName reference, Cause cause, @Nullable Visibility visibility) {

  /** One that says nothing of visibility. */
  public Retention(AssetId asset, ReferenceName reference, Cause cause) {
    this(asset, reference, cause, null);
  }

  /** Why an asset is retained. */
  public enum Cause {
    /** Its bytes were uploaded again: counts as an upload. */
    UPLOAD,
    /** The host claims it by name. */
    CLAIM
  }
}
