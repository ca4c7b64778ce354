package dev.hfsm.internal.custody;

import dev.hfsm.storage.BatchDelete;
import dev.hfsm.storage.BatchDelete.Undeleted;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.StorageKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes objects, many at once where the store can. Thread-safe. */
final class Deletions {

  private static final Logger LOG = LoggerFactory.getLogger(Deletions.class);

  private final BlobStore blobs;

  Deletions(BlobStore blobs) {
    this.blobs = blobs;
  }

  /**
   * What became of the keys that were reached.
   *
   * @param deleted those that had an object, in order
   * @param absent those that had none
   * @param failed those that could not be deleted
   * @param bytes how many bytes the deleted objects had
   */
  record Outcome(
      List<StorageKey> deleted, List<StorageKey> absent, Set<StorageKey> failed, long bytes) {}

  /** Deletes until all are gone or {@code goOn} says no. Never throws, whatever the store does. */
  Outcome delete(List<StorageKey> keys, BooleanSupplier goOn) {
    Run run = new Run();
    Optional<BatchDelete> batch = blobs.capability(BatchDelete.class);
    for (StorageKey key : keys) {
      if (!goOn.getAsBoolean()) {
        break;
      }
      run.take(key, batch.isPresent());
    }
    batch.ifPresent(run::finish);
    return new Outcome(run.deleted, run.absent, run.failed, run.bytes);
  }

  private final class Run {
    private final List<StorageKey> deleted = new ArrayList<>();
    private final List<StorageKey> absent = new ArrayList<>();
    private final Set<StorageKey> failed = new HashSet<>();
    private final Map<StorageKey, Long> waiting = new HashMap<>();
    private long bytes;

    void take(StorageKey key, boolean together) {
      try {
        Optional<BlobStat> stat = blobs.stat(key);
        if (stat.isPresent() && together) {
          waiting.put(key, stat.get().size());
        } else if (stat.isPresent() && blobs.delete(key)) {
          gone(key, stat.get().size());
        } else {
          absent.add(key);
        }
      } catch (RuntimeException e) {
        failed(key, e.toString());
      }
    }

    void finish(BatchDelete batch) {
      if (waiting.isEmpty()) {
        return;
      }
      try {
        for (Undeleted undeleted : batch.deleteAll(waiting.keySet())) {
          failed(undeleted.key(), undeleted.reason());
          waiting.remove(undeleted.key());
        }
      } catch (RuntimeException e) {
        waiting.keySet().forEach(key -> failed(key, e.toString()));
        return;
      }
      waiting.entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(object -> gone(object.getKey(), object.getValue()));
    }

    private void gone(StorageKey key, long size) {
      deleted.add(key);
      bytes += size;
    }

    private void failed(StorageKey key, String reason) {
      LOG.warn("could not delete {}, it is tried again: {}", key, reason);
      failed.add(key);
    }
  }
}
