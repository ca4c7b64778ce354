package dev.hfsm.filesystem;

import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * One page of keys from a tree of files, in the order of their full texts. It enters only
 * directories that can hold a key behind the cursor and under the prefix, and stops when the page
 * is full.
 *
 * <p>A directory counts as its name and a slash: '/' sorts behind '-' and '.', so {@code a-b} and
 * {@code a.b} come before {@code a/b} although {@code a} comes before both.
 */
final class KeyScan {

  private final DiskCalls disk;
  private final String prefix;
  private final String after;
  private final int limit;
  private final List<StorageKey> found = new ArrayList<>();

  KeyScan(DiskCalls disk, String prefix, String after, int limit) {
    this.disk = disk;
    this.prefix = prefix;
    this.after = after;
    this.limit = limit;
  }

  /** The keys under {@code objects}, at most as many as the limit. */
  List<StorageKey> run(Path objects) throws IOException {
    // That the objects are gone as a whole is no empty store, but a disk that is not mounted.
    disk.attributes(objects);
    descend(objects, "");
    return found;
  }

  private void descend(Path directory, String path) throws IOException {
    for (var entry : candidates(directory, path).entrySet()) {
      if (found.size() == limit) {
        return;
      }
      if (entry.getKey().endsWith("/")) {
        descend(directory.resolve(entry.getValue()), entry.getKey());
      } else {
        found.add(new StorageKey(entry.getKey()));
      }
    }
  }

  /** Full text to name, ascending; the text of a directory ends with a slash. */
  private TreeMap<String, String> candidates(Path directory, String path) throws IOException {
    TreeMap<String, String> candidates = new TreeMap<>();
    for (String name : namesOrNone(directory)) {
      String file = path + name;
      String folder = file + "/";
      boolean asFile = file.startsWith(prefix) && file.compareTo(after) > 0;
      boolean asFolder =
          (folder.startsWith(prefix) || prefix.startsWith(folder))
              && (folder.compareTo(after) > 0 || after.startsWith(folder));
      // Asking what an entry is costs a call to the disk, so only the candidates are asked.
      if ((asFile || asFolder) && StorageKey.isValid(file)) {
        Kind kind = kind(directory.resolve(name));
        if (kind == Kind.FILE && asFile) {
          candidates.put(file, name);
        } else if (kind == Kind.FOLDER && asFolder) {
          candidates.put(folder, name);
        }
      }
    }
    return candidates;
  }

  private List<String> namesOrNone(Path directory) throws IOException {
    try {
      return disk.names(directory);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of(); // gone since its parent was read
    }
  }

  private enum Kind {
    FILE,
    FOLDER,
    NEITHER
  }

  private Kind kind(Path path) throws IOException {
    try {
      BasicFileAttributes attributes = disk.attributes(path);
      if (attributes.isRegularFile()) {
        return Kind.FILE;
      }
      return attributes.isDirectory() ? Kind.FOLDER : Kind.NEITHER;
    } catch (NoSuchFileException e) {
      return Kind.NEITHER; // gone since its name was read
    }
  }
}
