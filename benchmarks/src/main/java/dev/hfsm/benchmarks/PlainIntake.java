package dev.hfsm.benchmarks;

import dev.hfsm.internal.Spool;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What one would write by hand: read, hash, write to a new file, in one loop. */
final class PlainIntake {

  private final Path folder;

  PlainIntake(Path folder) {
    this.folder = folder;
  }

  /** Hashes and writes with a buffer of {@code chunk} bytes; the file is deleted again. */
  byte[] receive(Spool.Incoming incoming, int chunk) throws IOException {
    Path file = Files.createTempFile(folder, "plain-", "");
    MessageDigest hash = newHash();
    byte[] buffer = new byte[chunk];
    try (InputStream in = incoming.open();
        OutputStream out = Files.newOutputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hash.update(buffer, 0, n);
        out.write(buffer, 0, n);
      }
    } finally {
      Files.delete(file);
    }
    return hash.digest();
  }

  static MessageDigest newHash() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform must offer SHA-256", e);
    }
  }
}
