package dev.hfsm.imaging;

import dev.hfsm.transform.Budget;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Random access to a file for the header readers: every position is checked against the file's
 * size, nothing larger than asked for is allocated, and the budget is consulted at every refill.
 */
final class Bytes implements Closeable {

  private final FileChannel channel;
  private final Budget budget;
  private final long base;
  private final long size;
  private final byte[] buffer = new byte[1 << 16];
  private long start;
  private int filled;

  Bytes(Path file, Budget budget) {
    this.budget = budget;
    this.base = 0;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
      size = channel.size();
    } catch (IOException e) {
      throw new SourceUnreadable(e);
    }
  }

  private Bytes(Bytes whole, long from, long length) {
    this.channel = whole.channel;
    this.budget = whole.budget;
    this.base = whole.base + from;
    this.size = length;
  }

  /** A file inside of this one; open as long as this one is. */
  Bytes part(long from, long length) throws Malformed {
    if (from < 0 || length < 0 || from > size - length) {
      throw new Malformed("the file is truncated");
    }
    return new Bytes(this, from, length);
  }

  long size() {
    return size;
  }

  Budget budget() {
    return budget;
  }

  int u8(long at) throws Malformed {
    if (at < start || at >= start + filled) {
      fill(at);
    }
    return buffer[(int) (at - start)] & 0xFF;
  }

  int u16(long at) throws Malformed {
    return u8(at) << 8 | u8(at + 1);
  }

  long u32(long at) throws Malformed {
    return (long) u16(at) << 16 | u16(at + 2);
  }

  int u16le(long at) throws Malformed {
    return u8(at) | u8(at + 1) << 8;
  }

  int u24le(long at) throws Malformed {
    return u16le(at) | u8(at + 2) << 16;
  }

  long u32le(long at) throws Malformed {
    return u16le(at) | (long) u16le(at + 2) << 16;
  }

  /** Whether the ASCII text stands there; false past the end. */
  boolean has(long at, String ascii) throws Malformed {
    if (at < 0 || at + ascii.length() > size) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      if (u8(at + i) != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** A copy; the caller has bounded {@code length}. */
  byte[] copy(long at, int length) throws Malformed {
    if (at < 0 || length < 0 || at + length > size) {
      throw new Malformed("the file is truncated");
    }
    byte[] copy = new byte[length];
    read(at, copy, 0, length);
    return copy;
  }

  /** Reads up to {@code length} bytes; -1 at the end of the file. */
  int read(long at, byte[] into, int offset, int length) {
    budget.check();
    int total = 0;
    int most = (int) Math.max(0, Math.min(length, size - at));
    try {
      while (total < most) {
        int n =
            channel.read(ByteBuffer.wrap(into, offset + total, most - total), base + at + total);
        if (n < 0) {
          break;
        }
        total += n;
      }
    } catch (IOException e) {
      throw new SourceUnreadable(e);
    }
    return total == 0 && length > 0 ? -1 : total;
  }

  private void fill(long at) throws Malformed {
    if (at < 0 || at >= size) {
      throw new Malformed("the file is truncated");
    }
    start = at;
    filled = Math.max(0, read(at, buffer, 0, buffer.length));
    if (filled == 0) {
      throw new Malformed("the file is truncated");
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new SourceUnreadable(e);
    }
  }
}
