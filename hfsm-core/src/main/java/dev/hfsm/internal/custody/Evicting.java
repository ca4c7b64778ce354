package dev.hfsm.internal.custody;

import dev.hfsm.custody.Cleared;
import dev.hfsm.custody.EvictOptions;
import dev.hfsm.custody.EvictReport;
import dev.hfsm.custody.Mode;
import dev.hfsm.internal.Finder;
import dev.hfsm.internal.Settings;
import dev.hfsm.ledger.CollectorLedger;
import dev.hfsm.ledger.Evictable;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.StorageKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Removes variants, the least worth first, until the others fit into a budget. */
final class Evicting {

  private static final int BATCH = 100;

  private final CollectorLedger collector;
  private final Finder finder;
  private final Garbage garbage;

  Evicting(Settings settings, Finder finder, Garbage garbage) {
    this.collector = settings.ledger().collector();
    this.finder = finder;
    this.garbage = garbage;
  }

  EvictReport run(EvictOptions options, BooleanSupplier goOn, Consumer<Evictable> each) {
    long before = collector.variantBytes();
    Examples<Evictable> examples = new Examples<>();
    long left = before;
    long variants = 0;
    Cursor after = Cursor.START;
    // What another transaction holds is passed over, so the scan goes on and never begins anew.
    while (after != null && left > options.budget() && goOn.getAsBoolean()) {
      Page<Evictable> page = collector.evictable(options.idle(), after, BATCH);
      List<Evictable> chosen = upTo(left - options.budget(), page.items());
      for (Evictable variant : evicted(options.mode(), chosen)) {
        left -= variant.bytes();
        variants++;
        examples.add(variant);
        each.accept(variant);
      }
      after = page.next();
    }
    Cleared cleared = variants == 0 ? Cleared.NOTHING : garbage.clear(options.mode(), goOn);
    return new EvictReport(
        options.mode(),
        options.budget(),
        before,
        variants,
        before - left,
        cleared,
        examples.list());
  }

  /** The first of a page that free so many bytes together, or all of it. */
  private static List<Evictable> upTo(long bytes, List<Evictable> page) {
    List<Evictable> chosen = new ArrayList<>();
    long freed = 0;
    for (Evictable variant : page) {
      if (freed >= bytes) {
        break;
      }
      chosen.add(variant);
      freed += variant.bytes();
    }
    return chosen;
  }

  private List<Evictable> evicted(Mode mode, List<Evictable> chosen) {
    if (mode == Mode.DRY_RUN || chosen.isEmpty()) {
      return chosen;
    }
    Set<StorageKey> gone = collector.evict(chosen.stream().map(Evictable::key).toList());
    gone.forEach(this::forget);
    return chosen.stream().filter(variant -> gone.contains(variant.key())).toList();
  }

  private void forget(StorageKey key) {
    key.parts()
        .ifPresent(
            parts -> parts.variant().ifPresent(variant -> finder.forget(parts.asset(), variant)));
  }
}
