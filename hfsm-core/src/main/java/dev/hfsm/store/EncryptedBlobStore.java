package dev.hfsm.store;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BatchDelete;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.StorageKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * Encrypts what is put and decrypts what is read: AES-256-GCM in segments of 64 KiB, so that ranges
 * can be read and every byte is authenticated before it is given, of a range as well. Digests and
 * sizes are those of the plain bytes everywhere; what lies in the store behind it is 88 bytes
 * longer and 16 more for each segment.
 *
 * <p>A blob that was altered, cut off, put together from others or moved to another key throws
 * {@link IntegrityException} when the segment concerned is read. A blob whose key is not known, or
 * is another than the one of that name, throws a {@link BlobStoreException} that is not retryable:
 * that one cannot read it says nothing about the blob, so no scrub calls it damaged.
 *
 * <p>Not hidden: storage keys, which name the digest of originals, sizes, and the names of
 * encryption keys. Not noticed: that a whole blob is gone, or was replaced by an older one of the
 * same storage key, which law 6 rules out. A content above 1 MiB is read and encrypted twice by a
 * put, once to tell the store behind it what to expect; so it must be the same both times. It
 * offers neither a local file nor a link for clients. Thread-safe if the store behind it is.
 */
public final class EncryptedBlobStore extends Decorator {

  private static final int IN_MEMORY = 1 << 20;
  private static final int BUFFER = 1 << 16;

  private final EncryptionKeys keys;
  private final SecureRandom random;

  private EncryptedBlobStore(BlobStore store, EncryptionKeys keys, SecureRandom random) {
    super(store);
    this.keys = keys;
    this.random = random;
  }

  /** Encrypts what is put into {@code store}, which is closed with this one. */
  public static EncryptedBlobStore over(BlobStore store, EncryptionKeys keys) {
    return new EncryptedBlobStore(store, keys, new SecureRandom());
  }

  @Override
  public void put(StorageKey key, BlobRef expected, ByteSource content) {
    if (Segments.count(expected.size()) > Segments.MAX) {
      throw new BlobStoreException(
          "encrypted store: expected at most 2^48 bytes, found " + expected.size() + " for " + key,
          null,
          false);
    }
    EncryptionKey current = keys.current();
    Envelope envelope = Envelope.fresh(current, random);
    Sealing sealing = new Sealing(key, expected, content, envelope, current);
    if (expected.size() <= IN_MEMORY) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) sealing.size());
      BlobRef stored = sealing.measure(bytes);
      store.put(key, stored, ByteSource.of(bytes.toByteArray()));
    } else {
      store.put(key, sealing.measure(OutputStream.nullOutputStream()), sealing);
    }
  }

  /** A content as it will lie in the store behind; the same each time it is opened. */
  private record Sealing(
      StorageKey key, BlobRef expected, ByteSource content, Envelope envelope, EncryptionKey with)
      implements ByteSource {

    @Override
    public long size() {
      return Segments.sealedSize(expected.size());
    }

    @Override
    public InputStream open() throws IOException {
      SegmentCipher cipher = new SegmentCipher(envelope, envelope.derive(with, key), key);
      return new SealedStream(content.open(), expected, envelope, cipher);
    }

    /** What will lie in the store behind, which is written to {@code copy} on the way. */
    BlobRef measure(OutputStream copy) {
      MessageDigest hash = Digest.newHash();
      try {
        long announced = content.size();
        if (announced != expected.size()) {
          throw new IOException(
              "expected " + expected.size() + " bytes, found a source of " + announced);
        }
        InputStream in = open();
        try {
          in.transferTo(new DigestOutputStream(copy, hash));
        } finally {
          closeQuietly(in);
        }
      } catch (IOException | RuntimeException e) {
        throw new IntegrityException("blob content for " + key + ": " + e.getMessage(), e);
      }
      return new BlobRef(Digest.of(hash.digest()), size());
    }
  }

  /** What a source says when it is closed changes nothing about the bytes it gave. */
  private static void closeQuietly(InputStream in) {
    try {
      in.close();
    } catch (IOException | RuntimeException e) {
      // The bytes were verified, or a better reason is already on its way.
    }
  }

  @Override
  public Optional<BlobStat> stat(StorageKey key) {
    return store.stat(key).map(stored -> new BlobStat(Segments.plainSize(stored.size())));
  }

  /**
   * {@inheritDoc}
   *
   * @throws IntegrityException if what lies there was not encrypted
   * @throws BlobStoreException also if it was with a key that is not known
   */
  @Override
  public InputStream open(StorageKey key, ByteRange range) {
    long first = Math.min(range.offset() / Segments.PLAIN, Segments.MAX);
    ByteRange wanted = sealedRange(first, range);
    if (first == 0) {
      InputStream in = store.open(key, new ByteRange(0, end(wanted)));
      try {
        return opened(key, cipher(key, in), in, first, range);
      } catch (RuntimeException | Error e) {
        closeQuietly(in);
        throw e;
      }
    }
    SegmentCipher cipher = cipher(key);
    return opened(key, cipher, store.open(key, wanted), first, range);
  }

  /** The segments that hold a range, and one byte more, which tells whether they are the last. */
  private static ByteRange sealedRange(long first, ByteRange range) {
    long offset = Segments.offset(first);
    if (range.length() == 0) {
      return new ByteRange(offset, 0);
    }
    long lastByte = range.offset() + range.length() - 1;
    boolean toTheEnd = lastByte < 0 || lastByte / Segments.PLAIN >= Segments.MAX;
    return toTheEnd
        ? ByteRange.from(offset)
        : new ByteRange(offset, Segments.offset(lastByte / Segments.PLAIN + 1) + 1 - offset);
  }

  private static long end(ByteRange range) {
    return range.length() == Long.MAX_VALUE ? Long.MAX_VALUE : range.offset() + range.length();
  }

  private InputStream opened(
      StorageKey key, SegmentCipher cipher, InputStream in, long first, ByteRange range) {
    int skip = first == Segments.MAX ? 0 : (int) (range.offset() % Segments.PLAIN);
    return new OpenedStream(
        in, cipher, key, first, skip, range.length(), segment -> verifyEnd(key, segment));
  }

  private SegmentCipher cipher(StorageKey key) {
    InputStream in = store.open(key, new ByteRange(0, Envelope.LENGTH));
    try {
      return cipher(key, in);
    } finally {
      closeQuietly(in);
    }
  }

  private SegmentCipher cipher(StorageKey key, InputStream in) {
    byte[] head;
    try {
      head = in.readNBytes(Envelope.LENGTH);
    } catch (IOException e) {
      throw new BlobStoreException("reading " + key + ": " + e, e, true);
    }
    Envelope envelope = Envelope.parse(head, key);
    EncryptionKey with =
        keys.find(envelope.keyId())
            .orElseThrow(
                () ->
                    new BlobStoreException(
                        "blob "
                            + key
                            + ": expected an encryption key that is known, found one named "
                            + envelope.keyId().replaceAll("[^a-z0-9._-]", "?"),
                        null,
                        false));
    return new SegmentCipher(envelope, envelope.derive(with, key), key);
  }

  /** That nothing comes may be a blob that ends before, or one that was cut off there. */
  private void verifyEnd(StorageKey key, long segment) throws IOException {
    long stored = store.stat(key).map(BlobStat::size).orElse(0L);
    long last = Segments.countSealed(stored) - 1;
    if (last < 0 || last >= segment) {
      throw new IntegrityException(
          "blob "
              + key
              + ": expected it to end before segment "
              + segment
              + ", found "
              + stored
              + " bytes");
    }
    SegmentCipher cipher = cipher(key);
    InputStream in = store.open(key, ByteRange.from(Segments.offset(last)));
    EndCheckOnce once = new EndCheckOnce(key);
    try (InputStream end = new OpenedStream(in, cipher, key, last, 0, Long.MAX_VALUE, once)) {
      byte[] buffer = new byte[BUFFER];
      while (end.read(buffer) >= 0) {
        // authenticated, which is all that is wanted
      }
    }
  }

  /** The blob grows shorter under our eyes. */
  private record EndCheckOnce(StorageKey key) implements OpenedStream.EndCheck {
    @Override
    public void verifyEndsBefore(long segment) {
      throw new IntegrityException(
          "blob " + key + ": expected segment " + segment + ", found the end of what is stored");
    }
  }

  /** A copy under another key could not be read, so deleting many is all that is passed on. */
  @Override
  public <C> Optional<C> capability(Class<C> type) {
    return type == BatchDelete.class
        ? store.capability(type)
        : copiesBehind(type, behind -> new EncryptedBlobStore(behind, keys, random));
  }
}
