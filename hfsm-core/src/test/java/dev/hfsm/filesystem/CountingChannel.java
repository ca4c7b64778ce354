package dev.hfsm.filesystem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** Counts what is read, and whether it is closed. */
final class CountingChannel implements SeekableByteChannel {

  private final FaultyDisk disk;
  private final SeekableByteChannel channel;

  CountingChannel(FaultyDisk disk, SeekableByteChannel channel) {
    this.disk = disk;
    this.channel = channel;
    disk.open++;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int n = channel.read(target);
    disk.bytesRead += Math.max(0, n);
    return n;
  }

  @Override
  public int write(ByteBuffer source) {
    throw new UnsupportedOperationException("opened for reading");
  }

  @Override
  public long position() throws IOException {
    return channel.position();
  }

  @Override
  public SeekableByteChannel position(long position) throws IOException {
    channel.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new UnsupportedOperationException("opened for reading");
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    if (isOpen()) {
      disk.open--;
      channel.close();
    }
  }
}
