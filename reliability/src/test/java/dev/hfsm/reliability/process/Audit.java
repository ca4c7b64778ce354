package dev.hfsm.reliability.process;

import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Failure;
import dev.hfsm.model.Page;
import dev.hfsm.model.Scope;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at a ledger and a store from outside, and says in sentences what should not be. An empty
 * list is what everyone hopes for.
 */
final class Audit {

  private static final int PAGE = 500;
  private static final String DEAD = "dead: ";
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private final Node node;

  Audit(Node node) {
    this.node = node;
  }

  /** Acknowledged assets that are gone, or whose bytes are. */
  List<String> lost(Collection<AssetId> acknowledged) {
    List<String> wrong = new ArrayList<>();
    for (AssetId id : acknowledged) {
      Optional<AssetRow> row = node.ledger().reader().asset(id);
      if (row.isEmpty()) {
        wrong.add(id + " was acknowledged and has no row");
      } else if (!digest(row.get().key()).filter(id.digest()::equals).isPresent()) {
        wrong.add(id + " was acknowledged and " + row.get().key() + " does not hold its bytes");
      }
    }
    return wrong;
  }

  private Optional<Digest> digest(StorageKey key) {
    if (node.blobs().stat(key).isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = node.blobs().open(key, ByteRange.ALL)) {
      MessageDigest hash = Digest.newHash();
      in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), hash));
      return Optional.of(Digest.of(hash.digest()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  List<AssetRow> assets() {
    List<AssetRow> rows = new ArrayList<>();
    Cursor after = Cursor.START;
    while (after != null) {
      Page<AssetRow> page = node.ledger().reader().assets(Scope.DEFAULT, after, PAGE);
      rows.addAll(page.items());
      after = page.next();
    }
    return rows;
  }

  /** Rows, of assets and of variants, whose object is not there as a whole. */
  List<String> rowsWithoutBytes() {
    List<String> wrong = new ArrayList<>();
    for (AssetRow row : assets()) {
      if (!isThere(row.key(), row.size())) {
        wrong.add(row.id() + " names " + row.key() + ", which is not there");
      }
      for (VariantRow variant : node.ledger().reader().variants(row.id())) {
        VariantContent content = variant.content();
        if (content != null && !isThere(content.key(), content.blob().size())) {
          wrong.add(variant.key() + " names " + content.key() + ", which is not there");
        }
      }
    }
    return wrong;
  }

  private boolean isThere(StorageKey key, long size) {
    return node.blobs().stat(key).filter(stat -> stat.size() == size).isPresent();
  }

  /** Work that is owed, leased or dead, and states that wait for work. */
  List<String> unfinished() {
    List<String> found = new ArrayList<>();
    for (AssetRow row : assets()) {
      List<WorkRow> work = node.ledger().operator().work(row.id());
      work.forEach(w -> found.add((w.dead() ? DEAD : "owed: ") + w));
      if (work.isEmpty() && row.state().isBeingInspected()) {
        found.add(row.id() + " is " + row.state() + " and owes no work");
      }
      for (VariantRow variant : node.ledger().reader().variants(row.id())) {
        if (work.isEmpty() && variant.state() != VariantState.READY) {
          found.add(variant.key() + " is " + variant.state() + " and owes no work");
        }
      }
    }
    return found;
  }

  private static boolean isDead(String found) {
    return found.startsWith(DEAD);
  }

  /**
   * Starts work again that was given up because processes kept ending under it, as an operator
   * would once they do not; gives how much.
   */
  int redriveVictims() {
    int redriven = 0;
    for (AssetRow row : assets()) {
      for (WorkRow work : node.ledger().operator().work(row.id())) {
        Failure failure = work.failure();
        if (work.dead() && failure != null && failure.code().equals(WorkLedger.WORKER_LOST)) {
          redriven += node.ledger().operator().redrive(work.subject()) ? 1 : 0;
        }
      }
    }
    return redriven;
  }

  /**
   * Waits until nothing is owed any more; gives what still is after {@code atMost}, and what was
   * given up.
   */
  List<String> stranded(Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    List<String> left = unfinished();
    while (!left.stream().allMatch(Audit::isDead) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      left = unfinished();
    }
    return left;
  }

  /** Objects of assets in the store. */
  List<StorageKey> objects(String prefix) {
    List<StorageKey> keys = new ArrayList<>();
    Cursor after = Cursor.START;
    while (after != null) {
      Page<StorageKey> page = node.blobs().list(prefix, after, PAGE);
      page.items().stream().filter(key -> key.parts().isPresent()).forEach(keys::add);
      after = page.next();
    }
    return keys;
  }

  /** Objects that no row names. After a crash they are what a sweep is for. */
  Set<StorageKey> orphans() {
    Set<StorageKey> orphans = new HashSet<>(objects(""));
    orphans.removeAll(node.ledger().collector().named(orphans));
    return orphans;
  }
}
