package dev.hfsm.transform;

import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import java.nio.file.Path;

/**
 * The bytes to look at or to work on.
 *
 * @param type what they are, read from the bytes
 * @param facts what is known about them so far
 * @param file a local file that holds them; to be read only, and only during the call
 */
public record Source(MediaType type, Facts facts, Path file) {}
