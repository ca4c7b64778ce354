package dev.hfsm;

import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.Facts;
import dev.hfsm.model.ReferenceName;
import org.jspecify.annotations.Nullable;

/**
 * What an uploader says about the bytes.
 *
 * @param reference what claims the asset
 * @param claims what may be a fact; kept if the asset is new
 * @param visibility to whom the asset is delivered, or null if that is not said
 */
record Terms(ReferenceName reference, Facts claims, @Nullable Visibility visibility) {}
