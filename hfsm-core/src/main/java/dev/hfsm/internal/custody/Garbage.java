package dev.hfsm.internal.custody;

import dev.hfsm.custody.Cleared;
import dev.hfsm.custody.Mode;
import dev.hfsm.internal.Settings;
import dev.hfsm.ledger.CollectorLedger;
import dev.hfsm.ledger.Discarded;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.StorageKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Deletes the objects of garbage and then forgets the garbage. Whoever dies in between leaves
 * garbage whose objects are gone, which is deleted once more. Thread-safe.
 */
final class Garbage {

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
  List<StorageKey> clear(List<StorageKey> keys) {
    Set<StorageKey> failed = new HashSet<>();
    int batch = deletions.batch();
    for (int from = 0; from < keys.size(); from += batch) {
      List<StorageKey> todo = keys.subList(from, Math.min(from + batch, keys.size()));
      Set<StorageKey> stuck = deletions.discard(todo);
      failed.addAll(stuck);
      forget(todo.stream().filter(key -> !stuck.contains(key)).toList());
    }
    return keys.stream().filter(failed::contains).toList();
  }

  private void forget(List<StorageKey> gone) {
    if (!gone.isEmpty()) {
      collector.forget(gone);
    }
  }

  private Cleared count() {
    List<Discarded> garbage = collector.garbage(MAX_COUNTED);
    long bytes = 0;
    for (Discarded object : garbage) {
      bytes += Optional.ofNullable(object.size()).orElseGet(() -> stored(object.key()));
    }
    return new Cleared(garbage.size(), bytes, 0);
  }

  private long stored(StorageKey key) {
    return blobs.stat(key).map(BlobStat::size).orElse(0L);
  }

  private final class Run {
    final Set<StorageKey> failed = new HashSet<>();
    private final int batch = deletions.batch();
    private long objects;
    private long bytes;

    /** What cannot be deleted stays in front, so it is asked past it. */
    boolean batch(BooleanSupplier goOn) {
      List<Discarded> todo =
          collector.garbage(batch + failed.size()).stream()
              .filter(object -> !failed.contains(object.key()))
              .toList();
      delete(todo, goOn);
      return !todo.isEmpty();
    }

    private void delete(List<Discarded> todo, BooleanSupplier goOn) {
      Deletions.Outcome outcome = deletions.delete(todo, goOn);
      objects += outcome.deleted().size();
      bytes += outcome.bytes();
      failed.addAll(outcome.failed());
      List<StorageKey> gone = new ArrayList<>(outcome.deleted());
      gone.addAll(outcome.absent());
      forget(gone);
    }

    Cleared cleared() {
      return new Cleared(objects, bytes, failed.size());
    }
  }
}
