package dev.hfsm;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.HfsmException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.error.InvalidTicketException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.error.LimitExceededException;
import dev.hfsm.error.VariantPendingException;
import dev.hfsm.internal.CostBook;
import dev.hfsm.internal.DamageNotes;
import dev.hfsm.internal.Finder;
import dev.hfsm.internal.Lookups;
import dev.hfsm.internal.Settings;
import dev.hfsm.internal.Tickets;
import dev.hfsm.internal.Uses;
import dev.hfsm.internal.chores.ChorePlan;
import dev.hfsm.internal.custody.Custodian;
import dev.hfsm.internal.custody.CustodySettings;
import dev.hfsm.internal.custody.StoreIdentity;
import dev.hfsm.internal.work.Announcer;
import dev.hfsm.internal.work.Bell;
import dev.hfsm.internal.work.Redriving;
import dev.hfsm.internal.work.Signals;
import dev.hfsm.internal.work.Vitals;
import dev.hfsm.internal.work.WaitingRoom;
import dev.hfsm.internal.work.Workers;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Costs;
import dev.hfsm.ledger.IntakeLedger;
import dev.hfsm.ledger.LedgerReader;
import dev.hfsm.ledger.LedgerStats;
import dev.hfsm.ledger.Reference;
import dev.hfsm.ledger.Retention;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Failure;
import dev.hfsm.model.Page;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import dev.hfsm.model.TransformerId;
import dev.hfsm.transform.Accept;
import dev.hfsm.transform.Transformation;
import dev.hfsm.transform.Transformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps, understands and serves uploaded assets: the same bytes once, facts learned in the
 * background, variants made on first request.
 *
 * <p>Thread-safe. Nothing runs before {@link #start()}: until then uploads are taken and durable,
 * and inspections and variants stay owed. {@link #close()} lets work under way finish and ends
 * every thread. Any number of pipelines, in any number of processes, may share a ledger and a
 * store.
 */
public final class AssetPipeline implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AssetPipeline.class);

  private final Settings settings;
  private final Presets presets;
  private final PipelineThreads threads;
  private final List<AutoCloseable> owned;
  private final Finder finder;
  private final Announcer announcer;
  private final Ingestion ingestion;
  private final DirectUploads directUploads;
  private final Lookups lookups;
  private final WaitingRoom room;
  private final CostGuard guard;
  private final Derivation derivation;
  private final Workers workers;
  private final StoreIdentity identity;
  private final Custodian custodian;
  private final Redriving redriving;
  private final DamageNotes damages;
  private final Vitals vitals;
  private volatile State state = State.BUILT;

  private enum State {
    BUILT,
    STARTED,
    CLOSED
  }

  AssetPipeline(
      Settings settings,
      CustodySettings custody,
      CostLimits limits,
      StoreIdentity identity,
      Tickets tickets,
      List<Preset> presets,
      PipelineThreads threads,
      List<AutoCloseable> owned) {
    this.settings = settings;
    this.identity = identity;
    this.presets = new Presets(presets);
    this.threads = threads;
    this.owned = List.copyOf(owned);
    Bell bell = new Bell();
    Signals signals = new Signals();
    this.vitals = new Vitals(settings.clock());
    this.announcer = new Announcer(settings.queue(), bell, settings.ledger().bell(), vitals);
    this.finder = new Finder(settings.ledger().reader(), System::nanoTime);
    this.damages = new DamageNotes(settings.ledger(), settings.clock());
    this.ingestion = new Ingestion(settings, announcer, finder);
    this.directUploads = new DirectUploads(settings, ingestion, tickets);
    Uses uses = new Uses();
    this.lookups = new Lookups(finder, settings.coldCallers());
    this.guard = new CostGuard(limits, settings, lookups, presets);
    this.room = new WaitingRoom(settings.coldVariants(), settings.coldCallers());
    signals.tell(room::ended);
    this.redriving = new Redriving(settings, announcer);
    this.custodian =
        new Custodian(
            settings, custody, identity, finder, uses, damages, announcer, ingestion::adopt);
    this.workers =
        new Workers(settings, finder, bell, signals, announcer, vitals, chores(custodian, limits));
    signals.tellEarly(made -> room.made(made, workers.variants()::isUnderWay));
    Asking asking = new Asking(settings, workers.variants(), announcer);
    this.derivation = new Derivation(settings, finder, lookups, guard, room, signals, asking, uses);
  }

  private static List<ChorePlan> chores(Custodian custodian, CostLimits limits) {
    List<ChorePlan> plans = new ArrayList<>(custodian.chores());
    plans.addAll(CostChores.plans(limits));
    return plans;
  }

  /** Begins to describe a pipeline. */
  public static PipelineBuilder builder() {
    return new PipelineBuilder();
  }

  /**
   * Starts the workers. A ledger or a store that cannot be reached now is waited for by those who
   * need it.
   *
   * @return this pipeline
   * @throws BlobStoreException if the store belongs to another ledger
   * @throws IllegalStateException if it was started or closed before
   */
  public synchronized AssetPipeline start() {
    if (state != State.BUILT) {
      throw new IllegalStateException(
          "expected a pipeline that was never started, found it " + state);
    }
    requireOwnStore();
    // Before anything can fail: close() has to end what did start.
    state = State.STARTED;
    workers.start(threads.executor());
    return this;
  }

  /** A store that does not answer yet is asked again before the first put. */
  private void requireOwnStore() {
    try {
      identity.verify();
    } catch (HfsmException e) {
      if (!e.retryable()) {
        throw e;
      }
      LOG.warn("could not make sure whose store this is, it is asked again: {}", e.getMessage());
    }
  }

  /**
   * Brings bytes in. On return they are durable and claimed; if they were known, nothing was
   * stored.
   *
   * @throws LimitExceededException if there are none, or more than allowed
   * @throws IntegrityException if they hash to something else than expected, or broke off
   * @throws BlobStoreException if they cannot be stored
   * @throws LedgerException if the ledger cannot be reached; the outcome is unknown, and ingesting
   *     again is safe
   * @throws IllegalStateException if this pipeline was closed; the upload was not read
   */
  public Ingested ingest(Upload upload) {
    requireOpen();
    try {
      return ingestion.ingest(upload);
    } catch (LedgerException e) {
      vitals.failed("ingest", e);
      throw e;
    }
  }

  /**
   * Brings bytes in inside a transaction of the host's, as {@code JdbcLedger.enlisted(connection)}
   * gives it: the bytes are durable on return, the asset and its claim are there once the host
   * commits, and never if it does not. Nothing is deleted that a rollback would bring back; an
   * object whose row is rolled back is left to the sweep. The listener is not told, since nobody
   * knows yet whether it is true, and no worker is woken: the inspection is found by those who look
   * for due work by themselves.
   *
   * <p>The bytes are received and stored inside the host's transaction. To keep it short, ingest
   * first, with a name of its own, and retain inside the transaction.
   *
   * @param within the host's transaction; not to be used by other threads meanwhile
   * @return CREATED and the state are as of the host's transaction
   * @throws LedgerException as {@link #ingest(Upload)}; the host's transaction may be unusable then
   */
  public Ingested ingest(Upload upload, IntakeLedger within) {
    requireOpen();
    return ingestion.ingest(upload, within);
  }

  /**
   * Begins an upload whose bytes go straight to the store. The digest decides: if the scope owns a
   * sound asset of it, the asset is claimed and nothing has to be sent. Otherwise the answer is the
   * same whether anybody else has these bytes or not. What is prepared and never completed leaves
   * nothing behind but an object that the sweep removes.
   *
   * @throws LimitExceededException if there are more bytes than allowed
   * @throws IntegrityException if the scope has an asset of that digest, and it has another size;
   *     nothing is claimed
   * @throws IllegalStateException if the store cannot be written from outside
   */
  public PreparedUpload prepareUpload(DirectUpload upload) {
    requireOpen();
    return directUploads.prepare(upload);
  }

  /**
   * Ends an upload whose bytes were sent to the store: they are verified and admitted. Completing
   * twice is answered as bringing the same bytes twice is.
   *
   * @param ticket as {@link #prepareUpload} gave it
   * @throws InvalidTicketException if it is not such a ticket, or too old
   * @throws BlobNotFoundException if the bytes have not arrived
   * @throws IntegrityException if other bytes have arrived, which are removed; they can be sent
   *     again
   */
  public Ingested completeUpload(String ticket) {
    requireOpen();
    return directUploads.complete(ticket);
  }

  private void requireOpen() {
    if (state == State.CLOSED) {
      throw new IllegalStateException("expected an open pipeline, found it CLOSED");
    }
  }

  Custodian custodian() {
    return custodian;
  }

  /** What operators do. */
  public Maintenance maintenance() {
    return new Maintenance(settings, custodian, redriving, announcer);
  }

  /**
   * How this pipeline is, from what its threads saw last. Asks nobody, so it answers at once
   * whatever is down.
   */
  public Health health() {
    return Health.of(vitals, workers.working());
  }

  /** What is waited for here and what was refused. Asks nobody. */
  public Load load() {
    long turnedAway = room.turnedAway() + lookups.turnedAway();
    return new Load(room.variants(), room.callers(), turnedAway, guard.met());
  }

  /**
   * Whether the store answers, and still is the one that belongs to the ledger: a folder that was
   * unmounted is not. Asks it now, so it takes as long as the store takes to answer or to fail.
   */
  public boolean storeAnswers() {
    try {
      return identity.isThere();
    } catch (HfsmException e) {
      vitals.failed("asking the store", e);
      return false;
    }
  }

  /** The asset, if there is one. */
  public Optional<AssetRow> find(AssetId id) {
    return settings.ledger().reader().asset(id);
  }

  /**
   * The asset, once it is no longer being inspected.
   *
   * @throws AssetGoneException if there is no such asset
   * @throws VariantPendingException if it is still being inspected after {@code atMost}
   */
  public AssetRow awaitInspected(AssetId id, Duration atMost) {
    return derivation.awaitInspected(id, atMost);
  }

  /**
   * The bytes as they were uploaded, whatever became of the asset.
   *
   * @throws AssetGoneException if there is no such asset
   * @throws IntegrityException if they are known to be missing or damaged
   */
  public Original open(AssetId id) {
    AssetRow asset = row(id);
    requireSound(asset);
    return new Original(asset, settings.ledger().reader(), settings.blobs(), damages);
  }

  static void requireSound(AssetRow asset) {
    Failure damage = asset.damage();
    if (damage != null) {
      throw new IntegrityException(
          "the original of "
              + asset.id()
              + " is known to be missing or damaged ("
              + damage.message()
              + "); uploading the same bytes again heals it");
    }
  }

  /** A variant by its recipe; {@code format=auto} follows from the asset alone. */
  public VariantHandle variant(AssetId id, Transformation recipe) {
    return new VariantHandle(derivation, id, Wanted.byAnyone(recipe));
  }

  /**
   * A variant by its recipe, for a client: {@code format=auto} is what {@link
   * Transformation#negotiate} picks of what the transformers here can make. Answers to such
   * requests need {@code Vary: Accept}.
   */
  public VariantHandle variant(AssetId id, Transformation recipe, Accept accept) {
    return new VariantHandle(derivation, id, Wanted.by(accept, recipe));
  }

  /**
   * Several variants of an asset by their recipes, as for a {@code srcset}: asked for together,
   * they are made from one decode where they can be. Each is the same, bit for bit, as asked for
   * alone.
   *
   * @param recipes one or more
   */
  public VariantsHandle variants(AssetId id, List<Transformation> recipes) {
    return new VariantsHandle(derivation, id, recipes.stream().map(Wanted::byAnyone).toList());
  }

  /**
   * As {@link #variants(AssetId, List)}, for a client: see {@link #variant(AssetId, Transformation,
   * Accept)}.
   */
  public VariantsHandle variants(AssetId id, List<Transformation> recipes, Accept accept) {
    return new VariantsHandle(
        derivation, id, recipes.stream().map(recipe -> Wanted.by(accept, recipe)).toList());
  }

  /**
   * A variant by the name of its preset.
   *
   * @throws IllegalArgumentException if there is no such preset
   */
  public VariantHandle variant(AssetId id, String preset) {
    return variant(id, preset(preset));
  }

  /**
   * The recipe of that name.
   *
   * @throws IllegalArgumentException if there is no such preset
   */
  public Transformation preset(String name) {
    return presets.get(name).recipe();
  }

  /** What was named, in the order in which it was. */
  public List<Preset> presets() {
    return presets.all();
  }

  /** Who makes variants here, in the order in which they are asked whether they can. */
  public List<TransformerId> transformers() {
    return settings.transformers().stream().map(Transformer::id).toList();
  }

  /**
   * Whether such a variant can be asked for: the asset is described, and somebody here makes such
   * variants of its type. What can be asked for may fail all the same. Looks nothing up.
   */
  public boolean makes(AssetRow asset, Transformation recipe) {
    return asset.state().isDescribed()
        && Wanted.byAnyone(recipe).find(asset.facts(), settings.transformers()).isPresent();
  }

  /** As {@link #variant(AssetId, String)}, for a client. */
  public VariantHandle variant(AssetId id, String preset, Accept accept) {
    return variant(id, preset(preset), accept);
  }

  /**
   * Claims an asset under a name; if the name pointed elsewhere it no longer does.
   *
   * @throws AssetGoneException if there is no such asset
   */
  public void retain(AssetId id, String name) {
    settings
        .ledger()
        .intake()
        .retain(new Retention(id, ReferenceName.of(name), Retention.Cause.CLAIM))
        .orElseThrow(() -> new AssetGoneException(id.toString()));
  }

  /**
   * Says to whom an asset is delivered without a signature.
   *
   * @throws AssetGoneException if there is no such asset
   */
  public void show(AssetId id, Visibility visibility) {
    if (!settings.ledger().custody().show(id, visibility)) {
      throw new AssetGoneException(id.toString());
    }
    finder.forget(id);
    announcer.removed();
  }

  /**
   * Gives a claim of the default scope up.
   *
   * @return the asset it was on, or empty if there was no such claim
   */
  public Optional<AssetId> release(String name) {
    return release(Scope.DEFAULT, name);
  }

  /**
   * Gives a claim up. An asset without claims can be collected.
   *
   * @return the asset it was on, or empty if there was no such claim
   */
  public Optional<AssetId> release(Scope scope, String name) {
    return settings.ledger().intake().release(scope, ReferenceName.of(name));
  }

  /**
   * Gives every claim on an asset up, the implicit one included.
   *
   * @return the claims given up
   */
  public List<Reference> releaseAll(AssetId id) {
    IntakeLedger intake = settings.ledger().intake();
    return references(id).stream()
        .filter(reference -> intake.release(id, reference.name()))
        .toList();
  }

  /** The claims on an asset, in order of name. */
  public List<Reference> references(AssetId id) {
    return settings.ledger().reader().references(id);
  }

  /**
   * The assets of a scope in order of digest.
   *
   * @param after {@link Cursor#START}, or where the last page ended
   * @param limit 1 or more
   */
  public Page<AssetRow> list(Scope scope, Cursor after, int limit) {
    return settings.ledger().reader().assets(scope, after, limit);
  }

  /**
   * Every transition, attempt, cause and cost of an asset.
   *
   * @throws AssetGoneException if there is no such asset
   */
  public Explanation explain(AssetId id) {
    LedgerReader reader = settings.ledger().reader();
    return new Explanation(
        row(id),
        reader.history(id),
        reader.variants(id),
        settings.ledger().operator().work(id),
        reader.references(id));
  }

  /**
   * Starts again what was given up about an asset: its inspection if it is FAILED or REJECTED, and
   * variants that could not be made. Attempts count from the beginning.
   *
   * @return how many pieces of work are owed again
   * @throws AssetGoneException if there is no such asset
   */
  public int redrive(AssetId id) {
    return redriving.about(row(id));
  }

  /** What the variants of a scope have cost within the last hour, on all nodes together. */
  public Costs costs(Scope scope) {
    settings.costs().tell(settings.ledger().costs());
    return settings.ledger().costs().costs(CostBook.WINDOW).stream()
        .filter(costs -> costs.scope().equals(scope))
        .findFirst()
        .orElse(new Costs(scope, Duration.ZERO, 0, 0));
  }

  /**
   * The same of all scopes together, as bounds on the total see it; the scope of the answer means
   * nothing.
   */
  public Costs costs() {
    settings.costs().tell(settings.ledger().costs());
    return settings.ledger().costs().costs(CostBook.WINDOW).stream()
        .reduce(new Costs(Scope.DEFAULT, Duration.ZERO, 0, 0), AssetPipeline::sum);
  }

  private static Costs sum(Costs a, Costs b) {
    return new Costs(
        a.scope(),
        a.cpu().plus(b.cpu()),
        a.variants() + b.variants(),
        a.storedBytes() + b.storedBytes());
  }

  /** Sums over a scope. */
  public LedgerStats stats(Scope scope) {
    return settings.ledger().operator().stats(scope);
  }

  private AssetRow row(AssetId id) {
    return find(id).orElseThrow(() -> new AssetGoneException(id.toString()));
  }

  /**
   * Gives back what was not begun, lets work under way come to its end for as long as {@link
   * PipelineBuilder#drain} says, then cancels it and gives it back, ends every thread, and closes
   * what the pipeline was told to close with it. A thread that does not stop is left behind and
   * waited for no longer than some seconds. Not to be called from a transition listener, which it
   * would wait for. Never throws for being called twice.
   */
  @Override
  public synchronized void close() {
    if (state == State.CLOSED) {
      return;
    }
    if (state == State.STARTED) {
      workers.close();
    }
    state = State.CLOSED;
    custodian.tellUses();
    settings.costs().tell(settings.ledger().costs());
    threads.close();
    for (AutoCloseable resource : owned) {
      closeQuietly(resource);
    }
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      LOG.warn("could not close {}: {}", resource, e.toString());
    }
  }
}
