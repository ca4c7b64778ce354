package dev.hfsm.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.s3.FaultyProxy.Fault;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.ServerCopy;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** Blobs that go in parts, and what is left of those that do not arrive. */
class MultipartTest {

  private static final byte[] BYTES = bytes(20 << 20);
  private static final BlobRef BLOB = new BlobRef(Digest.ofContent(BYTES), BYTES.length);

  @TempDir static Path folder;
  private static TestServer server;
  private S3Config config;
  private final StorageKey key =
      StorageKey.raw(AssetId.of(BLOB.digest()), Stamp.of(Instant.EPOCH, new Random(3)));

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.onDisk(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void makeBucket() {
    config = server.freshBucket().multipartAbove(S3Config.SMALLEST_PART);
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private HeadObjectResponse head(StorageKey of) {
    return server
        .admin()
        .headObject(
            r -> r.bucket(config.bucket()).key(of.text()).checksumMode(ChecksumMode.ENABLED));
  }

  private void assertNoLeftovers() {
    assertThat(server.admin().listMultipartUploads(r -> r.bucket(config.bucket())).uploads())
        .as("uploads neither completed nor aborted")
        .isEmpty();
  }

  private void assertAbsent() {
    try (S3BlobStore store = S3BlobStore.open(config, TestServer.credentials())) {
      assertThat(store.stat(key)).isEmpty();
    }
    assertNoLeftovers();
  }

  private S3BlobStore store() {
    return S3BlobStore.open(config, TestServer.credentials());
  }

  @Test
  void theServerKeepsAChecksumOfThePartsAndTheMetadata() throws IOException {
    try (S3BlobStore store = store()) {
      store.put(key, BLOB, ByteSource.of(BYTES));
      assertThat(head(key).checksumSHA256()).endsWith("-3");
      assertThat(head(key).metadata())
          .containsEntry("asset-id", BLOB.digest().toString())
          .containsEntry("content-hash", BLOB.digest().toString());
      try (InputStream in = store.open(key, new ByteRange((8 << 20) - 5, 10))) {
        assertThat(in.readAllBytes())
            .isEqualTo(Arrays.copyOfRange(BYTES, (8 << 20) - 5, (8 << 20) + 5));
      }
    }
    assertNoLeftovers();
  }

  @Test
  void aCopyOfABlobInPartsIsVerifiedByReadingIt() throws IOException {
    StorageKey to = StorageKey.raw(AssetId.of(BLOB.digest()), new Stamp(Instant.EPOCH, 77));
    try (S3BlobStore store = store()) {
      store.put(key, BLOB, ByteSource.of(BYTES));
      ServerCopy copy = store.capability(ServerCopy.class).orElseThrow();
      copy.copy(key, to, BLOB);
      try (InputStream in = store.open(to, ByteRange.ALL)) {
        assertThat(Digest.ofContent(in.readAllBytes())).isEqualTo(BLOB.digest());
      }
      BlobRef other = new BlobRef(Digest.ofContent(new byte[1]), BLOB.size());
      assertThatThrownBy(() -> copy.copy(key, new StorageKey("raw/other"), other))
          .isInstanceOf(IntegrityException.class);
    }
  }

  @Test
  void aSourceThatIsWrongInItsLastByteLeavesNothing() {
    byte[] wrong = BYTES.clone();
    wrong[wrong.length - 1] ^= 1;
    try (S3BlobStore store = store()) {
      assertThatThrownBy(() -> store.put(key, BLOB, ByteSource.of(wrong)))
          .isInstanceOf(IntegrityException.class);
    }
    assertAbsent();
  }

  @Test
  void aServerThatStaysBusyMidwayLeavesNothing() throws Exception {
    // Begins, takes one part, is busy for both attempts at the second, and ready for the abort.
    putThrough(Fault.NONE, Fault.NONE, Fault.BUSY, Fault.BUSY);
    assertAbsent();
  }

  @Test
  void aPutThatIsInterruptedLeavesNothing() {
    ByteSource interrupting =
        interruptingAt(config.multipartAbove() * 2, Thread.currentThread()::interrupt);
    try (S3BlobStore store = store()) {
      assertThatThrownBy(() -> store.put(key, BLOB, interrupting))
          .isInstanceOf(BlobStoreException.class)
          .hasMessageContaining("interrupted")
          .matches(e -> ((BlobStoreException) e).retryable());
      assertThat(Thread.interrupted()).as("the thread is told so as well").isTrue();
    } finally {
      Thread.interrupted();
    }
    assertAbsent();
  }

  /** The bytes; does something before it gives those from {@code at} on. */
  private static ByteSource interruptingAt(long at, Runnable step) {
    return new ByteSource() {
      @Override
      public long size() {
        return BYTES.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(BYTES) {
          @Override
          public int read(byte[] target, int offset, int length) {
            if (pos >= at) {
              step.run();
            }
            return super.read(target, offset, length);
          }
        };
      }
    };
  }

  @Test
  void aPutThatIsInterruptedWhileItIsCompletedLeavesNothing() throws Exception {
    Thread putting = Thread.currentThread();
    AtomicInteger requests = new AtomicInteger();
    try (FaultyProxy proxy =
            new FaultyProxy(
                server.port(),
                () -> {
                  // Begins and takes three parts; then it is busy, and whoever puts is to stop.
                  if (requests.incrementAndGet() != 5) {
                    return Fault.NONE;
                  }
                  putting.interrupt();
                  return Fault.BUSY;
                });
        S3Client client = Impatient.client(proxy.endpoint(), 2, Duration.ofMinutes(2));
        S3BlobStore store = S3BlobStore.over(client, config)) {
      assertThatThrownBy(() -> store.put(key, BLOB, ByteSource.of(BYTES)))
          .isInstanceOf(BlobStoreException.class)
          .matches(e -> ((BlobStoreException) e).retryable());
      assertThat(Thread.interrupted()).as("the thread is told so as well").isTrue();
    } finally {
      Thread.interrupted();
    }
    assertAbsent();
  }

  @Test
  void aPartThatHasNoRoomInMemoryBeginsNothing() {
    long size = 10_000L * Integer.MAX_VALUE - 100_000; // parts of 2 GiB; tests have 512 MiB
    ByteSource large =
        new ByteSource() {
          @Override
          public long size() {
            return size;
          }

          @Override
          public InputStream open() {
            return InputStream.nullInputStream();
          }
        };
    try (S3BlobStore store = store()) {
      assertThatThrownBy(() -> store.put(key, new BlobRef(BLOB.digest(), size), large))
          .isInstanceOf(OutOfMemoryError.class);
    }
    assertNoLeftovers();
  }

  private void putThrough(Fault... faults) throws IOException {
    Deque<Fault> coming = new ArrayDeque<>(Arrays.asList(faults));
    try (FaultyProxy proxy =
            new FaultyProxy(
                server.port(),
                () -> {
                  synchronized (coming) {
                    return coming.isEmpty() ? Fault.NONE : coming.poll();
                  }
                });
        S3Client client = Impatient.client(proxy.endpoint(), 2, Duration.ofMinutes(2));
        S3BlobStore store = S3BlobStore.over(client, config)) {
      assertThatThrownBy(() -> store.put(key, BLOB, ByteSource.of(BYTES)))
          .isInstanceOf(BlobStoreException.class)
          .matches(e -> ((BlobStoreException) e).retryable());
    }
  }

  @Test
  void aCompletionWhoseAnswerIsLostIsRecognised() throws Exception {
    Deque<Fault> coming =
        new ArrayDeque<>(
            Arrays.asList(
                Fault.NONE,
                Fault.NONE,
                Fault.NONE,
                Fault.NONE,
                Fault.CUT_AFTER_SUCCESS,
                Fault.CUT_AFTER_SUCCESS));
    try (FaultyProxy proxy =
            new FaultyProxy(
                server.port(),
                () -> {
                  synchronized (coming) {
                    return coming.isEmpty() ? Fault.NONE : coming.poll();
                  }
                });
        S3Client client = Impatient.client(proxy.endpoint(), 2, Duration.ofMinutes(2));
        S3BlobStore store = S3BlobStore.over(client, config)) {
      store.put(key, BLOB, ByteSource.of(BYTES));
      assertThat(proxy.met(Fault.CUT_AFTER_SUCCESS)).isEqualTo(2);
      assertThat(store.stat(key)).isPresent();
    }
    assertNoLeftovers();
  }
}
