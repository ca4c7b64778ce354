package dev.hfsm.internal.custody;

import dev.hfsm.custody.Cleared;
import dev.hfsm.custody.Mode;
import dev.hfsm.internal.Settings;
import dev.hfsm.ledger.CollectorLedger;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.StorageKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Deletes the objects of garbage and then forgets the garbage. Whoever dies in between leaves
 * garbage whose objects are gone, which is deleted once more. Thread-safe.
 */
final class Garbage {

  private static final int BATCH = 200;

  /** A store that refuses so many is not to be bothered any longer. */
  private static final int MAX_FAILED = 1000;

  /** How far a dry run counts. */
  private static final int MAX_COUNTED = 10_000;

  private final BlobStore blobs;
  private final Deletions deletions;
  private final CollectorLedger collector;

  Garbage(Settings settings) {
    this.blobs = settings.blobs();
    this.deletions = new Deletions(blobs);
    this.collector = settings.ledger().collector();
  }

  /** Clears all garbage that can be cleared, or counts it. */
  Cleared clear(Mode mode, BooleanSupplier goOn) {
    if (mode == Mode.DRY_RUN) {
      return count();
    }
    Run run = new Run();
    while (goOn.getAsBoolean() && run.failed.size() < MAX_FAILED && run.batch(goOn)) {
      // one batch after the other
    }
    return run.cleared();
  }

  /** Deletes these keys of garbage, and returns those that could not be. */
  List<StorageKey> clear(Collection<StorageKey> keys) {
    Run run = new Run();
    List<StorageKey> todo = new ArrayList<>();
    for (StorageKey key : keys) {
      todo.add(key);
      if (todo.size() == BATCH) {
        run.delete(todo, () -> true);
        todo.clear();
      }
    }
    run.delete(todo, () -> true);
    return keys.stream().filter(run.failed::contains).toList();
  }

  private Cleared count() {
    List<StorageKey> keys = collector.garbage(MAX_COUNTED);
    long bytes = 0;
    for (StorageKey key : keys) {
      bytes += blobs.stat(key).map(BlobStat::size).orElse(0L);
    }
    return new Cleared(keys.size(), bytes, 0);
  }

  private final class Run {
    final Set<StorageKey> failed = new HashSet<>();
    private long objects;
    private long bytes;

    /** What cannot be deleted stays in front, so it is asked past it. */
    boolean batch(BooleanSupplier goOn) {
      List<StorageKey> todo =
          collector.garbage(BATCH + failed.size()).stream()
              .filter(key -> !failed.contains(key))
              .toList();
      delete(todo, goOn);
      return !todo.isEmpty();
    }

    void delete(List<StorageKey> todo, BooleanSupplier goOn) {
      Deletions.Outcome outcome = deletions.delete(todo, goOn);
      objects += outcome.deleted().size();
      bytes += outcome.bytes();
      failed.addAll(outcome.failed());
      List<StorageKey> gone = new ArrayList<>(outcome.deleted());
      gone.addAll(outcome.absent());
      if (!gone.isEmpty()) {
        collector.forget(gone);
      }
    }

    Cleared cleared() {
      return new Cleared(objects, bytes, failed.size());
    }
  }
}
