package dev.hfsm.filesystem;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * What the store asks of the operating system, one method per call, so that tests can make any of
 * them fail and can record their order. Links are never followed at the end of a path.
 */
interface DiskCalls {

  /** Creates and opens a file that must not exist. */
  WritableFile create(Path file) throws IOException;

  /** Opens an existing file in order to force it. */
  WritableFile reopen(Path file) throws IOException;

  SeekableByteChannel openForReading(Path file) throws IOException;

  /** Replaces {@code to} in one step, or fails. */
  void rename(Path from, Path to) throws IOException;

  void createDirectory(Path directory) throws IOException;

  /** Makes the entries of a directory durable. */
  void forceDirectory(Path directory) throws IOException;

  /** Returns whether there was a file. */
  boolean delete(Path file) throws IOException;

  BasicFileAttributes attributes(Path path) throws IOException;

  /** The names in a directory, in no order. */
  List<String> names(Path directory) throws IOException;

  /** A file being written. A write may take fewer bytes than it is given. */
  interface WritableFile extends WritableByteChannel {

    /** Makes what was written durable. */
    void force() throws IOException;
  }
}
