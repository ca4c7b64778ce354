package dev.hfsm.internal.custody;

import dev.hfsm.custody.AdoptReport;
import dev.hfsm.custody.CollectOptions;
import dev.hfsm.custody.CollectReport;
import dev.hfsm.custody.EvictOptions;
import dev.hfsm.custody.EvictReport;
import dev.hfsm.custody.Finding;
import dev.hfsm.custody.MigrateListener;
import dev.hfsm.custody.MigrateOptions;
import dev.hfsm.custody.MigrateReport;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.PurgeReceipt;
import dev.hfsm.custody.Refusal;
import dev.hfsm.custody.ScrubOptions;
import dev.hfsm.custody.ScrubReport;
import dev.hfsm.custody.SweepOptions;
import dev.hfsm.custody.SweepReport;
import dev.hfsm.internal.DamageNotes;
import dev.hfsm.internal.Finder;
import dev.hfsm.internal.Settings;
import dev.hfsm.internal.Uses;
import dev.hfsm.internal.chores.ChoreBody;
import dev.hfsm.internal.chores.ChoreContext;
import dev.hfsm.internal.chores.ChorePlan;
import dev.hfsm.internal.chores.ChorePlan.Pace;
import dev.hfsm.internal.work.Announcer;
import dev.hfsm.ledger.Evictable;
import dev.hfsm.ledger.Purged;
import dev.hfsm.ledger.RemovalLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.LocalCopies;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers for what is stored: clears away what nobody claims or names, looks for damage, and brings
 * back what a restored ledger has lost. The same bodies run as chores and when somebody asks.
 * Thread-safe.
 */
public final class Custodian {

  private static final Logger LOG = LoggerFactory.getLogger(Custodian.class);
  private static final Duration COLLECT_EVERY = Duration.ofMinutes(1);
  private static final Duration REMOVALS_KEPT = Duration.ofHours(6);
  private static final int TRIM = 1000;
  private static final int MAX_TRIMS = 100;
  private static final Duration EVICT_EVERY = Duration.ofMinutes(10);
  private static final Duration SWEEP_EVERY = Duration.ofDays(1);
  private static final Duration MARK_EVERY = Duration.ofHours(1);
  private static final Duration TELL_EVERY = Duration.ofSeconds(10);
  private static final Duration SPOOL_EVERY = Duration.ofHours(1);
  private static final Duration COPIES_EVERY = Duration.ofHours(1);
  private static final BooleanSupplier TO_THE_END = () -> !Thread.currentThread().isInterrupted();

  private final Settings settings;
  private final CustodySettings custody;
  private final StoreIdentity identity;
  private final Finder finder;
  private final Uses uses;
  private final Announcer announcer;
  private final Garbage garbage;
  private final Collecting collecting;
  private final Evicting evicting;
  private final RestoreMark mark;
  private final Sweeper sweeper;
  private final Scrubber scrubber;
  private final Adopter adopter;
  private final Migrator migrator;

  /** Looks after the ledger and the store in {@code settings}. */
  public Custodian(
      Settings settings,
      CustodySettings custody,
      StoreIdentity identity,
      Finder finder,
      Uses uses,
      DamageNotes damages,
      Announcer announcer,
      Adopter.Ingest ingest) {
    this.settings = settings;
    this.custody = custody;
    this.identity = identity;
    this.finder = finder;
    this.uses = uses;
    this.announcer = announcer;
    this.garbage = new Garbage(settings);
    Restoration restoration = new Restoration(settings);
    this.mark = new RestoreMark(settings, restoration);
    this.collecting = new Collecting(settings, finder, announcer, mark, garbage);
    this.evicting = new Evicting(settings, finder, garbage);
    this.sweeper = new Sweeper(settings, identity, mark);
    this.scrubber = new Scrubber(settings, identity, finder, damages, announcer, mark, restoration);
    this.migrator = new Migrator(settings, identity);
    this.adopter = new Adopter(settings, ingest, damages, mark, restoration);
  }

  /** See {@code Maintenance.takeStore}. */
  public void takeStore() {
    identity.take();
  }

  /** What the pipeline's settings say about grace and budget. */
  public CustodySettings settings() {
    return custody;
  }

  /** What is to be done now and then while the pipeline runs. */
  public List<ChorePlan> chores() {
    List<ChorePlan> plans = new ArrayList<>();
    // First: it also says in a new store whose it is.
    plans.add(new ChorePlan(RestoreMark.CHORE, MARK_EVERY, Pace.SLOW, mark::raise));
    plans.add(new ChorePlan("collect", COLLECT_EVERY, Pace.SLOW, this::collect));
    if (custody.variantBudget() != null) {
      plans.add(new ChorePlan("evict", EVICT_EVERY, Pace.SLOW, this::evict));
    }
    plans.add(new ChorePlan(Sweeper.CHORE, SWEEP_EVERY, Pace.SLOW, sweeper::chore));
    plans.add(new ChorePlan("uses", TELL_EVERY, Pace.LOCAL, this::tellUses));
    plans.add(new ChorePlan("copies", COPIES_EVERY, Pace.LOCAL, this::dropCopies));
    plans.add(new ChorePlan("spool", SPOOL_EVERY, Pace.LOCAL, this::clearSpool));
    return plans;
  }

  private ChoreBody.Turn collect(ChoreContext context) {
    CollectOptions options = new CollectOptions(custody.collectGrace(), Mode.REAL);
    Refusal refusal = collecting.run(options, context::keepGoing, asset -> {}).refusal();
    if (refusal != null) {
      LOG.warn("nothing is collected: {}", refusal);
    }
    trimRemovals();
    return turn(context);
  }

  /** A node that has not read the log for so long forgets everything it has in memory. */
  private void trimRemovals() {
    RemovalLedger removals = settings.ledger().removals();
    for (int i = 0; i < MAX_TRIMS && removals.trim(REMOVALS_KEPT, TRIM) == TRIM; i++) {
      // one batch after the other; what is left is the next turn's
    }
  }

  private ChoreBody.Turn evict(ChoreContext context) {
    Long budget = custody.variantBudget();
    if (budget != null) {
      EvictOptions options = new EvictOptions(budget, custody.variantIdle(), Mode.REAL);
      evicting.run(options, context::keepGoing, variant -> {});
    }
    return turn(context);
  }

  /** Whoever was stopped on the way wants another turn. */
  private static ChoreBody.Turn turn(ChoreContext context) {
    return context.keepGoing() ? ChoreBody.Turn.DONE : ChoreBody.Turn.MORE;
  }

  private ChoreBody.Turn tellUses(ChoreContext context) {
    tellUses();
    return ChoreBody.Turn.DONE;
  }

  /** Tells the ledger how often variants were used since it was told last. */
  public void tellUses() {
    uses.tell(settings.ledger().intake());
  }

  /** Copies of what another node has deleted must not stay here for ever. */
  private ChoreBody.Turn dropCopies(ChoreContext context) {
    settings
        .blobs()
        .capability(LocalCopies.class)
        .ifPresent(copies -> copies.keepOnly(settings.ledger().collector()::named));
    return ChoreBody.Turn.DONE;
  }

  private ChoreBody.Turn clearSpool(ChoreContext context) {
    settings.spool().removeStale();
    return ChoreBody.Turn.DONE;
  }

  /** Removes assets without a claim, and the objects of all garbage. */
  public CollectReport collect(CollectOptions options, Consumer<AssetId> each) {
    return collecting.run(options, TO_THE_END, each);
  }

  /** Removes variants beyond a budget. */
  public EvictReport evict(EvictOptions options, Consumer<Evictable> each) {
    return evicting.run(options, TO_THE_END, each);
  }

  /** Removes an asset now. */
  public PurgeReceipt purge(AssetId asset) {
    Purged purged = settings.ledger().custody().purge(asset);
    // The commit point: what cannot be deleted now is garbage, and tried again.
    finder.forgetAll(Set.of(asset));
    if (purged.outcome() == Purged.Outcome.PURGED) {
      announcer.removed();
    }
    List<StorageKey> pending = garbage.clear(purged.keys());
    int deleted = purged.keys().size() - pending.size();
    return new PurgeReceipt(asset, purged, deleted, pending, Finder.MEMORY);
  }

  /** Removes objects that no row names. */
  public SweepReport sweep(SweepOptions options, Consumer<StorageKey> each) {
    return sweeper.sweep(options, each);
  }

  /** Hashes what is stored. */
  public ScrubReport scrub(ScrubOptions options, Consumer<Finding> each) {
    return scrubber.scrub(options, each);
  }

  /** Copies what the ledger names into another store. */
  public MigrateReport migrate(BlobStore target, MigrateOptions options, MigrateListener listener) {
    return migrator.migrate(target, options, listener);
  }

  /** Brings back what the ledger has lost. */
  public AdoptReport adopt(Mode mode, Consumer<AssetId> each) {
    return adopter.adopt(mode, each);
  }
}
