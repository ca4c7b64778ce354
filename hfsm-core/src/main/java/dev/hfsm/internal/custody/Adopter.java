package dev.hfsm.internal.custody;

import dev.hfsm.custody.AdoptReport;
import dev.hfsm.custody.Finding;
import dev.hfsm.custody.Mode;
import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.internal.BlobCheck;
import dev.hfsm.internal.BlobCheck.Flaw;
import dev.hfsm.internal.DamageNotes;
import dev.hfsm.internal.Leftovers;
import dev.hfsm.internal.Settings;
import dev.hfsm.internal.Spool.Spooled;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Kept;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ingests again what a restored ledger has lost: originals in the store that no row names and whose
 * asset the ledger does not know, or knows without sound bytes. Their key says scope and digest;
 * the bytes are copied to a fresh key, and verified while they are.
 */
public final class Adopter {

  private static final Logger LOG = LoggerFactory.getLogger(Adopter.class);
  private static final int PAGE = 500;
  private static final int HEAD = 4096;

  /** Brings bytes in as an upload without a name would. */
  @FunctionalInterface
  public interface Ingest {
    /** Stores and admits. */
    void adopt(AssetId asset, Spooled bytes);
  }

  private final Settings settings;
  private final BlobStore blobs;
  private final Ingest ingest;
  private final DamageNotes damages;
  private final RestoreMark mark;
  private final Restoration restoration;

  Adopter(
      Settings settings,
      Ingest ingest,
      DamageNotes damages,
      RestoreMark mark,
      Restoration restoration) {
    this.settings = settings;
    this.blobs = settings.blobs();
    this.ingest = ingest;
    this.damages = damages;
    this.mark = mark;
    this.restoration = restoration;
  }

  AdoptReport adopt(Mode mode, Consumer<AssetId> each) {
    mark.restored();
    Instant began = LedgerTime.of(settings.ledger().intake());
    Run run = new Run(mode, each);
    Cursor after = Cursor.START;
    while (after != null) {
      Page<StorageKey> page = blobs.list("", after, PAGE);
      run.page(page.items());
      after = page.next();
      Run.requireGoingOn();
    }
    if (mode == Mode.REAL && run.failed == 0) {
      restoration.adopted(began, () -> true);
    }
    return run.report();
  }

  /** One adoption. */
  private final class Run {
    private final Mode mode;
    private final Consumer<AssetId> each;
    private final BlobCheck check = new BlobCheck(blobs);
    private final NestedStores nested = new NestedStores(blobs);
    private final Examples<AssetId> examples = new Examples<>();
    private @Nullable AssetId last;
    private long scanned;
    private long adopted;
    private long healed;
    private long bytes;
    private long damaged;
    private long failed;

    Run(Mode mode, Consumer<AssetId> each) {
      this.mode = mode;
      this.each = each;
    }

    void page(List<StorageKey> page) {
      List<StorageKey> originals = page.stream().filter(Run::isOriginal).toList();
      scanned += originals.size();
      if (originals.isEmpty()) {
        return;
      }
      Set<StorageKey> named = settings.ledger().collector().named(originals);
      for (StorageKey key : originals) {
        requireGoingOn();
        if (!named.contains(key) && !nested.hold(key)) {
          look(key, key.parts().orElseThrow());
        }
      }
    }

    private static void requireGoingOn() {
      if (Thread.currentThread().isInterrupted()) {
        throw new LedgerException(
            "the adoption was interrupted; adopt again, what is there by now is passed over",
            null,
            true);
      }
    }

    private static boolean isOriginal(StorageKey key) {
      return key.parts().filter(parts -> parts.variant().isEmpty()).isPresent();
    }

    private void look(StorageKey key, StorageKey.Parts parts) {
      AssetId asset = parts.asset();
      try {
        Optional<AssetRow> row = settings.ledger().reader().asset(asset);
        Optional<BlobStat> stat = blobs.stat(key);
        // Copies of one asset lie side by side; a dry run would count each of them.
        if (stat.isEmpty() || asset.equals(last) || row.isPresent() && isSound(row.get())) {
          return;
        }
        take(key, parts, new BlobRef(asset.digest(), stat.get().size()));
        if (row.isPresent()) {
          healed++;
        } else {
          adopted++;
        }
        bytes += stat.get().size();
        last = asset;
        examples.add(asset);
        each.accept(asset);
      } catch (IntegrityException e) {
        refused(key, asset, e);
      } catch (BlobStoreException | BlobNotFoundException | IOException e) {
        LOG.warn("{} could not be adopted: {}", key, e.toString());
        failed++;
      }
    }

    /** A row without its object is noted as damaged, so that the ingest replaces it. */
    private boolean isSound(AssetRow row) {
      if (row.damage() != null) {
        return false;
      }
      if (blobs.stat(row.key()).isPresent()) {
        return true;
      }
      return mode == Mode.REAL
          && !damages.note(row, DamageNotes.MISSING, "expected an object, found none");
    }

    private void take(StorageKey key, StorageKey.Parts parts, BlobRef blob) throws IOException {
      if (mode == Mode.DRY_RUN) {
        Flaw flaw = check.check(new Kept(key, blob));
        if (flaw != null) {
          throw new IntegrityException(flaw.message());
        }
        return;
      }
      ingest.adopt(
          parts.asset(), new Spooled(blob, head(key), new Stored(blobs, key, blob.size())));
      // What can no longer be admitted by a stalled upload, and was not while it was copied, is not
      // needed any more; the sweep takes the rest.
      if (parts.stamp().isStale(LedgerTime.of(settings.ledger().intake()))
          && settings.ledger().collector().named(List.of(key)).isEmpty()) {
        new Leftovers(blobs).discard(key);
      }
    }

    /** That bytes could not be read to their end says nothing about them. */
    private void refused(StorageKey key, AssetId asset, IntegrityException e) {
      LOG.warn("{} was not adopted: {}", key, e.getMessage());
      long size = blobs.stat(key).map(BlobStat::size).orElse(0L);
      Flaw flaw = check.check(new Kept(key, new BlobRef(asset.digest(), size)));
      if (flaw != null && flaw.kind() == Finding.Kind.DAMAGED) {
        damaged++;
      } else {
        failed++;
      }
    }

    private byte[] head(StorageKey key) throws IOException {
      try (InputStream in = blobs.open(key, new ByteRange(0, HEAD))) {
        return in.readAllBytes();
      }
    }

    AdoptReport report() {
      return new AdoptReport(
          mode, scanned, adopted, healed, bytes, damaged, failed, examples.list());
    }
  }

  /** Bytes that lie in the store already. */
  private record Stored(BlobStore blobs, StorageKey key, long size) implements ByteSource {
    @Override
    public InputStream open() {
      return blobs.open(key, ByteRange.ALL);
    }
  }
}
