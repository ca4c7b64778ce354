package dev.hfsm.imaging.png;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Reads a PNG chunk by chunk. Takes no more memory than its caller asks for. */
final class Chunks {

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  private final InputStream in;
  private final Runnable check;
  private final CRC32 crc = new CRC32();
  private final byte[] word = new byte[8];
  private final byte[] skipped = new byte[1 << 12];
  private String name = "";
  private long left;

  Chunks(InputStream in, Runnable check) {
    this.in = in;
    this.check = check;
  }

  void signature() throws IOException {
    byte[] head = in.readNBytes(8);
    if (!java.util.Arrays.equals(head, SIGNATURE)) {
      throw PngException.malformed("it does not start as a PNG");
    }
  }

  /** Goes to the next chunk; the one before has to be read to its end. */
  void next() throws IOException {
    check.run();
    fully(word, 0, 8);
    left = PngHeader.u32(word, 0);
    name = new String(word, 4, 4, StandardCharsets.ISO_8859_1);
    if (left > Integer.MAX_VALUE) {
      throw PngException.malformed("a chunk is too long");
    }
    crc.reset();
    crc.update(word, 4, 4);
  }

  /** Four letters, if the file is sound. */
  String name() {
    return name;
  }

  /** Bytes of the chunk that are not read yet. */
  long left() {
    return left;
  }

  /** Whether a reader that does not know the chunk must give up. */
  boolean critical() {
    return (name.charAt(0) & 0x20) == 0;
  }

  /** Up to {@code length} bytes of the chunk, at least one unless it is at its end. */
  int read(byte[] into, int at, int length) throws IOException {
    check.run();
    int n = (int) Math.min(length, left);
    int total = in.readNBytes(into, at, n);
    if (total < n) {
      throw truncated();
    }
    crc.update(into, at, n);
    left -= n;
    return n;
  }

  /** The chunk as it is; the caller has bounded its length. */
  byte[] body() throws IOException {
    byte[] body = new byte[(int) left];
    read(body, 0, body.length);
    return body;
  }

  /** Passes over the rest of the chunk and its checksum; false if that is wrong. */
  boolean end() throws IOException {
    while (left > 0) {
      read(skipped, 0, skipped.length);
    }
    fully(word, 0, 4);
    return PngHeader.u32(word, 0) == crc.getValue();
  }

  /** The same for a chunk that the picture is made of. */
  void endChecked() throws IOException {
    if (!end()) {
      throw PngException.malformed("bad CRC in its " + name + " chunk");
    }
  }

  private void fully(byte[] into, int at, int length) throws IOException {
    try {
      if (in.readNBytes(into, at, length) < length) {
        throw truncated();
      }
    } catch (EOFException e) {
      throw truncated();
    }
  }

  private static PngException truncated() {
    return PngException.malformed("the file is truncated");
  }
}
