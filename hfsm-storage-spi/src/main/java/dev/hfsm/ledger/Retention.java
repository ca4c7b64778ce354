package dev.hfsm.ledger;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.ReferenceName;

/**
 * A request to point a reference at an asset that exists.
 *
 * @param asset what to claim
 * @param reference the name; if it pointed elsewhere, it no longer does
 * @param cause why, for the count of uploads
 */
public record Retention(AssetId asset, ReferenceName reference, Cause cause) {

  /** Why an asset is retained. */
  public enum Cause {
    /** Its bytes were uploaded again: counts as an upload. */
    UPLOAD,
    /** The host claims it by name. */
    CLAIM
  }
}
