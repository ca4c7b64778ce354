package dev.hfsm;

import dev.hfsm.error.IntegrityException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.internal.Announcer;
import dev.hfsm.internal.Leftovers;
import dev.hfsm.internal.MediaTypeSniffer;
import dev.hfsm.internal.Notifier;
import dev.hfsm.internal.Settings;
import dev.hfsm.internal.Spool.Spooled;
import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.IntakeLedger;
import dev.hfsm.ledger.Lookup;
import dev.hfsm.ledger.Retention;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.StateMachine;
import dev.hfsm.model.Subject;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.io.InputStream;
import java.util.Optional;

/**
 * Brings bytes in: spool and hash, look up, put, admit. Bytes are durable before a row names them,
 * and a duplicate never reaches the store.
 */
final class Ingestion {

  private static final int MAX_PUTS = 3;

  private final Settings settings;
  private final IntakeLedger intake;
  private final Announcer announcer;
  private final Notifier notifier;
  private final Leftovers leftovers;

  Ingestion(Settings settings, Announcer announcer) {
    this.settings = settings;
    this.intake = settings.ledger().intake();
    this.announcer = announcer;
    this.notifier = new Notifier(settings.listener());
    this.leftovers = new Leftovers(settings.blobs());
  }

  Ingested ingest(Upload upload) {
    try (Spooled spooled = settings.spool().receive(upload::open)) {
      upload
          .expected()
          .filter(expected -> !expected.equals(spooled.blob().digest()))
          .ifPresent(
              expected -> {
                throw new IntegrityException(
                    "upload: expected " + expected + ", found " + spooled.blob().digest());
              });
      AssetId id = new AssetId(upload.scope(), spooled.blob().digest());
      ReferenceName reference = upload.referenceFor(id.digest());
      Lookup lookup = intake.find(id);
      return retainIfLive(lookup, reference)
          .map(row -> new Ingested(id, Ingested.Outcome.DUPLICATE, row.state(), row.size()))
          .orElseGet(() -> store(id, upload, reference, spooled, lookup));
    }
  }

  private Optional<AssetRow> retainIfLive(Lookup lookup, ReferenceName reference) {
    AssetRow known = lookup.asset();
    if (known == null || known.state() == AssetState.FAILED) {
      return Optional.empty();
    }
    return intake.retain(new Retention(known.id(), reference, Retention.Cause.UPLOAD));
  }

  private Ingested store(
      AssetId id, Upload upload, ReferenceName reference, Spooled spooled, Lookup lookup) {
    Facts facts =
        upload
            .claims()
            .with(Fact.MEDIA_TYPE, MediaTypeSniffer.sniff(spooled.head(), spooled.head().length));
    Stamp stamp = Stamp.of(lookup.now(), settings.random());
    ByteSource content = spooled.content();
    for (int puts = 1; puts <= MAX_PUTS; puts++) {
      StorageKey key = StorageKey.raw(id, stamp);
      settings.blobs().put(key, spooled.blob(), content);
      // The commit point: once admit has returned, the asset is acknowledged. If it throws, its
      // outcome
      // is unknown and the object is left to the sweep.
      Admitted admitted =
          intake.admit(new Admission(id, spooled.blob().size(), key, reference, facts));
      AssetRow row = admitted.asset();
      if (row != null) {
        clearReplaced(lookup, row, admitted.outcome());
        return answer(admitted.outcome(), row, key);
      }
      content = new Stored(settings.blobs(), key, spooled.blob().size());
      stamp = Stamp.of(intake.find(id).now(), settings.random());
    }
    throw new LedgerException(
        "the store took longer than half the sweep window " + MAX_PUTS + " times for " + id,
        null,
        true);
  }

  /** A revival made the key that the row named before garbage. */
  private void clearReplaced(Lookup before, AssetRow after, Admitted.Outcome outcome) {
    AssetRow known = before.asset();
    if (outcome == Admitted.Outcome.REVIVED
        && known != null
        && !known.key().equals(after.key())
        && leftovers.discard(known.key())) {
      leftovers.forget(settings.ledger().collector(), known.key());
    }
  }

  private Ingested answer(Admitted.Outcome outcome, AssetRow row, StorageKey key) {
    if (!row.key().equals(key)) {
      leftovers.discard(key);
    }
    if (outcome != Admitted.Outcome.DUPLICATE) {
      boolean created = outcome == Admitted.Outcome.CREATED;
      notifier.tell(
          row.id(),
          created
              ? StateMachine.require(null, AssetEvent.ADMITTED)
              : StateMachine.require(AssetState.FAILED, AssetEvent.UPLOADED_AGAIN));
      announcer.announce(Subject.inspect(row.id()), settings.clock().instant(), 0);
    }
    return new Ingested(
        row.id(),
        outcome == Admitted.Outcome.CREATED ? Ingested.Outcome.CREATED : Ingested.Outcome.DUPLICATE,
        row.state(),
        row.size());
  }

  /**
   * Bytes that were put under a key that went stale before it was admitted; the sweep removes them.
   */
  private record Stored(BlobStore blobs, StorageKey key, long size) implements ByteSource {
    @Override
    public InputStream open() {
      return blobs.open(key, ByteRange.ALL);
    }
  }
}
