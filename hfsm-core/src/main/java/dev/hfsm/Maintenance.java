package dev.hfsm;

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
import dev.hfsm.custody.ScrubOptions;
import dev.hfsm.custody.ScrubReport;
import dev.hfsm.custody.SweepOptions;
import dev.hfsm.custody.SweepReport;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.internal.Settings;
import dev.hfsm.internal.custody.Custodian;
import dev.hfsm.internal.work.Announcer;
import dev.hfsm.internal.work.Redriving;
import dev.hfsm.ledger.Evictable;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.HoldReason;
import dev.hfsm.model.Page;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What operators do: clear away, look for damage, hold, purge, bring back, start again. A started
 * pipeline collects, evicts and sweeps by itself; nothing here needs it to be started.
 *
 * <p>Thread-safe. Everything runs on the calling thread, page by page, in memory that does not grow
 * with the number of assets; what is broken off (an interrupt ends it early, too) can be called
 * again and goes on with what is left. Consumers are called for every item, on the same thread.
 * Methods throw {@link LedgerException} and {@link BlobStoreException} when ledger or store cannot
 * be reached.
 */
public final class Maintenance {

  private final Settings settings;
  private final Custodian custodian;
  private final Redriving redriving;
  private final Announcer announcer;

  Maintenance(Settings settings, Custodian custodian, Redriving redriving, Announcer announcer) {
    this.settings = settings;
    this.custodian = custodian;
    this.redriving = redriving;
    this.announcer = announcer;
  }

  /** How long an asset without a claim is kept, as this pipeline was told. */
  public Duration collectGrace() {
    return custodian.settings().collectGrace();
  }

  /** How many bytes variants may take, as this pipeline was told; empty for no limit. */
  public OptionalLong variantBudget() {
    Long budget = custodian.settings().variantBudget();
    return budget == null ? OptionalLong.empty() : OptionalLong.of(budget);
  }

  /** Variants used within this time are never evicted by the chore. */
  public Duration variantIdle() {
    return custodian.settings().variantIdle();
  }

  /**
   * Removes assets that nobody has claimed or held for the grace, and deletes the objects of all
   * garbage. An object that cannot be deleted keeps no other from it.
   *
   * @param each is told of every asset
   */
  public CollectReport collect(CollectOptions options, Consumer<AssetId> each) {
    return custodian.collect(options, each);
  }

  /**
   * Removes variants until the others fit into the budget, those first whose uses × cost ÷ bytes is
   * lowest. They are made again when somebody asks.
   *
   * @param each is told of every variant
   */
  public EvictReport evict(EvictOptions options, Consumer<Evictable> each) {
    return custodian.evict(options, each);
  }

  /**
   * Removes an asset now, whatever claims it: rows first, then objects. A legal hold prevents it.
   * What a worker is just writing for it cannot be published any more, and is deleted by that
   * worker or the sweep.
   */
  public PurgeReceipt purge(AssetId asset) {
    return custodian.purge(asset);
  }

  /**
   * Puts a legal hold on an asset: it is neither collected nor purged until it is lifted.
   *
   * @param reason for people, up to 200 characters
   * @return whether there is such an asset
   */
  public boolean hold(AssetId asset, String reason) {
    return settings.ledger().custody().hold(asset, new HoldReason(reason));
  }

  /**
   * Lifts a hold; if nothing claims the asset, its grace starts now.
   *
   * @return whether there was a hold
   */
  public boolean unhold(AssetId asset) {
    return settings.ledger().custody().unhold(asset);
  }

  /**
   * Says in a store that does not say whose it is that it is this ledger's. A store does so by
   * itself before the first put, but not once the ledger names assets: they are somewhere else
   * then, and a wrong bucket or a folder that is not mounted would be taken for the store. This is
   * for whoever has lost the store. What the ledger names stays missing until it is uploaded again.
   *
   * @throws BlobStoreException if the store belongs to another ledger, or cannot be asked
   */
  public void takeStore() {
    custodian.takeStore();
  }

  /**
   * Deletes objects that no row names: what a process left that died between store and ledger. Only
   * those whose name is strictly one of ours and older than 24 h. Refuses, and says why, if the
   * store is not this ledger's, if there is too much to delete, and after a restore until a full
   * {@link #scrub} has passed and {@link #adopt} has brought back what was lost.
   *
   * @param each is told of every orphan that is deleted, or would be
   */
  public SweepReport sweep(SweepOptions options, Consumer<StorageKey> each) {
    return custodian.sweep(options, each);
  }

  /**
   * Reads what is stored, all of it or a sample, and compares size and digest with the ledger. An
   * original that is missing or damaged is noted, not served, and replaced by the next upload of
   * the same bytes; a variant is evicted and requested again.
   *
   * @param each is told of every finding
   * @throws BlobStoreException if the store fails many times in a row, which is no damage, or does
   *     not say that it is this ledger's
   */
  public ScrubReport scrub(ScrubOptions options, Consumer<Finding> each) {
    return custodian.scrub(options, each);
  }

  /**
   * Ingests again, after the ledger was restored from a backup, the originals in the store that no
   * row names and whose asset the ledger does not know, or has no sound bytes of. They are held by
   * an implicit claim: the names they had were in the ledger alone. Run it before uploads are let
   * in, and never out of curiosity: it also brings back what an upload left that was never
   * acknowledged.
   *
   * @param each is told of every asset
   * @throws LedgerException also if the thread is interrupted; what was adopted stays, and the
   *     ledger counts as restored until an adoption has come to its end
   */
  public AdoptReport adopt(Mode mode, Consumer<AssetId> each) {
    return custodian.adopt(mode, each);
  }

  /**
   * Copies every original and READY variant that the ledger names into another store, under the
   * same keys, each verified by that store while it takes it; orphans are not copied. The other
   * store becomes this ledger's as well. What it has already is passed over, so a migration that
   * broke off is simply called again; two at once do no harm. Uploads may go on: it ends when a
   * walk over the ledger finds nothing more to copy. Copies on {@code options.parallel()} threads
   * of its own, in memory that does not grow with the number of blobs.
   *
   * @param target the new store; it stays open
   * @param listener is told how far it is, and of what could not be copied
   * @throws BlobStoreException if the pipeline's store does not say that it is this ledger's, or
   *     the new one says it is another's, or copying fails many times in a row
   * @throws LedgerException also if the thread is interrupted
   */
  public MigrateReport migrate(BlobStore target, MigrateOptions options, MigrateListener listener) {
    return custodian.migrate(target, options, listener);
  }

  /**
   * Work that was given up, oldest first.
   *
   * @param after {@link Cursor#START}, or where the last page ended
   */
  public Page<WorkRow> dead(Cursor after, int limit) {
    return settings.ledger().operator().dead(after, limit);
  }

  /**
   * Starts a piece of work again with its attempts forgotten.
   *
   * @return whether there was something to start
   */
  public boolean redrive(Subject subject) {
    return redriving.one(subject);
  }

  /**
   * Starts all work again that was given up for one reason.
   *
   * @param code the failure's code, for instance {@code worker-lost}
   * @return how much was started
   */
  public long redriveCause(String code) {
    return redriving.all(dead -> dead.failure() != null && dead.failure().code().equals(code));
  }

  /**
   * Starts all work again that was given up.
   *
   * @return how much was started
   */
  public long redriveAll() {
    return redriving.all(dead -> true);
  }

  /** From now on no work of this kind is begun, on any node; what is under way goes on. */
  public void pause(WorkKind kind) {
    settings.ledger().operator().pause(kind);
  }

  /** Ends a pause. */
  public void resume(WorkKind kind) {
    settings.ledger().operator().resume(kind);
    if (settings.queue() == null) {
      announcer.announce(List.of()); // with a queue the work is offered again
    }
  }

  /** The kinds of work that are paused. */
  public Set<WorkKind> paused() {
    return settings.ledger().operator().paused();
  }
}
