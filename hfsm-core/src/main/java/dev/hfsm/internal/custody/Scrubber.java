package dev.hfsm.internal.custody;

import dev.hfsm.custody.Finding;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.ScrubOptions;
import dev.hfsm.custody.ScrubReport;
import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.internal.BlobCheck;
import dev.hfsm.internal.BlobCheck.Flaw;
import dev.hfsm.internal.DamageNotes;
import dev.hfsm.internal.Finder;
import dev.hfsm.internal.Settings;
import dev.hfsm.internal.work.Announcer;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Kept;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.model.Subject;
import dev.hfsm.model.VariantKey;
import dev.hfsm.storage.StorageKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hashes what is stored and compares it with what the ledger says: originals that are missing or
 * damaged are noted, variants are evicted and asked for again. That a store does not answer is no
 * damage.
 */
final class Scrubber {

  private static final String CHORE = "scrub";
  private static final int PAGE = 200;

  /** A store that fails so often in a row is not to be scrubbed now. */
  private static final int MAX_FAILURES_IN_A_ROW = 20;

  private final Settings settings;
  private final StoreIdentity identity;
  private final Finder finder;
  private final DamageNotes damages;
  private final Announcer announcer;
  private final RestoreMark mark;
  private final Restoration restoration;

  Scrubber(
      Settings settings,
      StoreIdentity identity,
      Finder finder,
      DamageNotes damages,
      Announcer announcer,
      RestoreMark mark,
      Restoration restoration) {
    this.settings = settings;
    this.identity = identity;
    this.finder = finder;
    this.damages = damages;
    this.announcer = announcer;
    this.mark = mark;
    this.restoration = restoration;
  }

  /**
   * Scrubs from where the options say to the end.
   *
   * @param each is told of every finding
   * @throws BlobStoreException if the store does not answer; what was found until then is noted. Or
   *     if it does not say that it is this ledger's: all would seem to be lost then
   * @throws LedgerException if another scrub is under way, or the ledger cannot be reached
   */
  ScrubReport scrub(ScrubOptions options, Consumer<Finding> each) {
    identity.requireNamed();
    try (OperatorTurn turn =
        OperatorTurn.take(settings, CHORE)
            .orElseThrow(() -> new LedgerException("another scrub is under way", null, true))) {
      mark.restored();
      Run run = new Run(turn, options, each);
      run.go();
      return run.report();
    }
  }

  /** Whether a blob is in the sample: by its key alone, so that no order of pages matters. */
  static boolean isChosen(StorageKey key, double sample, long seed) {
    return sample >= 1 || (mix(seed ^ hash(key.text())) >>> 11) * 0x1.0p-53 < sample;
  }

  /** FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ . */
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** One scrub. */
  private final class Run {
    private final OperatorTurn turn;
    private final ScrubOptions options;
    private final Consumer<Finding> each;
    private final BlobCheck check = new BlobCheck(settings.blobs());
    private final Examples<Finding> examples = new Examples<>();
    private ScrubProgress progress;
    private long recovered;
    private int failuresInARow;
    private boolean readable;

    Run(OperatorTurn turn, ScrubOptions options, Consumer<Finding> each) {
      this.turn = turn;
      this.options = options;
      this.each = each;
      Instant now = LedgerTime.of(settings.ledger().intake());
      ScrubProgress fresh = ScrubProgress.fresh(options, now);
      this.progress =
          options.start() == ScrubOptions.Start.FRESH
              ? fresh
              : ScrubProgress.parse(turn.progress()).filter(fresh::isOfTheSameScrub).orElse(fresh);
    }

    void go() {
      Cursor after = progress.after();
      while (after != null) {
        requireGoingOn();
        Page<Kept> page = settings.ledger().custody().inventory(after, PAGE);
        for (Kept kept : page.items()) {
          if (isChosen(kept.key(), options.sample(), options.seed())) {
            // A page of large blobs takes longer than a lease; what is left of it is not looked at.
            requireGoingOn();
            look(kept);
          }
        }
        after = page.next();
        if (after != null) {
          progress = progress.at(after);
          turn.note(progress.toString());
        }
      }
      if (options.sample() >= 1 && options.mode() == Mode.REAL && report().isClean()) {
        restoration.scrubbed(progress.began(), turn::keepGoing);
      }
      turn.finish(""); // last: if that cannot be noted, the scrub is resumed at its last page
    }

    private void requireGoingOn() {
      if (!turn.keepGoing()) {
        throw new LedgerException("the scrub was interrupted; it can be resumed", null, true);
      }
    }

    private void look(Kept kept) {
      StorageKey.Parts parts = kept.key().parts().orElse(null);
      if (parts == null) {
        return; // no key that this version makes
      }
      Flaw flaw = check.check(kept);
      progress = progress.looked(kept.blob().size());
      if (flaw == null) {
        failuresInARow = 0;
        recover(kept, parts);
      } else if (flaw.kind() == Finding.Kind.UNREADABLE) {
        unreadable(kept, parts, flaw);
      } else {
        flawed(kept, parts, flaw);
      }
    }

    /** Before the first is called damaged, the store must be one that is read as it was written. */
    private void flawed(Kept kept, StorageKey.Parts parts, Flaw flaw) {
      if (!readable) {
        identity.requireReadable();
        readable = true;
      }
      if (parts.variant().isPresent()) {
        variant(kept, parts.asset(), parts.variant().get(), flaw);
      } else {
        original(kept, parts.asset(), flaw);
      }
    }

    /** An original that was noted as damaged may have been brought back from a backup. */
    private void recover(Kept kept, StorageKey.Parts parts) {
      if (parts.variant().isEmpty()
          && row(parts.asset(), kept.key()).filter(row -> row.damage() != null).isPresent()) {
        recovered++;
        if (options.mode() == Mode.REAL) {
          settings.ledger().custody().markSound(parts.asset(), kept.key());
          finder.forget(parts.asset());
        }
      }
    }

    /** The row, if it still names that object: it may have been collected or healed since. */
    private Optional<AssetRow> row(AssetId asset, StorageKey key) {
      return settings.ledger().reader().asset(asset).filter(row -> row.key().equals(key));
    }

    private void unreadable(Kept kept, StorageKey.Parts parts, Flaw flaw) {
      tell(flaw, parts.asset(), parts.variant().orElse(null), kept.key());
      progress = progress.unreadable();
      failuresInARow++;
      if (failuresInARow >= MAX_FAILURES_IN_A_ROW) {
        throw new BlobStoreException(
            "the store failed " + failuresInARow + " times in a row; the scrub can be resumed",
            flaw.cause(),
            true);
      }
    }

    private void original(Kept kept, AssetId asset, Flaw flaw) {
      failuresInARow = 0;
      Optional<AssetRow> row = row(asset, kept.key());
      if (row.isEmpty()) {
        return;
      }
      if (options.mode() == Mode.REAL && row.get().damage() == null) {
        String code =
            flaw.kind() == Finding.Kind.MISSING ? DamageNotes.MISSING : DamageNotes.DAMAGED;
        boolean noted = damages.note(row.get(), code, flaw.message());
        finder.forget(asset);
        if (!noted) {
          return;
        }
      }
      progress = progress.original();
      tell(flaw, asset, null, kept.key());
    }

    private void variant(Kept kept, AssetId asset, VariantKey key, Flaw flaw) {
      failuresInARow = 0;
      Optional<VariantRow> row =
          settings
              .ledger()
              .reader()
              .variant(asset, key)
              .filter(v -> v.state() == VariantState.READY && v.content() != null)
              .filter(v -> v.content().key().equals(kept.key()));
      if (row.isEmpty()) {
        return;
      }
      if (options.mode() == Mode.REAL) {
        makeAgain(row.get(), kept.key());
      }
      progress = progress.variant();
      tell(flaw, asset, key, kept.key());
    }

    private void makeAgain(VariantRow row, StorageKey key) {
      boolean evicted = settings.ledger().collector().evict(List.of(key)).contains(key);
      finder.forget(row.asset(), row.key());
      if (evicted) {
        try {
          settings
              .ledger()
              .intake()
              .requestVariant(
                  new VariantRequest(
                      row.asset(), row.key(), row.transformation(), row.transformer(), 0));
          announcer.announce(Subject.derive(row.asset(), row.key()), settings.clock().instant(), 0);
        } catch (AssetGoneException e) {
          return; // collected since: nobody wants it
        }
      }
    }

    private void tell(Flaw flaw, AssetId asset, @Nullable VariantKey variant, StorageKey key) {
      Finding finding = new Finding(flaw.kind(), asset, variant, key, flaw.message());
      examples.add(finding);
      each.accept(finding);
    }

    ScrubReport report() {
      return new ScrubReport(
          options.mode(),
          progress.blobs(),
          progress.bytes(),
          progress.originals(),
          progress.variants(),
          progress.unreadables(),
          recovered,
          examples.list());
    }
  }
}
