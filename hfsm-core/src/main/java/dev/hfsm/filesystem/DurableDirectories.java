package dev.hfsm.filesystem;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes directories whose own entries are durable. That a directory exists is not enough: another
 * process, or a process that died, may have created it without having synced its parent yet. So a
 * parent is synced before this process first relies on the entry, and the directory is remembered.
 */
final class DurableDirectories {

  /** When so many are remembered, all are forgotten; forgetting costs only a sync each. */
  private static final int MAX_REMEMBERED = 1 << 16;

  private final DiskCalls disk;
  private final Path base;
  private final Set<Path> durable = ConcurrentHashMap.newKeySet();

  /**
   * @param base an existing directory; what lies above it is taken as it is
   */
  DurableDirectories(DiskCalls disk, Path base) {
    this.disk = disk;
    this.base = base;
  }

  /** On return {@code directory}, which lies under the base, exists and will be there tomorrow. */
  void ensure(Path directory) throws IOException {
    if (directory.equals(base) || durable.contains(directory)) {
      return;
    }
    Path parent = directory.getParent();
    ensure(parent);
    make(directory);
    disk.forceDirectory(parent);
    if (durable.size() >= MAX_REMEMBERED) {
      durable.clear();
    }
    durable.add(directory);
  }

  /** On return {@code directory} exists; whether it will be there tomorrow does not matter. */
  void make(Path directory) throws IOException {
    try {
      disk.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      if (!disk.attributes(directory).isDirectory()) {
        throw e;
      }
    }
  }

  /** To be called when a directory turns out to be gone: somebody cleared up by hand. */
  void forget() {
    durable.clear();
  }
}
