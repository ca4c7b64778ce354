package dev.hfsm.filesystem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The system's disk, which records what it is asked, and fails when it is told to. */
final class FaultyDisk implements DiskCalls {

  private final DiskCalls real = new SystemDisk();
  final List<String> calls = new ArrayList<>();
  int open;
  long bytesRead;
  private int failAt = -1;
  private int failTo = -1;
  private int shortAt = -1;
  private Supplier<IOException> failure = FaultyDisk::noSpace;
  private int largestWrite = Integer.MAX_VALUE;

  /** Makes the call fail that is the {@code index}-th from now, counted from 0. */
  void failAt(int index, IOException e) {
    failBetween(index, index, () -> e);
  }

  /** Makes every call fail from the {@code index}-th on, counted from 0. */
  void failFrom(int index, Supplier<IOException> e) {
    failBetween(index, Integer.MAX_VALUE, e);
  }

  private void failBetween(int first, int last, Supplier<IOException> e) {
    calls.clear();
    failAt = first;
    failTo = last;
    failure = e;
    shortAt = -1;
  }

  /** If the {@code index}-th call from now is a write, it takes half of what it is given. */
  void writeShortAt(int index) {
    failBetween(-1, -1, failure);
    shortAt = index;
  }

  void writeAtMost(int bytes) {
    largestWrite = bytes;
  }

  static IOException noSpace() {
    return new IOException("No space left on device");
  }

  static IOException damaged() {
    return new IOException("Input/output error");
  }

  static IOException denied() {
    return new FileSystemException("some/file", null, "Operation not permitted");
  }

  private void called(String call) throws IOException {
    calls.add(call);
    if (failAt >= 0 && calls.size() > failAt && calls.size() - 1 <= failTo) {
      throw failure.get();
    }
  }

  @Override
  public WritableFile create(Path file) throws IOException {
    called("create " + file);
    return new Recorded(file, real.create(file));
  }

  @Override
  public WritableFile reopen(Path file) throws IOException {
    called("reopen " + file);
    return new Recorded(file, real.reopen(file));
  }

  @Override
  public SeekableByteChannel openForReading(Path file) throws IOException {
    called("open " + file);
    return new CountingChannel(this, real.openForReading(file));
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    called("rename " + from + " " + to);
    real.rename(from, to);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    called("mkdir " + directory);
    real.createDirectory(directory);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    called("force " + directory);
    real.forceDirectory(directory);
  }

  @Override
  public boolean delete(Path file) throws IOException {
    called("delete " + file);
    return real.delete(file);
  }

  @Override
  public BasicFileAttributes attributes(Path path) throws IOException {
    called("stat " + path);
    return real.attributes(path);
  }

  @Override
  public List<String> names(Path directory) throws IOException {
    called("names " + directory);
    return real.names(directory);
  }

  private final class Recorded implements WritableFile {
    private final Path file;
    private final WritableFile channel;

    Recorded(Path file, WritableFile channel) {
      this.file = file;
      this.channel = channel;
      open++;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      called("write " + file);
      int limit = source.limit();
      int most = calls.size() - 1 == shortAt ? source.remaining() / 2 : largestWrite;
      source.limit(source.position() + Math.min(source.remaining(), most));
      try {
        return channel.write(source);
      } finally {
        source.limit(limit);
      }
    }

    @Override
    public void force() throws IOException {
      called("force " + file);
      channel.force();
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      if (isOpen()) {
        open--;
        channel.close();
        called("close " + file);
      }
    }
  }
}
