package dev.hfsm.ledger;

import dev.hfsm.model.MediaType;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;

/**
 * What a ready variant is.
 *
 * @param key where its bytes lie
 * @param blob digest and size of its bytes
 * @param type its media type
 * @param width in pixels; 0 if it is not a picture
 * @param height in pixels; 0 if it is not a picture
 * @param cost how long it took to make
 */
public record VariantContent(
    StorageKey key, BlobRef blob, MediaType type, int width, int height, Duration cost) {}
