package dev.hfsm.store;

import dev.hfsm.model.Digest;
import dev.hfsm.storage.BlobRef;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Objects;

/**
 * Encrypts while it is read: the envelope, then segment after segment. The end is given only if the
 * plain bytes were the ones expected. Not thread-safe.
 */
final class SealedStream extends InputStream {

  private final InputStream in;
  private final BlobRef expected;
  private final SegmentCipher cipher;
  private final MessageDigest hash = Digest.newHash();
  private final byte[] plain = new byte[Segments.PLAIN];
  private final byte[] block = new byte[Segments.SEALED];
  private byte[] ready;
  private int position;
  private int end;
  private long left;
  private long number;

  SealedStream(InputStream in, BlobRef expected, Envelope envelope, SegmentCipher cipher) {
    this.in = in;
    this.expected = expected;
    this.cipher = cipher;
    this.left = expected.size();
    this.ready = envelope.bytes();
    this.end = Envelope.LENGTH;
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
    if (position == end && !sealNext()) {
      return -1;
    }
    int n = Math.min(length, end - position);
    System.arraycopy(ready, position, target, offset, n);
    position += n;
    return n;
  }

  private boolean sealNext() throws IOException {
    if (left == 0 && number > 0) {
      return false;
    }
    int wanted = (int) Math.min(Segments.PLAIN, left);
    int n = in.readNBytes(plain, 0, wanted);
    if (n < wanted) {
      throw new IOException("expected " + expected.size() + " bytes, found " + (position(n)));
    }
    hash.update(plain, 0, n);
    left -= n;
    SegmentCipher.Place place = SegmentCipher.Place.WITHIN;
    if (left == 0) {
      verifyEnd();
      place = SegmentCipher.Place.LAST;
    }
    end = cipher.seal(number++, place, plain, n, block);
    ready = block;
    position = 0;
    return true;
  }

  private long position(int n) {
    return expected.size() - left + n;
  }

  private void verifyEnd() throws IOException {
    if (in.read() >= 0) {
      throw new IOException("expected " + expected.size() + " bytes, found more than that");
    }
    Digest found = Digest.of(hash.digest());
    if (!found.equals(expected.digest())) {
      throw new IOException("expected " + expected.digest() + ", found " + found);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
