package dev.hfsm.filesystem;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What POSIX promises of a disk whose power fails, and no more: of a file stays what was written
 * before its last sync, of a directory the entries it had at its last sync. What was not synced may
 * be there or not, each piece for itself, and of an unsynced file any first part.
 */
final class SimulatedDisk {

  private static final class Node {
    final boolean directory;
    final ByteArrayOutputStream content = new ByteArrayOutputStream();
    byte[] synced = {};
    final Map<String, Node> entries = new TreeMap<>();
    Map<String, Node> syncedEntries = new HashMap<>();

    Node(boolean directory) {
      this.directory = directory;
    }
  }

  private final Path base;
  private final Node root = new Node(true);

  /**
   * @param base a directory that is durable itself; everything happens below it
   */
  SimulatedDisk(Path base) {
    this.base = base;
  }

  void apply(RecordingDisk.Change change) {
    Path path = change.path();
    switch (change.kind()) {
      case CREATE -> parent(path).entries.put(name(path), new Node(false));
      case FOUND -> parent(path).entries.put(name(path), found(change.bytes()));
      case WRITE -> node(path).content.writeBytes(change.bytes());
      case FORCE_FILE -> node(path).synced = node(path).content.toByteArray();
      case FORCE_DIRECTORY -> node(path).syncedEntries = new HashMap<>(node(path).entries);
      case MAKE_DIRECTORY -> parent(path).entries.put(name(path), new Node(true));
      case RENAME -> {
        Path to = change.to();
        parent(to).entries.put(name(to), parent(path).entries.remove(name(path)));
      }
      case DELETE -> parent(path).entries.remove(name(path));
    }
  }

  private static Node found(byte[] bytes) {
    Node node = new Node(false);
    node.content.writeBytes(bytes);
    return node;
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  private Node parent(Path path) {
    return node(path.getParent());
  }

  private Node node(Path path) {
    Node node = root;
    if (!path.equals(base)) {
      for (Path name : base.relativize(path)) {
        // Directories that nobody recorded are those of the spool, which promises nothing.
        node = node.entries.computeIfAbsent(name.toString(), n -> new Node(true));
      }
    }
    return node;
  }

  /**
   * Writes what is left after the power failed into an empty directory.
   *
   * @param luck decides what of the unsynced survives; null if nothing does
   */
  void crash(Path into, @Nullable RandomGenerator luck) throws IOException {
    write(root, into, luck);
  }

  private void write(Node directory, Path into, @Nullable RandomGenerator luck) throws IOException {
    Set<String> names = new TreeSet<>(directory.entries.keySet());
    names.addAll(directory.syncedEntries.keySet());
    for (String name : names) {
      Node synced = directory.syncedEntries.get(name);
      Node left = luck != null && luck.nextBoolean() ? directory.entries.get(name) : synced;
      if (left == null) {
        continue;
      }
      if (left.directory) {
        write(left, Files.createDirectory(into.resolve(name)), luck);
      } else {
        Files.write(into.resolve(name), contentOf(left, luck));
      }
    }
  }

  private static byte[] contentOf(Node file, @Nullable RandomGenerator luck) {
    byte[] written = file.content.toByteArray();
    if (luck == null || Arrays.equals(written, file.synced)) {
      return file.synced;
    }
    int more = written.length - file.synced.length;
    return Arrays.copyOf(written, file.synced.length + luck.nextInt(more + 1));
  }
}
