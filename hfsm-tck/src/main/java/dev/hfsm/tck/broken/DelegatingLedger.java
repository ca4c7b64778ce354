package dev.hfsm.tck.broken;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.ChoreLedger;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.Collectable;
import dev.hfsm.ledger.CollectorLedger;
import dev.hfsm.ledger.CostLedger;
import dev.hfsm.ledger.CustodyLedger;
import dev.hfsm.ledger.Discarded;
import dev.hfsm.ledger.Evictable;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.IntakeLedger;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.LedgerBell;
import dev.hfsm.ledger.LedgerReader;
import dev.hfsm.ledger.LedgerStats;
import dev.hfsm.ledger.Lookup;
import dev.hfsm.ledger.OperatorLedger;
import dev.hfsm.ledger.Published;
import dev.hfsm.ledger.Reaped;
import dev.hfsm.ledger.Reference;
import dev.hfsm.ledger.RemovalLedger;
import dev.hfsm.ledger.Requested;
import dev.hfsm.ledger.Retention;
import dev.hfsm.ledger.Settled;
import dev.hfsm.ledger.Settlement;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantUse;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Failure;
import dev.hfsm.model.Page;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import dev.hfsm.model.Subject;
import dev.hfsm.model.Transition;
import dev.hfsm.model.VariantKey;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A ledger that passes everything on to a sound one, but for the roles that were replaced. */
class DelegatingLedger implements AssetLedger {

  final AssetLedger sound;
  private IntakeLedger intake;
  private WorkLedger work;
  private CollectorLedger collector;
  private LedgerReader reader;
  private OperatorLedger operator;
  private CustodyLedger custody;
  private RemovalLedger removals;
  private ChoreLedger chores;
  private CostLedger costs;
  private LedgerBell bell;

  DelegatingLedger(AssetLedger sound) {
    this.sound = sound;
    this.intake = sound.intake();
    this.work = sound.work();
    this.collector = sound.collector();
    this.reader = sound.reader();
    this.operator = sound.operator();
    this.custody = sound.custody();
    this.removals = sound.removals();
    this.chores = sound.chores();
    this.costs = sound.costs();
    this.bell = sound.bell();
  }

  DelegatingLedger with(IntakeLedger replaced) {
    this.intake = replaced;
    return this;
  }

  DelegatingLedger with(WorkLedger replaced) {
    this.work = replaced;
    return this;
  }

  DelegatingLedger with(CollectorLedger replaced) {
    this.collector = replaced;
    return this;
  }

  DelegatingLedger with(LedgerReader replaced) {
    this.reader = replaced;
    return this;
  }

  DelegatingLedger with(OperatorLedger replaced) {
    this.operator = replaced;
    return this;
  }

  DelegatingLedger with(CustodyLedger replaced) {
    this.custody = replaced;
    return this;
  }

  DelegatingLedger with(RemovalLedger replaced) {
    this.removals = replaced;
    return this;
  }

  DelegatingLedger with(ChoreLedger replaced) {
    this.chores = replaced;
    return this;
  }

  DelegatingLedger with(CostLedger replaced) {
    this.costs = replaced;
    return this;
  }

  DelegatingLedger with(LedgerBell replaced) {
    this.bell = replaced;
    return this;
  }

  @Override
  public IntakeLedger intake() {
    return intake;
  }

  @Override
  public WorkLedger work() {
    return work;
  }

  @Override
  public CollectorLedger collector() {
    return collector;
  }

  @Override
  public LedgerReader reader() {
    return reader;
  }

  @Override
  public OperatorLedger operator() {
    return operator;
  }

  @Override
  public CustodyLedger custody() {
    return custody;
  }

  @Override
  public RemovalLedger removals() {
    return removals;
  }

  @Override
  public ChoreLedger chores() {
    return chores;
  }

  @Override
  public CostLedger costs() {
    return costs;
  }

  @Override
  public LedgerBell bell() {
    return bell;
  }

  @Override
  public void close() {
    sound.close();
  }

  /** Passes everything on. */
  static class Intake implements IntakeLedger {

    final IntakeLedger sound;

    Intake(IntakeLedger sound) {
      this.sound = sound;
    }

    @Override
    public Lookup find(AssetId asset) {
      return sound.find(asset);
    }

    @Override
    public Admitted admit(Admission admission) {
      return sound.admit(admission);
    }

    @Override
    public Optional<AssetRow> retain(Retention retention) {
      return sound.retain(retention);
    }

    @Override
    public Optional<AssetId> release(Scope scope, ReferenceName reference) {
      return sound.release(scope, reference);
    }

    @Override
    public boolean release(AssetId from, ReferenceName reference) {
      return sound.release(from, reference);
    }

    @Override
    public VariantRow requestVariant(VariantRequest request) {
      return sound.requestVariant(request);
    }

    @Override
    public void used(Collection<VariantUse> uses) {
      sound.used(uses);
    }
  }

  /** Passes everything on. */
  static class Work implements WorkLedger {

    final WorkLedger sound;

    Work(WorkLedger sound) {
      this.sound = sound;
    }

    @Override
    public List<Claim> claim(ClaimRequest request) {
      return sound.claim(request);
    }

    @Override
    public List<Requested> requestAndClaim(
        List<VariantRequest> requests, String worker, Duration lease) {
      return sound.requestAndClaim(requests, worker, lease);
    }

    @Override
    public void renew(Lease held, Duration lease) {
      sound.renew(held, lease);
    }

    @Override
    public Transition advance(Lease held, AssetEvent event, Facts learned) {
      return sound.advance(held, event, learned);
    }

    @Override
    public Published publish(Lease held, VariantContent content) {
      return sound.publish(held, content);
    }

    @Override
    public List<Settled> settle(List<Settlement> settlements) {
      return sound.settle(settlements);
    }

    @Override
    public void retry(Lease held, Failure failure, Duration delay) {
      sound.retry(held, failure, delay);
    }

    @Override
    public void bury(Lease held, Failure failure) {
      sound.bury(held, failure);
    }

    @Override
    public void release(Lease held) {
      sound.release(held);
    }

    @Override
    public Reaped reap(int limit, int maxAttempts) {
      return sound.reap(limit, maxAttempts);
    }
  }

  /** Passes everything on. */
  static class Collector implements CollectorLedger {

    final CollectorLedger sound;

    Collector(CollectorLedger sound) {
      this.sound = sound;
    }

    @Override
    public List<AssetId> collect(Duration grace, int limit) {
      return sound.collect(grace, limit);
    }

    @Override
    public Page<Collectable> collectable(Duration grace, Cursor after, int limit) {
      return sound.collectable(grace, after, limit);
    }

    @Override
    public Set<StorageKey> evict(Collection<StorageKey> variants) {
      return sound.evict(variants);
    }

    @Override
    public Page<Evictable> evictable(Duration idle, Cursor after, int limit) {
      return sound.evictable(idle, after, limit);
    }

    @Override
    public long variantBytes() {
      return sound.variantBytes();
    }

    @Override
    public List<Discarded> garbage(int limit) {
      return sound.garbage(limit);
    }

    @Override
    public void forget(Collection<StorageKey> deleted) {
      sound.forget(deleted);
    }

    @Override
    public Set<StorageKey> named(Collection<StorageKey> keys) {
      return sound.named(keys);
    }
  }

  /** Passes everything on. */
  static class Reader implements LedgerReader {

    final LedgerReader sound;

    Reader(LedgerReader sound) {
      this.sound = sound;
    }

    @Override
    public Optional<AssetRow> asset(AssetId asset) {
      return sound.asset(asset);
    }

    @Override
    public Page<AssetRow> assets(Scope scope, Cursor after, int limit) {
      return sound.assets(scope, after, limit);
    }

    @Override
    public Optional<VariantRow> variant(AssetId asset, VariantKey variant) {
      return sound.variant(asset, variant);
    }

    @Override
    public List<VariantRow> variants(AssetId asset) {
      return sound.variants(asset);
    }

    @Override
    public List<HistoryEntry> history(AssetId asset) {
      return sound.history(asset);
    }

    @Override
    public List<Reference> references(AssetId asset) {
      return sound.references(asset);
    }

    @Override
    public List<AssetId> samePixels(Scope scope, Digest pixels, int limit) {
      return sound.samePixels(scope, pixels, limit);
    }
  }

  /** Passes everything on. */
  static class Operator implements OperatorLedger {

    final OperatorLedger sound;

    Operator(OperatorLedger sound) {
      this.sound = sound;
    }

    @Override
    public Page<Hint> due(Cursor after, int limit) {
      return sound.due(after, limit);
    }

    @Override
    public Page<WorkRow> dead(Cursor after, int limit) {
      return sound.dead(after, limit);
    }

    @Override
    public List<WorkRow> work(AssetId asset) {
      return sound.work(asset);
    }

    @Override
    public boolean redrive(Subject subject) {
      return sound.redrive(subject);
    }

    @Override
    public void pause(WorkKind kind) {
      sound.pause(kind);
    }

    @Override
    public void resume(WorkKind kind) {
      sound.resume(kind);
    }

    @Override
    public Set<WorkKind> paused() {
      return sound.paused();
    }

    @Override
    public LedgerStats stats(Scope scope) {
      return sound.stats(scope);
    }
  }
}
