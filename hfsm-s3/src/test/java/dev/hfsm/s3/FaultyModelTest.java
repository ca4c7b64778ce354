package dev.hfsm.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Page;
import dev.hfsm.s3.FaultyProxy.Fault;
import dev.hfsm.storage.BatchDelete;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.ServerCopy;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Two thousand operations over a connection that fails all the time and a client that gives up
 * early, compared with a model that knows what is there, what is not, and what may be either.
 */
class FaultyModelTest {

  private static final long SEED = Long.getLong("hfsm.seed", System.nanoTime());
  private static final int OPERATIONS = Integer.getInteger("hfsm.operations", 2000);
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

  @TempDir static Path folder;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final SplittableRandom faultRandom = new SplittableRandom(SEED + 1);
  private final Map<StorageKey, Expected> model = new TreeMap<>();
  private int failed;
  private int large;

  private enum Presence {
    PRESENT,
    ABSENT,
    UNKNOWN
  }

  private record Expected(byte[] bytes, Presence presence) {
    BlobRef ref() {
      return new BlobRef(Digest.ofContent(bytes), bytes.length);
    }
  }

  private synchronized Fault fault() {
    Fault[] faults = Fault.values();
    int dice = faultRandom.nextInt(1000);
    // Waiting for an answer that never comes takes time, so it is seldom tried. Nothing else may
    // take so long: what was given up is still on its way then, and the model knows nothing of it.
    if (dice < 1) {
      return Fault.SILENCE_AFTER_SUCCESS;
    }
    Fault fault = dice < 350 ? faults[faultRandom.nextInt(faults.length)] : Fault.NONE;
    return fault == Fault.SILENCE_AFTER_SUCCESS ? Fault.CUT_AFTER_SUCCESS : fault;
  }

  @Test
  void nothingIsLostOrHalfVisibleAndNothingStaysThatASweepDoesNotTake() throws Exception {
    System.out.println("faulty model: -Dhfsm.seed=" + SEED);
    try (TestServer server = TestServer.onDisk(folder);
        FaultyProxy proxy = new FaultyProxy(server.port(), this::fault);
        S3Client client = Impatient.client(proxy.endpoint(), 2, Duration.ofSeconds(8))) {
      S3Config config =
          server.freshBucket().prefix("assets").attempts(2).multipartAbove(S3Config.SMALLEST_PART);
      try (S3BlobStore store = S3BlobStore.over(client, config)) {
        for (int i = 0; i < OPERATIONS; i++) {
          operate(store);
        }
      }
      System.out.println("faulty model: " + failed + " operations failed, requests met " + proxy);
      assertThat(failed).as("operations that failed").isPositive();
      try (S3BlobStore store = S3BlobStore.open(config, TestServer.credentials())) {
        assertEverythingIsAsTheModelSays(store);
      }
      assertThat(server.admin().listMultipartUploads(r -> r.bucket(config.bucket())).uploads())
          .as("uploads left behind, one at most for each answer that was lost, which a rule ends")
          .hasSizeLessThanOrEqualTo(2 * large);
    }
  }

  private void operate(BlobStore store) throws IOException {
    int dice = random.nextInt(100);
    if (dice < 40) {
      put(store);
    } else if (dice < 45) {
      putWrongBytes(store);
    } else if (dice < 65) {
      read(store);
    } else if (dice < 75) {
      stat(store);
    } else if (dice < 85) {
      delete(store);
    } else if (dice < 90) {
      deleteSome(store);
    } else if (dice < 95) {
      copy(store);
    } else {
      list(store);
    }
  }

  private Expected randomBlob(Presence presence) {
    int dice = random.nextInt(100);
    int size =
        dice == 0
            ? (5 << 20) + random.nextInt(5 << 20)
            : dice < 10 ? random.nextInt(2) : random.nextInt(1 << random.nextInt(1, 18));
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    large += size > S3Config.SMALLEST_PART ? 1 : 0;
    return new Expected(bytes, presence);
  }

  private StorageKey freshKey(Expected blob) {
    return StorageKey.raw(AssetId.of(blob.ref().digest()), Stamp.of(NOW, random));
  }

  private void put(BlobStore store) {
    Expected blob = randomBlob(Presence.PRESENT);
    StorageKey key = freshKey(blob);
    try {
      store.put(key, blob.ref(), ByteSource.of(blob.bytes()));
      model.put(key, blob);
    } catch (BlobStoreException e) {
      model.put(key, new Expected(blob.bytes(), afterFailure(e)));
    }
  }

  private Presence afterFailure(BlobStoreException e) {
    failed++;
    return e.retryable() ? Presence.UNKNOWN : Presence.ABSENT;
  }

  private void putWrongBytes(BlobStore store) {
    Expected blob = randomBlob(Presence.ABSENT);
    StorageKey key = freshKey(blob);
    byte[] wrong = Arrays.copyOf(blob.bytes(), blob.bytes().length + 1);
    model.put(key, blob);
    ByteSource liar =
        new ByteSource() {
          @Override
          public long size() {
            return blob.bytes().length;
          }

          @Override
          public InputStream open() throws IOException {
            return ByteSource.of(wrong).open();
          }
        };
    assertThatThrownBy(() -> store.put(key, blob.ref(), liar))
        .isInstanceOfAny(IntegrityException.class, BlobStoreException.class);
  }

  private Optional<Map.Entry<StorageKey, Expected>> any() {
    return model.isEmpty()
        ? Optional.empty()
        : model.entrySet().stream().skip(random.nextInt(model.size())).findFirst();
  }

  private void read(BlobStore store) {
    any().ifPresent(entry -> read(store, entry.getKey(), entry.getValue()));
  }

  private void read(BlobStore store, StorageKey key, Expected expected) {
    int size = expected.bytes().length;
    int offset = random.nextInt(size + 2);
    int length = random.nextInt(size + 2);
    boolean whole = random.nextBoolean();
    ByteRange range = whole ? ByteRange.ALL : new ByteRange(offset, length);
    int from = whole ? 0 : Math.min(offset, size);
    int to = whole ? size : Math.min(size, from + length);
    try (InputStream in = store.open(key, range)) {
      assertThat(in.readAllBytes())
          .as("%s of %s", range, key)
          .isEqualTo(Arrays.copyOfRange(expected.bytes(), from, to));
      assertThat(expected.presence()).isNotEqualTo(Presence.ABSENT);
    } catch (BlobNotFoundException e) {
      assertThat(expected.presence()).as("%s is missing", key).isNotEqualTo(Presence.PRESENT);
    } catch (BlobStoreException | IOException e) {
      failed++;
    }
  }

  private void stat(BlobStore store) {
    any()
        .ifPresent(
            entry -> {
              try {
                Optional<BlobStat> stat = store.stat(entry.getKey());
                assertPresence(entry.getKey(), entry.getValue(), stat.isPresent());
                stat.ifPresent(
                    s -> assertThat(s.size()).isEqualTo(entry.getValue().bytes().length));
              } catch (BlobStoreException e) {
                failed++;
              }
            });
  }

  private static void assertPresence(StorageKey key, Expected expected, boolean found) {
    assertThat(found ? Presence.ABSENT : Presence.PRESENT)
        .as("whether %s is there: found %s, expected %s", key, found, expected.presence())
        .isNotEqualTo(expected.presence());
  }

  private void delete(BlobStore store) {
    any()
        .ifPresent(
            entry -> {
              try {
                boolean deleted = store.delete(entry.getKey());
                assertPresence(entry.getKey(), entry.getValue(), deleted);
                become(entry.getKey(), Presence.ABSENT);
              } catch (BlobStoreException e) {
                failed++;
                if (entry.getValue().presence() == Presence.PRESENT) {
                  become(entry.getKey(), Presence.UNKNOWN);
                }
              }
            });
  }

  /** What may still be on its way to the server stays unknown. */
  private void become(StorageKey key, Presence presence) {
    model.computeIfPresent(
        key,
        (k, old) -> old.presence() == Presence.UNKNOWN ? old : new Expected(old.bytes(), presence));
  }

  private void deleteSome(BlobStore store) {
    List<StorageKey> keys = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      any().ifPresent(entry -> keys.add(entry.getKey()));
    }
    try {
      assertThat(store.capability(BatchDelete.class).orElseThrow().deleteAll(keys)).isEmpty();
      keys.forEach(key -> become(key, Presence.ABSENT));
    } catch (BlobStoreException e) {
      failed++;
      keys.stream()
          .filter(key -> model.get(key).presence() == Presence.PRESENT)
          .forEach(key -> become(key, Presence.UNKNOWN));
    }
  }

  private void copy(BlobStore store) {
    any()
        .ifPresent(
            entry -> {
              Expected blob = entry.getValue();
              StorageKey to = freshKey(blob);
              try {
                store
                    .capability(ServerCopy.class)
                    .orElseThrow()
                    .copy(entry.getKey(), to, blob.ref());
                model.put(to, new Expected(blob.bytes(), Presence.PRESENT));
              } catch (BlobNotFoundException e) {
                assertThat(blob.presence()).isNotEqualTo(Presence.PRESENT);
                model.put(to, new Expected(blob.bytes(), Presence.UNKNOWN));
              } catch (BlobStoreException e) {
                model.put(to, new Expected(blob.bytes(), afterFailure(e)));
              }
            });
  }

  private void list(BlobStore store) {
    try {
      assertListing(keys(store));
    } catch (BlobStoreException e) {
      failed++;
    }
  }

  private void assertListing(List<StorageKey> keys) {
    assertThat(keys).isSorted().doesNotHaveDuplicates();
    Set<StorageKey> found = new HashSet<>(keys);
    model.forEach((key, expected) -> assertPresence(key, expected, found.contains(key)));
    assertThat(model.keySet()).as("keys that were put once").containsAll(keys);
  }

  private List<StorageKey> keys(BlobStore store) {
    List<StorageKey> keys = new ArrayList<>();
    Cursor after = Cursor.START;
    while (after != null) {
      Page<StorageKey> page = store.list("", after, 1 + random.nextInt(500));
      keys.addAll(page.items());
      after = page.next();
    }
    return keys;
  }

  private void assertEverythingIsAsTheModelSays(BlobStore store) throws IOException {
    List<StorageKey> keys = keys(store);
    assertListing(keys);
    for (StorageKey key : keys) {
      assertThat(key.parts()).as("%s is one that a sweep takes", key).isPresent();
      try (InputStream in = store.open(key, ByteRange.ALL)) {
        assertThat(in.readAllBytes()).as("bytes under %s", key).isEqualTo(model.get(key).bytes());
      }
    }
  }
}
