package dev.hfsm.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Objects;

/** Reads a run of bytes of an open file, and never asks the disk for more. Not thread-safe. */
public final class BoundedFileStream extends InputStream {

  private final SeekableByteChannel channel;
  private long left;

  /**
   * @param channel positioned at the first byte; closed with this stream
   * @param length how many bytes to read at most
   */
  public BoundedFileStream(SeekableByteChannel channel, long length) {
    this.channel = channel;
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (left == 0) {
      return -1;
    }
    int n = channel.read(ByteBuffer.wrap(target, offset, (int) Math.min(length, left)));
    left = n < 0 ? 0 : left - n;
    return n;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped =
        Math.max(0, Math.min(count, Math.min(left, channel.size() - channel.position())));
    channel.position(channel.position() + skipped);
    left -= skipped;
    return skipped;
  }

  @Override
  public int available() throws IOException {
    long there = Math.min(left, channel.size() - channel.position());
    return (int) Math.max(0, Math.min(there, Integer.MAX_VALUE));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
