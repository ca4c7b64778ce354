package dev.hfsm.internal.custody;

import dev.hfsm.custody.Cleared;
import dev.hfsm.custody.CollectOptions;
import dev.hfsm.custody.CollectReport;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.Refusal;
import dev.hfsm.internal.Finder;
import dev.hfsm.internal.Settings;
import dev.hfsm.internal.custody.Restoration.Restored;
import dev.hfsm.internal.work.Announcer;
import dev.hfsm.ledger.Collectable;
import dev.hfsm.ledger.CollectorLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Removes assets that nobody has claimed for a while, batch by batch, and clears garbage. */
final class Collecting {

  private static final int BATCH = 100;

  private final Settings settings;
  private final Finder finder;
  private final Announcer announcer;
  private final RestoreMark mark;
  private final Garbage garbage;

  Collecting(
      Settings settings, Finder finder, Announcer announcer, RestoreMark mark, Garbage garbage) {
    this.settings = settings;
    this.finder = finder;
    this.announcer = announcer;
    this.mark = mark;
    this.garbage = garbage;
  }

  CollectReport run(CollectOptions options, BooleanSupplier goOn, Consumer<AssetId> each) {
    Run run = new Run(each);
    Refusal refusal = refusal(options.grace()).orElse(null);
    if (refusal == null && options.mode() == Mode.REAL) {
      run.collect(options.grace(), goOn);
    } else if (refusal == null) {
      run.look(options.grace(), goOn);
    }
    return run.report(options.mode(), garbage.clear(options.mode(), goOn), refusal);
  }

  /**
   * A restored ledger may have lost claims that were made since; whoever made them has one grace to
   * make them again. Nor is anything removed while nobody has looked what a restore has brought.
   */
  private Optional<Refusal> refusal(Duration grace) {
    Optional<Restored> restored = mark.restored();
    Instant now = LedgerTime.of(settings.ledger().intake());
    return restored
        .flatMap(note -> whyNot(note, note.noticed().plus(grace), now))
        .map(
            why ->
                new Refusal(
                    Refusal.Reason.RESTORED,
                    "a ledger whose claims can be trusted",
                    "one that was restored from a backup and may have lost some: nothing is"
                        + " collected before "
                        + why));
  }

  private static Optional<String> whyNot(Restored note, Instant until, Instant now) {
    if (!note.scrubbed()) {
      return Optional.of("a full scrub has passed, nor before " + until);
    }
    return now.isBefore(until) ? Optional.of(until.toString()) : Optional.empty();
  }

  private final class Run {
    private final CollectorLedger collector = settings.ledger().collector();
    private final Consumer<AssetId> each;
    private final Examples<AssetId> examples = new Examples<>();
    private long assets;
    private long variants;
    private long bytes;

    Run(Consumer<AssetId> each) {
      this.each = each;
    }

    void collect(Duration grace, BooleanSupplier goOn) {
      List<AssetId> removed;
      do {
        removed = collector.collect(grace, BATCH);
        if (!removed.isEmpty()) {
          finder.forgetAll(removed);
          announcer.removed();
        }
        removed.forEach(this::count);
      } while (!removed.isEmpty() && goOn.getAsBoolean());
    }

    void look(Duration grace, BooleanSupplier goOn) {
      Cursor after = Cursor.START;
      while (after != null && goOn.getAsBoolean()) {
        Page<Collectable> page = collector.collectable(grace, after, BATCH);
        for (Collectable asset : page.items()) {
          variants += asset.variants();
          bytes += asset.bytes();
          count(asset.asset());
        }
        after = page.next();
      }
    }

    private void count(AssetId asset) {
      assets++;
      examples.add(asset);
      each.accept(asset);
    }

    CollectReport report(Mode mode, Cleared cleared, @Nullable Refusal refusal) {
      return new CollectReport(mode, assets, variants, bytes, cleared, examples.list(), refusal);
    }
  }
}
