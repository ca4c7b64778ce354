package dev.hfsm.internal.custody;

import dev.hfsm.custody.Finding;
import dev.hfsm.custody.MigrateListener;
import dev.hfsm.custody.MigrateOptions;
import dev.hfsm.custody.MigrateReport;
import dev.hfsm.custody.Mode;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.internal.Settings;
import dev.hfsm.internal.custody.Holdings.Part;
import dev.hfsm.ledger.Kept;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.StorageKey;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies every blob that the ledger names, and what holds keep beside it, from the pipeline's store
 * into another, and nothing else. What has been done is what lies there: nothing is noted, so a
 * migration that broke off is called again and passes over what it finds. Inventory and listing are
 * walked side by side, a page of each at a time.
 */
final class Migrator {

  private static final Logger LOG = LoggerFactory.getLogger(Migrator.class);
  private static final int LISTED = 1000;

  /** A store that fails so often in a row is not to be copied now. */
  private static final int MAX_FAILURES_IN_A_ROW = 20;

  /** How many blobs that could not be copied are remembered, so that each is told once. */
  private static final int MAX_TOLD = 10_000;

  private final Settings settings;
  private final StoreIdentity identity;

  Migrator(Settings settings, StoreIdentity identity) {
    this.settings = settings;
    this.identity = identity;
  }

  MigrateReport migrate(BlobStore target, MigrateOptions options, MigrateListener listener) {
    identity.requireReadable();
    StoreIdentity there = new StoreIdentity(settings.ledger(), target, settings.random());
    if (options.mode() == Mode.DRY_RUN) {
      there.requireNotAnothers();
    } else {
      there.take();
    }
    Run run = new Run(target, listener);
    Hands hands = new Hands(options.parallel());
    try {
      run.plan(hands);
      if (options.mode() == Mode.REAL) {
        run.copyAll(hands);
      }
    } finally {
      hands.close();
      run.takeBackTheRest();
    }
    return run.report(options.mode());
  }

  /**
   * What a walk has found.
   *
   * @param absent what the target lacks
   */
  private record Count(long blobs, long bytes, long absent, long absentBytes) {}

  /** One migration. For one thread, which has others copy. */
  private final class Run {
    private final BlobStore target;
    private final MigrateListener listener;
    private final BlobCopy copy;
    private final Holdings holdings;
    private final Examples<Finding> examples = new Examples<>();
    private final Set<StorageKey> told = new HashSet<>();

    /** What may have come into the target since it was last compared with the ledger. */
    private final Set<StorageKey> begun = ConcurrentHashMap.newKeySet();

    private Count count = new Count(0, 0, 0, 0);
    private long present;
    private long copied;
    private long copiedBytes;
    private long damaged;
    private long missing;
    private long failed;
    private long mismatched;
    private int failuresInARow;

    Run(BlobStore target, MigrateListener listener) {
      this.target = target;
      this.listener = listener;
      this.copy = new BlobCopy(settings, target);
      this.holdings = new Holdings(settings.ledger().custody(), BlobCopy.origin(settings.blobs()));
    }

    void plan(Hands hands) {
      count = count(there -> weigh(there, hands));
      present = count.blobs() - count.absent() - mismatched;
      listener.planned(count.absent(), count.absentBytes());
    }

    /** Ends when a walk finds nothing that was not tried: uploads go on meanwhile. */
    void copyAll(Hands hands) {
      MarkCopies.copy(settings, target);
      long before = -1;
      while (count.absent() > damaged + missing + failed && copied > before) {
        before = copied;
        damaged = 0;
        missing = 0;
        failed = 0;
        holdings.walk((page, part) -> copyPage(page, copying(part), hands));
        count = count(there -> {});
        if (count.absent() > damaged + missing + failed) {
          listener.planned(count.absent(), count.absentBytes());
        }
      }
    }

    /**
     * Counts what must be in the target.
     *
     * @param visitor is given what is there already, page by page
     */
    private Count count(Consumer<List<Kept>> visitor) {
      long[] absent = {0, 0};
      long[] all = {0, 0};
      holdings.walk(
          (page, part) -> {
            requireGoingOn();
            all[0] += page.size();
            all[1] += bytes(page);
            List<Kept> lacking = absent(page);
            absent[0] += lacking.size();
            absent[1] += bytes(lacking);
            Set<Kept> rest = new LinkedHashSet<>(page);
            lacking.forEach(rest::remove);
            visitor.accept(List.copyOf(rest));
          });
      return new Count(all[0], all[1], absent[0], absent[1]);
    }

    /**
     * Compares sizes of what is passed over. Whatever put something else there, a key is not
     * written twice: it is named, and left alone.
     */
    private void weigh(List<Kept> there, Hands hands) {
      each(hands, there, kept -> copy.sizeThere(kept.key()), this::compare);
    }

    private void compare(Kept kept, OptionalLong size) {
      long expected = kept.blob().size();
      if (size.isPresent() && size.getAsLong() != expected) {
        mismatched++;
        kept.key()
            .parts()
            .filter(parts -> isNew(kept.key()))
            .map(
                parts ->
                    new Finding(
                        Finding.Kind.DAMAGED,
                        parts.asset(),
                        parts.variant().orElse(null),
                        kept.key(),
                        message(expected, size.getAsLong())))
            .ifPresent(this::tell);
      }
    }

    private static String message(long expected, long found) {
      return "in the new store: expected "
          + expected
          + " bytes, found "
          + found
          + "; delete it there and migrate again";
    }

    /** As {@link Hands#each}, for a migration that an interrupt ends. */
    private static <R> void each(
        Hands hands, List<Kept> blobs, Function<Kept, R> work, BiConsumer<Kept, R> taken) {
      try {
        hands.each(blobs, work, taken);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw interrupted();
      }
    }

    private static long bytes(List<Kept> blobs) {
      return blobs.stream().mapToLong(kept -> kept.blob().size()).sum();
    }

    private static void requireGoingOn() {
      if (Thread.currentThread().isInterrupted()) {
        throw interrupted();
      }
    }

    private static LedgerException interrupted() {
      return new LedgerException(
          "the migration was interrupted; migrate again, what is there by now is passed over",
          null,
          true);
    }

    /** Those of a page, which is in order of key, that the target does not list. */
    private List<Kept> absent(List<Kept> page) {
      Set<StorageKey> lacking = new HashSet<>();
      page.forEach(kept -> lacking.add(kept.key()));
      StorageKey first = page.get(0).key();
      StorageKey last = page.get(page.size() - 1).key();
      if (target.stat(first).isPresent()) {
        lacking.remove(first); // a listing begins behind it
      }
      Cursor after = new Cursor(first.text());
      while (after != null) {
        Page<StorageKey> listed = target.list("", after, LISTED);
        lacking.removeAll(listed.items());
        List<StorageKey> items = listed.items();
        boolean beyond = !items.isEmpty() && items.get(items.size() - 1).compareTo(last) >= 0;
        after = beyond ? null : listed.next();
      }
      return page.stream().filter(kept -> lacking.contains(kept.key())).toList();
    }

    private Function<Kept, BlobCopy.Outcome> copying(Part part) {
      return part == Part.NAMED ? copy::copy : copy::copyAsItLies;
    }

    private void copyPage(List<Kept> page, Function<Kept, BlobCopy.Outcome> copying, Hands hands) {
      requireGoingOn();
      Function<Kept, BlobCopy.Outcome> noted =
          kept -> {
            begun.add(kept.key()); // before: how a put ended that threw, nobody knows
            return copying.apply(kept);
          };
      each(hands, absent(page), noted, this::settle);
      takeBack();
    }

    private void settle(Kept kept, BlobCopy.Outcome outcome) {
      failuresInARow = outcome.kind() == BlobCopy.Kind.FAILED ? failuresInARow + 1 : 0;
      switch (outcome.kind()) {
        case COPIED -> {
          copied++;
          copiedBytes += kept.blob().size();
          listener.copied(kept.blob().size());
        }
        case GONE -> {}
        case DAMAGED -> damaged++;
        case MISSING -> missing++;
        case FAILED -> failed++;
      }
      outcome.finding(kept).filter(f -> isNew(kept.key())).ifPresent(this::tell);
      if (failuresInARow >= MAX_FAILURES_IN_A_ROW) {
        throw new BlobStoreException(
            "copying failed "
                + failuresInARow
                + " times in a row, last: "
                + outcome.message()
                + "; migrate again, what is there by now is passed over",
            null,
            true);
      }
    }

    private boolean isNew(StorageKey key) {
      return told.size() < MAX_TOLD && told.add(key);
    }

    private void tell(Finding finding) {
      examples.add(finding);
      listener.found(finding);
    }

    /** What was deleted while it was copied must not stay in the new store. */
    private void takeBack() {
      if (!begun.isEmpty()) {
        Set<StorageKey> named = settings.ledger().collector().named(begun);
        begun.stream().filter(key -> !named.contains(key)).forEach(target::delete);
        begun.clear();
      }
    }

    /** For a migration that breaks off, once nothing more comes into the target. */
    void takeBackTheRest() {
      boolean interrupted = Thread.interrupted();
      try {
        takeBack();
      } catch (RuntimeException e) {
        LOG.warn(
            "could not see whether what was copied last has been deleted meanwhile; if so, a sweep"
                + " of the new store clears it away: {}",
            e.toString());
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    MigrateReport report(Mode mode) {
      return new MigrateReport(
          mode,
          count.blobs(),
          count.bytes(),
          present,
          copied,
          copiedBytes,
          damaged,
          missing,
          failed,
          mismatched,
          count.absent(),
          count.absentBytes(),
          examples.list());
    }
  }
}
