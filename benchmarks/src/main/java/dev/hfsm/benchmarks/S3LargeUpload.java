package dev.hfsm.benchmarks;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.s3.S3BlobStore;
import dev.hfsm.s3.S3Config;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.SplittableRandom;

/** Puts one blob of a gibibyte, or as many as the argument says; to be run with a small heap. */
public final class S3LargeUpload {

  private static final long GIB = 1L << 30;

  private S3LargeUpload() {}

  /** How many gibibytes; 1 by default. */
  public static void main(String[] args) throws IOException {
    long size = args.length == 0 ? GIB : GIB * Integer.parseInt(args[0]);
    BlobRef blob = new BlobRef(digest(size), size);
    try (S3Server server = S3Server.start();
        S3BlobStore store =
            S3BlobStore.open(
                S3Config.of(S3Server.BUCKET).endpoint(server.endpoint()).region(S3Server.REGION),
                S3Server.credentials())) {
      StorageKey key =
          StorageKey.raw(
              AssetId.of(blob.digest()), Stamp.of(Instant.now(), new SplittableRandom(2)));
      long start = System.nanoTime();
      store.put(key, blob, source(size));
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          "put %d MiB in %.1f s with a heap of %d MiB%n",
          size >> 20, seconds, Runtime.getRuntime().maxMemory() >> 20);
    }
  }

  private static Digest digest(long size) throws IOException {
    MessageDigest hash = Digest.newHash();
    byte[] block = new byte[1 << 16];
    try (InputStream in = source(size).open()) {
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        hash.update(block, 0, n);
      }
    }
    return Digest.of(hash.digest());
  }

  /** Bytes that nobody has to hold. */
  private static ByteSource source(long size) {
    return new ByteSource() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() {
        return new Counting(size);
      }
    };
  }

  private static final class Counting extends InputStream {
    private final long size;
    private long position;

    Counting(long size) {
      this.size = size;
    }

    @Override
    public int read() {
      return position == size ? -1 : (int) (position++ * 31) & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (position == size) {
        return -1;
      }
      int n = (int) Math.min(length, size - position);
      for (int i = 0; i < n; i++) {
        target[offset + i] = (byte) (position++ * 31);
      }
      return n;
    }
  }
}
