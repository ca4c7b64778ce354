package dev.hfsm;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.internal.Copies;
import dev.hfsm.internal.Finder;
import dev.hfsm.internal.Leftovers;
import dev.hfsm.internal.Settings;
import dev.hfsm.internal.Spool;
import dev.hfsm.internal.Spool.Spooled;
import dev.hfsm.internal.sniff.MediaTypeSniffer;
import dev.hfsm.internal.work.Announcer;
import dev.hfsm.internal.work.Notifier;
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
import dev.hfsm.model.MediaType;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.StateMachine;
import dev.hfsm.model.Subject;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.LocalCopies;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
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
  private final Copies copies;

  Ingestion(Settings settings, Announcer announcer, Finder finder) {
    this.settings = settings;
    this.announcer = announcer;
    this.finder = finder;
    this.notifier = new Notifier(settings.listener());
    this.leftovers = new Leftovers(settings.blobs());
    this.copies = new Copies(settings.blobs());
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
      Terms terms = upload.termsFor(id.digest());
      Lookup lookup = desk.intake().find(id);
      return retainIfLive(desk, lookup, terms)
          .map(row -> duplicate(id, row))
          .orElseGet(() -> store(desk, id, terms, new Received(spooled), lookup));
    }
  }

  /** Brings in bytes that lie in the store already, under an implicit claim. */
  void adopt(AssetId id, Spooled stored) {
    Desk desk = new Desk(settings.ledger().intake(), Commit.EACH);
    Terms terms = new Terms(ReferenceName.implicit(id.digest()), Facts.NONE, null);
    store(desk, id, terms, new Received(stored), desk.intake().find(id));
  }

  /** Claims an asset that is there and sound already; empty if its bytes are wanted. */
  Optional<Ingested> claim(AssetId id, Terms terms, Lookup lookup) {
    Desk desk = new Desk(settings.ledger().intake(), Commit.EACH);
    return retainIfLive(desk, lookup, terms).map(row -> duplicate(id, row));
  }

  /** Brings in bytes that somebody else put under a key that no row may name. */
  Ingested takeOver(StorageKey landed, AssetId id, long size, Terms terms) {
    Desk desk = new Desk(settings.ledger().intake(), Commit.EACH);
    Bytes bytes = new Landed(landed, new BlobRef(id.digest(), size));
    return store(desk, id, terms, bytes, desk.intake().find(id));
  }

  /** Before the host commits nobody can see it. */
  private void tellRemoved(Desk desk) {
    if (desk.commit() == Commit.EACH) {
      announcer.removed();
    }
  }

  private static Ingested duplicate(AssetId id, AssetRow row) {
    return new Ingested(id, Ingested.Outcome.DUPLICATE, row.state(), row.size());
  }

  private Optional<AssetRow> retainIfLive(Desk desk, Lookup lookup, Terms terms) {
    AssetRow known = lookup.asset();
    if (known == null || needsBytes(known)) {
      return Optional.empty();
    }
    // Damage can be noted between the look-up and the claim: the row that was claimed decides.
    Optional<AssetRow> claimed =
        desk.intake()
            .retain(
                new Retention(
                    known.id(), terms.reference(), Retention.Cause.UPLOAD, terms.visibility()));
    if (terms.visibility() != null && terms.visibility() != known.visibility()) {
      finder.forget(known.id());
      tellRemoved(desk);
    }
    return claimed.filter(row -> !needsBytes(row));
  }

  /** Whether the bytes just brought take the place of those that are stored. */
  private static boolean needsBytes(AssetRow known) {
    return known.state() == AssetState.FAILED || known.damage() != null;
  }

  private Ingested store(Desk desk, AssetId id, Terms terms, Bytes bytes, Lookup lookup) {
    Stamp stamp = Stamp.of(lookup.now(), settings.random());
    StorageKey key = StorageKey.raw(id, stamp);
    bytes.storeUnder(key);
    Facts facts = terms.claims().with(Fact.MEDIA_TYPE, sniffed(bytes.head(key)));
    for (int puts = 1; puts <= MAX_PUTS; puts++) {
      // The commit point: once admit has returned, the asset is acknowledged. If it throws, its
      // outcome is unknown and the object is left to the sweep.
      Admitted admitted =
          desk.intake()
              .admit(
                  new Admission(
                      id, bytes.blob().size(), key, terms.reference(), facts, terms.visibility()));
      AssetRow row = admitted.asset();
      if (row != null) {
        finder.forget(id);
        if (admitted.outcome() != Admitted.Outcome.CREATED) {
          tellRemoved(desk);
        }
        clearReplaced(desk, lookup, row, admitted.outcome());
        return answer(desk, admitted.outcome(), row, key);
      }
      if (puts < MAX_PUTS) {
        // The key went stale before it was admitted; the sweep removes what lies there.
        StorageKey stale = key;
        key = StorageKey.raw(id, Stamp.of(desk.intake().find(id).now(), settings.random()));
        copies.copy(stale, key, bytes.blob());
      }
    }
    throw new LedgerException(
        "the store took longer than half the sweep window " + MAX_PUTS + " times for " + id,
        null,
        true);
  }

  private static MediaType sniffed(byte[] head) {
    return MediaTypeSniffer.sniff(head, head.length);
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

  /** Bytes that are to be stored. */
  private interface Bytes {
    BlobRef blob();

    void storeUnder(StorageKey key);

    /** Their beginning, once they are stored under {@code key}. */
    byte[] head(StorageKey key);
  }

  /** Bytes that went through this process. */
  private final class Received implements Bytes {
    private final Spooled spooled;

    Received(Spooled spooled) {
      this.spooled = spooled;
    }

    @Override
    public BlobRef blob() {
      return spooled.blob();
    }

    @Override
    public void storeUnder(StorageKey key) {
      settings.blobs().put(key, spooled.blob(), spooled.content());
    }

    @Override
    public byte[] head(StorageKey key) {
      return spooled.head();
    }
  }

  /**
   * Bytes that somebody put into the store from outside. They are copied: whoever put them may
   * still be able to write to that key.
   */
  private final class Landed implements Bytes {
    private final StorageKey landed;
    private final BlobRef blob;

    Landed(StorageKey landed, BlobRef blob) {
      this.landed = landed;
      this.blob = blob;
    }

    @Override
    public BlobRef blob() {
      return blob;
    }

    @Override
    public void storeUnder(StorageKey key) {
      copies.copy(landed, key, blob);
    }

    @Override
    public byte[] head(StorageKey key) {
      BlobStore blobs = settings.blobs();
      // A cache would fetch all of it for that.
      BlobStore origin = blobs.capability(LocalCopies.class).map(LocalCopies::origin).orElse(blobs);
      try (InputStream in = origin.open(key, new ByteRange(0, Spool.HEAD))) {
        return in.readAllBytes();
      } catch (IOException e) {
        throw new BlobStoreException("reading " + key + ": " + e.getMessage(), e, true);
      }
    }
  }
}
