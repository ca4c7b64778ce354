package dev.hfsm.s3;

import dev.hfsm.model.Digest;
import dev.hfsm.storage.BlobRef;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * Passes the bytes of a source on, counting and hashing them. The last of them is passed on only if
 * all of them were what was announced, so that a request that needs them all never comes to its end
 * with wrong ones. Closing closes the source. For one thread.
 */
final class VerifiedStream extends InputStream {

  /** What is compared. */
  enum Check {
    /** Number and digest. */
    DIGEST,
    /** The number alone; somebody else answers for the digest, and somebody else verifies it. */
    COUNT
  }

  private final BlobRef expected;
  private final InputStream in;
  private final Check check;
  private final MessageDigest hash = Digest.newHash();
  private long count;
  private boolean whole;

  VerifiedStream(BlobRef expected, InputStream in, Check check) {
    this.expected = expected;
    this.check = check;
    this.in = in;
  }

  /** Whether every byte was passed on, all of them right. */
  boolean isWhole() {
    return whole;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (whole) {
      return -1;
    }
    int n = expected.size() == 0 ? 0 : readSome(target, offset, length);
    if (check == Check.DIGEST) {
      hash.update(target, offset, n);
    }
    count += n;
    if (count == expected.size()) {
      requireAllRight();
      whole = true;
    }
    return n == 0 ? -1 : n;
  }

  private int readSome(byte[] target, int offset, int length) throws IOException {
    int wanted = (int) Math.min(length, expected.size() - count);
    int n;
    try {
      n = in.read(target, offset, wanted);
    } catch (IOException | RuntimeException e) {
      throw new SourceFailure("the source failed after " + count + " bytes were read", e);
    }
    if (n < 0) {
      throw wrongSize(Long.toString(count));
    }
    return n;
  }

  private void requireAllRight() {
    int more;
    try {
      more = in.read();
    } catch (IOException | RuntimeException e) {
      throw new SourceFailure("the source failed after " + count + " bytes were read", e);
    }
    if (more >= 0) {
      throw wrongSize("more than that");
    }
    if (check == Check.COUNT) {
      return;
    }
    Digest found = Digest.of(hash.digest());
    if (!found.equals(expected.digest())) {
      throw new SourceFailure("expected " + expected.digest() + ", found " + found, null);
    }
  }

  private SourceFailure wrongSize(String found) {
    return new SourceFailure(
        "expected " + expected.size() + " bytes of " + expected.digest() + ", found " + found,
        null);
  }

  /** What a source says when it is closed changes nothing about the bytes it gave. */
  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException | RuntimeException e) {
      // The bytes were verified, or a better reason is already on its way.
    }
  }
}
