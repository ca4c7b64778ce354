package dev.hfsm.storage;

import java.nio.file.Path;
import java.util.Optional;

/** Capability of a store whose blobs are plain local files, for reading without a copy. */
public interface LocalFile {

  /** The file that holds the blob under {@code key}, to be read only; empty if there is none. */
  Optional<Path> path(StorageKey key);
}
