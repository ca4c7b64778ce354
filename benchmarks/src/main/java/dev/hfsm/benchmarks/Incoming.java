package dev.hfsm.benchmarks;

import dev.hfsm.internal.Spool;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Bytes to bring in, on the heap or in a file. They do not compress and are the same every time.
 */
final class Incoming {

  private static final int BLOCK = 1 << 20;
  private static final long SEED = 20261123;

  private Incoming() {}

  /** {@code mebibytes} blocks of 1 MiB on the heap. */
  static byte[] onHeap(int mebibytes) {
    byte[] bytes = new byte[mebibytes * BLOCK];
    new Random(SEED).nextBytes(bytes);
    return bytes;
  }

  /** {@code mebibytes} blocks of 1 MiB in a file, which is then in the page cache. */
  static Path inFile(Path folder, int mebibytes) throws IOException {
    Path file = folder.resolve("incoming");
    byte[] block = new byte[BLOCK];
    Random random = new Random(SEED);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < mebibytes; i++) {
        random.nextBytes(block);
        out.write(block);
      }
    }
    return file;
  }

  static Spool.Incoming chunked(byte[] bytes, int chunk) {
    return () -> new BufferedInputStream(new ByteArrayInputStream(bytes), chunk);
  }

  static Spool.Incoming chunked(Path file, int chunk) {
    return () -> {
      InputStream in = Files.newInputStream(file);
      return new BufferedInputStream(in, chunk);
    };
  }
}
