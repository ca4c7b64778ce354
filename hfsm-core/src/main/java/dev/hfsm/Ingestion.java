package dev.hfsm;

import dev.hfsm.error.IntegrityException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.internal.Announcer;
import dev.hfsm.internal.Finder;
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
  private final Announcer announcer;
  private final Finder finder;
  private final Notifier notifier;
  private final Leftovers leftovers;

  Ingestion(Settings settings, Announcer announcer, Finder finder) {
    this.settings = settings;
    this.announcer = announcer;
    this.finder = finder;
    this.notifier = new Notifier(settings.listener());
    this.leftovers = new Leftovers(settings.blobs());
  }

  /** Where rows are written, and whether they are committed when that returns. */
  private record Desk(IntakeLedger intake, Commit commit) {}

  private enum Commit {
    /** By the ledger, in each call. */
    EACH,
    /** By the host, later, or never. */
    HOST
  }

  Ingested ingest(Upload upload) {
    return ingest(upload, new Desk(settings.ledger().intake(), Commit.EACH));
  }

  /** Within a transaction of the host's. */
  Ingested ingest(Upload upload, IntakeLedger within) {
    return ingest(upload, new Desk(within, Commit.HOST));
  }

  private Ingested ingest(Upload upload, Desk desk) {
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
      Lookup lookup = desk.intake().find(id);
      return retainIfLive(desk, lookup, reference)
          .map(row -> new Ingested(id, Ingested.Outcome.DUPLICATE, row.state(), row.size()))
          .orElseGet(() -> store(desk, id, upload.claims(), reference, spooled, lookup));
    }
  }

  /** Brings in bytes that lie in the store already, under an implicit claim. */
  void adopt(AssetId id, Spooled stored) {
    Desk desk = new Desk(settings.ledger().intake(), Commit.EACH);
    ReferenceName reference = ReferenceName.implicit(id.digest());
    store(desk, id, Facts.NONE, reference, stored, desk.intake().find(id));
  }

  private static Optional<AssetRow> retainIfLive(
      Desk desk, Lookup lookup, ReferenceName reference) {
    AssetRow known = lookup.asset();
    if (known == null || needsBytes(known)) {
      return Optional.empty();
    }
    // Damage can be noted between the look-up and the claim: the row that was claimed decides.
    return desk.intake()
        .retain(new Retention(known.id(), reference, Retention.Cause.UPLOAD))
        .filter(claimed -> !needsBytes(claimed));
  }

  /** Whether the bytes just brought take the place of those that are stored. */
  private static boolean needsBytes(AssetRow known) {
    return known.state() == AssetState.FAILED || known.damage() != null;
  }

  private Ingested store(
      Desk desk,
      AssetId id,
      Facts claims,
      ReferenceName reference,
      Spooled spooled,
      Lookup lookup) {
    Facts facts =
        claims.with(Fact.MEDIA_TYPE, MediaTypeSniffer.sniff(spooled.head(), spooled.head().length));
    Stamp stamp = Stamp.of(lookup.now(), settings.random());
    ByteSource content = spooled.content();
    for (int puts = 1; puts <= MAX_PUTS; puts++) {
      StorageKey key = StorageKey.raw(id, stamp);
      settings.blobs().put(key, spooled.blob(), content);
      // The commit point: once admit has returned, the asset is acknowledged. If it throws, its
      // outcome is unknown and the object is left to the sweep.
      Admitted admitted =
          desk.intake().admit(new Admission(id, spooled.blob().size(), key, reference, facts));
      AssetRow row = admitted.asset();
      if (row != null) {
        finder.forget(id);
        clearReplaced(desk, lookup, row, admitted.outcome());
        return answer(desk, admitted.outcome(), row, key);
      }
      content = new Stored(settings.blobs(), key, spooled.blob().size());
      stamp = Stamp.of(desk.intake().find(id).now(), settings.random());
    }
    throw new LedgerException(
        "the store took longer than half the sweep window " + MAX_PUTS + " times for " + id,
        null,
        true);
  }

  /**
   * A revival or a healing made the key that the row named before garbage. If the host rolls back,
   * the row names it again: then it is left to those who clear garbage, which sees commits only. So
   * it is under a hold, which keeps the damaged bytes as well.
   */
  private void clearReplaced(Desk desk, Lookup before, AssetRow after, Admitted.Outcome outcome) {
    AssetRow known = before.asset();
    boolean replaced = outcome == Admitted.Outcome.REVIVED || outcome == Admitted.Outcome.HEALED;
    if (replaced
        && desk.commit() == Commit.EACH
        && after.hold() == null
        && known != null
        && !known.key().equals(after.key())
        && leftovers.discard(known.key())) {
      leftovers.forget(settings.ledger().collector(), known.key());
    }
  }

  private Ingested answer(Desk desk, Admitted.Outcome outcome, AssetRow row, StorageKey key) {
    if (!row.key().equals(key)) {
      leftovers.discard(key); // no row names it, whether the host commits or not
    }
    if (desk.commit() == Commit.EACH) {
      tell(outcome, row.id());
    }
    return new Ingested(
        row.id(),
        outcome == Admitted.Outcome.CREATED ? Ingested.Outcome.CREATED : Ingested.Outcome.DUPLICATE,
        row.state(),
        row.size());
  }

  private void tell(Admitted.Outcome outcome, AssetId id) {
    boolean created = outcome == Admitted.Outcome.CREATED;
    if (created || outcome == Admitted.Outcome.REVIVED) {
      notifier.tell(
          id,
          created
              ? StateMachine.require(null, AssetEvent.ADMITTED)
              : StateMachine.require(AssetState.FAILED, AssetEvent.UPLOADED_AGAIN));
      announcer.announce(Subject.inspect(id), settings.clock().instant(), 0);
    }
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
