package dev.hfsm.reliability;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.Discarded;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Collect and sweep in their plainest form, for those who recover and for those who do it wrong.
 */
final class Clearing {

  private static final int BATCH = 100;

  /** Somebody whose row tells the ledger's time. */
  private static final AssetId NOBODY = AssetId.of(Digest.ofContent(new byte[0]));

  private final AssetLedger ledger;
  private final BlobStore blobs;

  Clearing(AssetLedger ledger, BlobStore blobs) {
    this.ledger = ledger;
    this.blobs = blobs;
  }

  /** Rows first, then bytes, then what is remembered of them. */
  void collect(Duration grace) {
    ledger.collector().collect(grace, BATCH);
    emptyGarbage();
  }

  void emptyGarbage() {
    List<StorageKey> garbage =
        ledger.collector().garbage(BATCH).stream().map(Discarded::key).toList();
    garbage.forEach(blobs::delete);
    if (!garbage.isEmpty()) {
      ledger.collector().forget(garbage);
    }
  }

  /** Deletes what is older than the window and that no row names. */
  void sweep() {
    Instant oldEnough = ledger.intake().find(NOBODY).now().minus(Stamp.SWEEP_WINDOW);
    Cursor after = Cursor.START;
    while (after != null) {
      Page<StorageKey> page = blobs.list("", after, BATCH);
      List<StorageKey> old = new ArrayList<>();
      for (StorageKey key : page.items()) {
        if (key.parts().filter(parts -> parts.stamp().at().isBefore(oldEnough)).isPresent()) {
          old.add(key);
        }
      }
      if (!old.isEmpty()) {
        Set<StorageKey> named = ledger.collector().named(old);
        old.stream().filter(key -> !named.contains(key)).forEach(blobs::delete);
      }
      after = page.next();
    }
  }
}
