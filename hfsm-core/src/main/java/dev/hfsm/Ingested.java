package dev.hfsm;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;

/**
 * The answer to an ingest: the asset is durable and claimed.
 *
 * @param id its name
 * @param outcome whether anything was stored
 * @param state where it stood when the answer was given
 * @param size number of bytes
 */
public record Ingested(AssetId id, Outcome outcome, AssetState state, long size) {

  /** What an ingest can come to. */
  public enum Outcome {
    /** The bytes were new; they were stored, and inspection is owed. */
    CREATED,
    /** The bytes were known; nothing was stored. */
    DUPLICATE
  }
}
