package dev.hfsm.reliability;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.Collectable;
import dev.hfsm.model.Cursor;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Clears away as nobody should: what the explorer must notice. */
final class BrokenClearing {

  /** What is done wrong. */
  enum Way {
    /** Law 2: the bytes go before the row. */
    BYTES_FIRST,
    /** References are looked at, and the asset removed in a later step, without a look. */
    LOOK_THEN_REMOVE
  }

  private static final int BATCH = 100;

  private final AssetLedger ledger;
  private final BlobStore blobs;

  BrokenClearing(AssetLedger ledger, BlobStore blobs) {
    this.ledger = ledger;
    this.blobs = blobs;
  }

  void collect(Way way, Duration grace) {
    List<Collectable> seen = ledger.collector().collectable(grace, Cursor.START, BATCH).items();
    for (Collectable one : seen) {
      if (way == Way.BYTES_FIRST) {
        ledger.reader().asset(one.asset()).ifPresent(row -> blobs.delete(row.key()));
        ledger.collector().collect(grace, BATCH);
      } else {
        ledger.custody().purge(one.asset());
      }
    }
    new Clearing(ledger, blobs).emptyGarbage();
  }

  void sweepWithoutWindow() {
    List<StorageKey> keys = blobs.list("", Cursor.START, BATCH).items();
    Set<StorageKey> named = ledger.collector().named(keys);
    keys.stream().filter(key -> !named.contains(key)).forEach(blobs::delete);
  }
}
