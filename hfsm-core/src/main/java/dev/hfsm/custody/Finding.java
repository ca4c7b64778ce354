package dev.hfsm.custody;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.VariantKey;
import dev.hfsm.storage.StorageKey;
import org.jspecify.annotations.Nullable;

/**
 * A blob that is not as it must be.
 *
 * @param kind what is wrong
 * @param asset whose blob it is
 * @param variant which variant, or null for the original
 * @param key where it lies, or should
 * @param message what was expected and what was found
 */
public record Finding(
    Kind kind, AssetId asset, @Nullable VariantKey variant, StorageKey key, String message) {

  /** What can be wrong with a blob. */
  public enum Kind {
    /** There is no object. */
    MISSING,
    /** The object has another length or digest. */
    DAMAGED,
    /** The object is there and could not be read to its end: not damage, but no good sign. */
    UNREADABLE
  }
}
