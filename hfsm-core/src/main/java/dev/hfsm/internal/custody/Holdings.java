package dev.hfsm.internal.custody;

import dev.hfsm.ledger.CustodyLedger;
import dev.hfsm.ledger.Kept;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.StorageKey;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a store has to hold for its ledger: what rows name, and what holds keep although an upload
 * has replaced it. Each part comes in order of key.
 */
final class Holdings {

  private static final int PAGE = 500;

  private final CustodyLedger custody;
  private final BlobStore source;

  /** Looks into {@code source} for what is only kept as it lies there. */
  Holdings(CustodyLedger custody, BlobStore source) {
    this.custody = custody;
    this.source = source;
  }

  /** Why a blob is kept, which says how it is to be copied. */
  enum Part {
    NAMED,
    /** Whatever it is: likely damaged, and evidence. */
    WITHHELD
  }

  /** Takes one page after the other, none of them empty. */
  @FunctionalInterface
  interface Visitor {
    void visit(List<Kept> page, Part part);
  }

  void walk(Visitor visitor) {
    walk(visitor, Part.NAMED, after -> custody.inventory(after, PAGE));
    walk(visitor, Part.WITHHELD, this::withheld);
  }

  private static void walk(Visitor visitor, Part part, Function<Cursor, Page<Kept>> pages) {
    Cursor after = Cursor.START;
    while (after != null) {
      Page<Kept> page = pages.apply(after);
      if (!page.items().isEmpty()) {
        visitor.visit(page.items(), part);
      }
      after = page.next();
    }
  }

  private Page<Kept> withheld(Cursor after) {
    Page<StorageKey> page = custody.withheld(after, PAGE);
    return new Page<>(
        page.items().stream().map(this::asItLies).flatMap(Optional::stream).toList(), page.next());
  }

  /** With the size that it has; empty if nothing lies there, which is all that is kept then. */
  private Optional<Kept> asItLies(StorageKey key) {
    return source.stat(key).map(BlobStat::size).flatMap(size -> kept(key, size));
  }

  private static Optional<Kept> kept(StorageKey key, long size) {
    return key.parts().map(parts -> new Kept(key, new BlobRef(parts.asset().digest(), size)));
  }
}
