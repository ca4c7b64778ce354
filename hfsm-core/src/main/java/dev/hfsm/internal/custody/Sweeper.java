package dev.hfsm.internal.custody;

import dev.hfsm.custody.Mode;
import dev.hfsm.custody.Refusal;
import dev.hfsm.custody.SweepOptions;
import dev.hfsm.custody.SweepOptions.Allowance;
import dev.hfsm.custody.SweepReport;
import dev.hfsm.internal.Settings;
import dev.hfsm.internal.chores.ChoreBody;
import dev.hfsm.internal.chores.ChoreContext;
import dev.hfsm.internal.custody.SweepProgress.Counted;
import dev.hfsm.internal.custody.SweepProgress.Pass;
import dev.hfsm.ledger.Discarded;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes objects that no row names and that are too old to be named any more. An object goes only
 * if its key is strictly one of ours, its stamp is older than the sweep window on the ledger's
 * clock, and the ledger denies it. A first pass counts; if there are more orphans than can be
 * explained, none is deleted. What clients have put and nobody has fetched (landings) is no sign of
 * anything, and goes however much it is.
 */
final class Sweeper {

  static final String CHORE = "sweep";

  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
  private static final int PAGE = 200;
  private static final long ALWAYS_ALLOWED = 100;
  private static final long ALLOWED_IN = 20;

  private final Settings settings;
  private final StoreIdentity identity;
  private final RestoreMark mark;
  private final Deletions deletions;

  Sweeper(Settings settings, StoreIdentity identity, RestoreMark mark) {
    this.settings = settings;
    this.identity = identity;
    this.mark = mark;
    this.deletions = new Deletions(settings.blobs());
  }

  /** A sweep that somebody asked for, from its beginning to its end. */
  SweepReport sweep(SweepOptions options, Consumer<StorageKey> each) {
    Optional<OperatorTurn> taken = OperatorTurn.take(settings, CHORE);
    if (taken.isEmpty()) {
      return refused(
          options,
          new Refusal(Refusal.Reason.BUSY, "no other sweep", "one that is under way elsewhere"));
    }
    try (OperatorTurn turn = taken.get()) {
      Optional<Refusal> refusal = refusal();
      if (refusal.isPresent()) {
        return refused(options, refusal.get());
      }
      Run run = new Run(turn, options, SweepProgress.START, each);
      boolean ended = run.go();
      // What was broken off is gone on with by the chore, as far as that is allowed to.
      if (ended && options.mode() == Mode.REAL) {
        turn.finish("");
      }
      return run.report(ended);
    }
  }

  /** The daily sweep; it goes on where the last one stopped. */
  ChoreBody.Turn chore(ChoreContext context) {
    Optional<Refusal> refusal = refusal();
    if (refusal.isPresent()) {
      LOG.warn("the sweep stays off: {}", refusal.get());
      context.note("");
      return ChoreBody.Turn.DONE;
    }
    SweepOptions options = new SweepOptions(Mode.REAL, Allowance.BOUNDED);
    SweepProgress start = SweepProgress.parse(context.progress());
    Run run = new Run(context, options, start, key -> {});
    if (!run.go()) {
      return ChoreBody.Turn.MORE;
    }
    context.note("");
    SweepReport report = run.report(true);
    if (report.refusal() != null) {
      LOG.warn("the sweep leaves orphans alone: {}", report.refusal());
    }
    if (report.deleted() + report.failed() > 0) {
      LOG.info(
          "swept {} objects of {} bytes, {} could not be deleted",
          report.deleted(),
          report.bytes(),
          report.failed());
    }
    return ChoreBody.Turn.DONE;
  }

  private static SweepReport refused(SweepOptions options, Refusal refusal) {
    return new SweepReport(options.mode(), 0, 0, 0, 0, 0, 0, 0, List.of(), refusal);
  }

  /** Why no sweep may begin. */
  private Optional<Refusal> refusal() {
    Optional<Refusal> stranger = identity.refusal();
    if (stranger.isPresent()) {
      return stranger;
    }
    return mark.restored()
        .filter(restored -> !restored.isOver())
        .map(
            restored ->
                new Refusal(
                    Refusal.Reason.RESTORED,
                    "a ledger that knows all that is stored",
                    "one that was restored from a backup, noticed at "
                        + restored.noticed()
                        + ": scrub"
                        + done(restored.scrubbed())
                        + ", adopt"
                        + done(restored.adopted())
                        + ", then sweep"));
  }

  private static String done(boolean done) {
    return done ? " (done)" : "";
  }

  /**
   * What is old enough and no row names.
   *
   * @param landings what clients have put and nobody has fetched
   */
  private record Unnamed(List<StorageKey> orphans, List<StorageKey> landings) {
    List<StorageKey> all() {
      return Stream.concat(orphans.stream(), landings.stream()).toList();
    }
  }

  /** One sweep, or the rest of one. */
  private final class Run {
    private final ChoreContext context;
    private final SweepOptions options;
    private final Consumer<StorageKey> each;
    private final Examples<StorageKey> examples = new Examples<>();
    private final Instant old;
    private final NestedStores nested = new NestedStores(settings.blobs());
    private SweepProgress progress;
    private @Nullable Refusal refusal;

    Run(
        ChoreContext context,
        SweepOptions options,
        SweepProgress start,
        Consumer<StorageKey> each) {
      this.context = context;
      this.options = options;
      this.each = each;
      this.progress = start;
      // Taken once: time only makes orphans older.
      this.old = LedgerTime.of(settings.ledger().intake()).minus(Stamp.SWEEP_WINDOW);
    }

    /** Says whether the sweep came to its end. */
    boolean go() {
      if (progress.pass() == Pass.COUNT) {
        if (!pages(this::count)) {
          return false;
        }
        if (options.mode() == Mode.DRY_RUN) {
          return true;
        }
        Pass next = isTooMuch(progress.orphans()) ? Pass.CLEAR : Pass.DELETE;
        progress = progress.deleting(next);
        note();
      } else if (progress.pass() == Pass.CLEAR) {
        isTooMuch(progress.orphans()); // says so again, where it goes on
      }
      boolean nothing = progress.pass() == Pass.CLEAR && progress.landings() == 0;
      return nothing || pages(this::delete);
    }

    @FunctionalInterface
    private interface Step {
      /** Returns false to stop for good. */
      boolean take(Page<StorageKey> page, Cursor next);
    }

    private boolean pages(Step step) {
      while (context.keepGoing()) {
        Page<StorageKey> page = settings.blobs().list("", progress.after(), PAGE);
        Cursor next = page.next();
        boolean goOn = step.take(page, next == null ? progress.after() : next);
        if (!goOn || next == null) {
          return true;
        }
        note();
      }
      return false;
    }

    /** A dry run leaves no trace that another would take for its own. */
    private void note() {
      if (options.mode() == Mode.REAL && options.allowance() == Allowance.BOUNDED) {
        context.note(progress.toString());
      }
    }

    private boolean count(Page<StorageKey> page, Cursor next) {
      // Landings are not among what orphans are compared with: clients make as many as they like.
      long ours = page.items().stream().filter(key -> key.parts().isPresent()).count();
      Unnamed unnamed = unnamed(page.items());
      unnamed.orphans().forEach(examples::add);
      long bytes = 0;
      if (options.mode() == Mode.DRY_RUN) {
        for (StorageKey key : unnamed.all()) {
          bytes += size(key);
          each.accept(key);
        }
      }
      long foreign = page.items().stream().filter(Run::isForeign).count();
      progress =
          progress.counted(
              new Counted(
                  ours, foreign, unnamed.orphans().size(), unnamed.landings().size(), bytes),
              next);
      return true;
    }

    /** What lies under {@code hfsm/} is ours as well, and no asset's. */
    private static boolean isForeign(StorageKey key) {
      return key.parts().or(key::landed).isEmpty() && !key.text().startsWith("hfsm/");
    }

    private boolean delete(Page<StorageKey> page, Cursor next) {
      Unnamed unnamed = unnamed(page.items());
      List<StorageKey> allowed = new ArrayList<>(unnamed.landings());
      boolean tooMuch = false;
      if (progress.pass() == Pass.DELETE) {
        // The store may have changed since it was counted, but not that much.
        long orphans = progress.deleted();
        for (StorageKey orphan : unnamed.orphans()) {
          tooMuch = isTooMuch(++orphans);
          if (tooMuch) {
            break;
          }
          allowed.add(orphan);
        }
      }
      Deletions.Outcome outcome =
          deletions.delete(
              allowed.stream().map(key -> new Discarded(key, null)).toList(), () -> true);
      outcome.deleted().forEach(each);
      long cleared = outcome.deleted().stream().filter(key -> key.landed().isPresent()).count();
      progress =
          progress.deleted(
              outcome.deleted().size() - cleared,
              cleared,
              outcome.bytes(),
              outcome.failed().size(),
              next);
      return !tooMuch;
    }

    private long size(StorageKey key) {
      return settings.blobs().stat(key).map(BlobStat::size).orElse(0L);
    }

    private Unnamed unnamed(List<StorageKey> page) {
      List<StorageKey> unnamed = new ArrayList<>(page.stream().filter(this::isOld).toList());
      if (!unnamed.isEmpty()) {
        unnamed.removeAll(settings.ledger().collector().named(unnamed));
        unnamed.removeIf(nested::hold);
      }
      return new Unnamed(
          unnamed.stream().filter(key -> key.parts().isPresent()).toList(),
          unnamed.stream().filter(key -> key.landed().isPresent()).toList());
    }

    private boolean isOld(StorageKey key) {
      return key.parts()
          .or(key::landed)
          .filter(parts -> parts.stamp().at().isBefore(old))
          .isPresent();
    }

    private boolean isTooMuch(long orphans) {
      long allowed = Math.max(ALWAYS_ALLOWED, progress.scanned() / ALLOWED_IN);
      boolean tooMuch = options.allowance() == Allowance.BOUNDED && orphans > allowed;
      if (tooMuch) {
        refusal =
            new Refusal(
                Refusal.Reason.TOO_MANY,
                "at most " + allowed + " orphans among " + progress.scanned() + " objects",
                orphans + "; look at them with a dry run, and force the sweep if they may go");
      }
      return tooMuch;
    }

    SweepReport report(boolean ended) {
      SweepProgress p = progress;
      Refusal why =
          ended
              ? refusal
              : new Refusal(
                  Refusal.Reason.BUSY, "to come to the end", "an interruption; sweep again");
      return new SweepReport(
          options.mode(),
          p.scanned(),
          p.foreign(),
          p.orphans(),
          p.landings(),
          p.deleted() + p.cleared(),
          p.bytes(),
          p.failed(),
          examples.list(),
          why);
    }
  }
}
