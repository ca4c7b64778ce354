package dev.hfsm.reliability;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Kept;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Page;
import dev.hfsm.model.Scope;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks at a ledger and a store past every gate, and says what is wrong with them. What was
 * promised to callers is told by them.
 */
final class Truth {

  private static final int PAGE = 500;

  private final AssetLedger ledger;
  private final BlobStore blobs;

  Truth(AssetLedger ledger, BlobStore blobs) {
    this.ledger = ledger;
    this.blobs = blobs;
  }

  /** What must hold at every moment: no row without its bytes, no object that is not whole. */
  List<String> wrongNow() {
    List<String> wrong = new ArrayList<>();
    for (Kept kept : kept()) {
      if (blobs.stat(kept.key()).isEmpty()) {
        wrong.add("a row without bytes: " + kept.key());
      } else if (!isWhole(kept.key(), kept.blob())) {
        wrong.add("a row with other bytes: " + kept.key());
      }
    }
    for (StorageKey key : objects()) {
      key.parts()
          .filter(parts -> parts.variant().isEmpty())
          .filter(parts -> !read(key).equals(parts.asset().digest()))
          .ifPresent(parts -> wrong.add("a partial object: " + key));
    }
    return wrong;
  }

  /**
   * What must hold of acknowledgements.
   *
   * @param claims names whose last acknowledged ingest was of this asset and that nobody released
   */
  List<String> wrongAbout(Map<String, AssetId> claims) {
    List<String> wrong = new ArrayList<>();
    claims.forEach(
        (name, asset) -> {
          AssetRow row = ledger.reader().asset(asset).orElse(null);
          boolean claimed =
              ledger.reader().references(asset).stream()
                  .anyMatch(reference -> reference.name().text().equals(name));
          if (row == null) {
            wrong.add("acknowledged as " + name + " and lost: " + asset);
          } else if (!claimed) {
            wrong.add("acknowledged as " + name + " and not claimed: " + asset);
          } else if (!isWhole(row.key(), new BlobRef(asset.digest(), row.size()))) {
            wrong.add("acknowledged as " + name + " and not readable: " + asset);
          }
        });
    return wrong;
  }

  /** What must hold once everything has been recovered: nothing is owed, nothing is left over. */
  List<String> wrongInTheEnd() {
    List<String> wrong = new ArrayList<>(wrongNow());
    for (AssetRow asset : assets()) {
      if (!asset.state().isDescribed()) {
        wrong.add("stranded in " + asset.state() + ": " + asset.id());
      }
      for (WorkRow work : ledger.operator().work(asset.id())) {
        wrong.add("work left: " + work);
      }
      for (VariantRow variant : ledger.reader().variants(asset.id())) {
        if (variant.state() != VariantState.READY) {
          wrong.add("stranded in " + variant.state() + ": variant " + variant.key());
        }
      }
    }
    Set<StorageKey> orphans = new HashSet<>(objects());
    kept().forEach(kept -> orphans.remove(kept.key()));
    orphans.removeIf(key -> key.parts().isEmpty());
    orphans.forEach(key -> wrong.add("an orphan after the sweep: " + key));
    ledger.collector().garbage(PAGE).forEach(garbage -> wrong.add("garbage left: " + garbage));
    return wrong;
  }

  List<AssetRow> assets() {
    return ledger.reader().assets(Scope.DEFAULT, Cursor.START, PAGE).items();
  }

  List<StorageKey> objects() {
    List<StorageKey> keys = new ArrayList<>();
    Cursor after = Cursor.START;
    while (after != null) {
      Page<StorageKey> page = blobs.list("", after, PAGE);
      keys.addAll(page.items());
      after = page.next();
    }
    return keys;
  }

  private List<Kept> kept() {
    return ledger.custody().inventory(Cursor.START, PAGE).items();
  }

  private boolean isWhole(StorageKey key, BlobRef blob) {
    try {
      return read(key).equals(blob.digest());
    } catch (BlobNotFoundException e) {
      return false;
    }
  }

  private Digest read(StorageKey key) {
    try (InputStream in = blobs.open(key, ByteRange.ALL)) {
      return Digest.ofContent(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
