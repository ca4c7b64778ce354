package dev.hfsm.transform;

import dev.hfsm.model.MediaType;
import dev.hfsm.storage.ByteSource;

/**
 * A variant's bytes, as a transformer made them.
 *
 * @param transformation which recipe it is the result of
 * @param type what the bytes are
 * @param width in pixels
 * @param height in pixels
 * @param content the bytes
 */
public record Rendition(
    Transformation transformation, MediaType type, int width, int height, ByteSource content) {}
