package dev.hfsm.internal.custody;

import dev.hfsm.ledger.Discarded;
import dev.hfsm.storage.BatchDelete;
import dev.hfsm.storage.BatchDelete.Undeleted;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.StorageKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes objects, many at once where the store can. Thread-safe. */
final class Deletions {

  private static final Logger LOG = LoggerFactory.getLogger(Deletions.class);

  /** What S3 takes by one request. */
  private static final int TOGETHER = 1000;

  /** What is deleted one by one is forgotten now and then, so that little is done twice. */
  private static final int APART = 200;

  private final BlobStore blobs;

  Deletions(BlobStore blobs) {
    this.blobs = blobs;
  }

  /**
   * What became of the keys that were reached.
   *
   * @param deleted those that had an object, in order. A store that deletes many at once does not
   *     say whether there was one: there, all that are gone and whose sizes were known before
   * @param absent those that were found to have none
   * @param failed those that could not be deleted
   * @param bytes how many bytes the deleted objects had
   */
  record Outcome(
      List<StorageKey> deleted, List<StorageKey> absent, Set<StorageKey> failed, long bytes) {}

  /** How many objects are best handed over at once. */
  int batch() {
    return blobs.capability(BatchDelete.class).isPresent() ? TOGETHER : APART;
  }

  /**
   * Deletes until all are gone or {@code goOn} says no. Asks the store for sizes that are not
   * known, and for no others. Never throws, whatever the store does.
   */
  Outcome delete(List<Discarded> objects, BooleanSupplier goOn) {
    return delete(objects, goOn, key -> blobs.stat(key).map(BlobStat::size));
  }

  /** Deletes all, without a look at their sizes, and returns those that could not be. */
  Set<StorageKey> discard(List<StorageKey> keys) {
    List<Discarded> objects = keys.stream().map(key -> new Discarded(key, null)).toList();
    return delete(objects, () -> true, key -> Optional.of(0L)).failed();
  }

  private Outcome delete(
      List<Discarded> objects,
      BooleanSupplier goOn,
      Function<StorageKey, Optional<Long>> unknownSize) {
    Run run = new Run(unknownSize);
    Optional<BatchDelete> batch = blobs.capability(BatchDelete.class);
    for (Discarded object : objects) {
      if (!goOn.getAsBoolean()) {
        break;
      }
      run.take(object, batch.isPresent());
    }
    batch.ifPresent(run::finish);
    return new Outcome(run.deleted, run.absent, run.failed, run.bytes);
  }

  private final class Run {
    private final Function<StorageKey, Optional<Long>> unknownSize;
    private final List<StorageKey> deleted = new ArrayList<>();
    private final List<StorageKey> absent = new ArrayList<>();
    private final Set<StorageKey> failed = new HashSet<>();
    private final Map<StorageKey, Long> waiting = new LinkedHashMap<>();
    private long bytes;

    Run(Function<StorageKey, Optional<Long>> unknownSize) {
      this.unknownSize = unknownSize;
    }

    void take(Discarded object, boolean together) {
      StorageKey key = object.key();
      try {
        Optional<Long> size = Optional.ofNullable(object.size()).or(() -> unknownSize.apply(key));
        if (size.isPresent() && together) {
          waiting.put(key, size.get());
        } else if (size.isPresent() && blobs.delete(key)) {
          gone(key, size.get());
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
        }
      } catch (RuntimeException e) {
        waiting.keySet().forEach(key -> failed(key, e.toString()));
        return;
      }
      waiting.keySet().removeAll(failed);
      waiting.forEach(this::gone);
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
