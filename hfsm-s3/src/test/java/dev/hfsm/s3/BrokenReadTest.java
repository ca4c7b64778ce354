package dev.hfsm.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.s3.FaultyProxy.Fault;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import dev.hfsm.store.MirroredBlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers of a server that break off. */
class BrokenReadTest {

  private static final byte[] BYTES = bytes();
  private static final BlobRef BLOB = new BlobRef(Digest.ofContent(BYTES), BYTES.length);
  private static final StorageKey KEY =
      StorageKey.raw(AssetId.of(BLOB.digest()), new Stamp(Instant.EPOCH, 1));

  @TempDir static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.onDisk(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static byte[] bytes() {
    byte[] bytes = new byte[300_000];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static byte[] read(BlobStore store, ByteRange range) throws IOException {
    try (InputStream in = store.open(KEY, range)) {
      return in.readAllBytes();
    }
  }

  @Test
  void aReadThatTheServerBreaksOffAgainAndAgainGoesOnInTheOtherStoreOfAMirror() throws Exception {
    S3Config config = server.freshBucket().attempts(1);
    InMemoryBlobStore other = new InMemoryBlobStore();
    try (S3BlobStore sound = S3BlobStore.open(config, TestServer.credentials())) {
      sound.put(KEY, BLOB, ByteSource.of(BYTES));
    }
    other.put(KEY, BLOB, ByteSource.of(BYTES));
    try (FaultyProxy line = new FaultyProxy(server.port(), () -> Fault.CUT_ANSWER);
        S3BlobStore broken =
            S3BlobStore.open(config.endpoint(line.endpoint()), TestServer.credentials())) {
      assertThatThrownBy(() -> read(broken, ByteRange.ALL)).isInstanceOf(IOException.class);
      MirroredBlobStore mirror = MirroredBlobStore.of(broken, other);
      assertThat(read(mirror, ByteRange.ALL)).isEqualTo(BYTES);
      assertThat(read(mirror, new ByteRange(1_000, 200_000)))
          .isEqualTo(Arrays.copyOfRange(BYTES, 1_000, 201_000));
      assertThat(line.met(Fault.CUT_ANSWER)).isGreaterThanOrEqualTo(3);
    }
  }
}
