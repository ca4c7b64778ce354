package dev.hfsm.filesystem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The system's disk, which keeps a record of every change it was asked for, in order, and can leave
 * out one of the syncs.
 */
final class RecordingDisk implements DiskCalls {

  /** What changes a disk. */
  enum Kind {
    CREATE,
    /** A file that somebody wrote and never synced turns up. */
    FOUND,
    WRITE,
    FORCE_FILE,
    FORCE_DIRECTORY,
    MAKE_DIRECTORY,
    RENAME,
    DELETE
  }

  /** One change. */
  record Change(Kind kind, Path path, @Nullable Path to, byte[] bytes) {
    @Override
    public String toString() {
      return kind + " " + path + (to == null ? "" : " to " + to);
    }
  }

  private static final byte[] NONE = {};

  private final DiskCalls real = new SystemDisk();
  private final List<Change> changes = new ArrayList<>();
  private final Path base;
  private final int skipped;
  private int forces;
  private @Nullable String left;

  /**
   * @param base only what happens below it, and to it, is recorded
   * @param skipped which sync to leave out, counted from 0; a negative number for none
   */
  RecordingDisk(Path base, int skipped) {
    this.base = base;
    this.skipped = skipped;
  }

  List<Change> changes() {
    return List.copyOf(changes);
  }

  int size() {
    return changes.size();
  }

  /** How many syncs were asked for. */
  int forces() {
    return forces;
  }

  /** The sync that was left out. */
  String leftOut() {
    return String.valueOf(left);
  }

  private void note(Kind kind, Path path, @Nullable Path to, byte[] bytes) {
    changes.add(new Change(kind, path, to, bytes));
  }

  private interface Force {
    void run() throws IOException;
  }

  private void force(Kind kind, Path path, Force force) throws IOException {
    if (!path.startsWith(base)) {
      force.run();
      return;
    }
    if (forces++ == skipped) {
      left = kind + " " + path;
      return;
    }
    force.run();
    note(kind, path, null, NONE);
  }

  @Override
  public WritableFile create(Path file) throws IOException {
    WritableFile created = real.create(file);
    note(Kind.CREATE, file, null, NONE);
    return new Recorded(file, created);
  }

  @Override
  public WritableFile reopen(Path file) throws IOException {
    note(Kind.FOUND, file, null, Files.readAllBytes(file));
    return new Recorded(file, real.reopen(file));
  }

  @Override
  public SeekableByteChannel openForReading(Path file) throws IOException {
    return real.openForReading(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    real.rename(from, to);
    note(Kind.RENAME, from, to, NONE);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    real.createDirectory(directory);
    note(Kind.MAKE_DIRECTORY, directory, null, NONE);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    force(Kind.FORCE_DIRECTORY, directory, () -> real.forceDirectory(directory));
  }

  @Override
  public boolean delete(Path file) throws IOException {
    boolean deleted = real.delete(file);
    if (deleted) {
      note(Kind.DELETE, file, null, NONE);
    }
    return deleted;
  }

  @Override
  public BasicFileAttributes attributes(Path path) throws IOException {
    return real.attributes(path);
  }

  @Override
  public List<String> names(Path directory) throws IOException {
    return real.names(directory);
  }

  private final class Recorded implements WritableFile {
    private final Path file;
    private final WritableFile channel;

    Recorded(Path file, WritableFile channel) {
      this.file = file;
      this.channel = channel;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      ByteBuffer given = source.duplicate();
      int n = channel.write(source);
      byte[] taken = new byte[n];
      given.get(taken);
      note(Kind.WRITE, file, null, taken);
      return n;
    }

    @Override
    public void force() throws IOException {
      RecordingDisk.this.force(Kind.FORCE_FILE, file, channel::force);
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
