package dev.hfsm.memory;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;

import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.Published;
import dev.hfsm.ledger.Published.Outcome;
import dev.hfsm.ledger.Reaped;
import dev.hfsm.ledger.Requested;
import dev.hfsm.ledger.Settled;
import dev.hfsm.ledger.Settlement;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.memory.LedgerTables.Cause;
import dev.hfsm.memory.LedgerTables.Use;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Failure;
import dev.hfsm.model.StateMachine;
import dev.hfsm.model.Subject;
import dev.hfsm.model.Transition;
import dev.hfsm.model.VariantKey;
import dev.hfsm.model.WorkKind;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

final class MemoryWork implements WorkLedger {

  private static final Set<AssetEvent> STEPS =
      EnumSet.of(AssetEvent.FINGERPRINTED, AssetEvent.DESCRIBED, AssetEvent.REFUSED);

  private final LedgerTables tables;

  MemoryWork(LedgerTables tables) {
    this.tables = tables;
  }

  @Override
  public List<Claim> claim(ClaimRequest request) {
    return tables.transaction(now -> claim(request, now));
  }

  private List<Claim> claim(ClaimRequest request, Instant now) {
    return tables.work.values().stream()
        .filter(entry -> tables.isGrantable(entry, now) && isWanted(entry, request))
        .sorted(comparingInt(WorkEntry::priority).reversed().thenComparing(WorkEntry::due))
        .limit(request.max())
        .toList()
        .stream()
        .map(entry -> grant(entry, request, now))
        .toList();
  }

  @Override
  public List<Requested> requestAndClaim(
      List<VariantRequest> requests, String worker, Duration lease) {
    ClaimRequest wanted = ClaimRequest.making(worker, requests, lease);
    return tables.transaction(
        now -> {
          List<VariantRow> rows =
              requests.stream().map(one -> MemoryIntake.request(tables, one, now)).toList();
          return Requested.of(rows, claim(wanted, now));
        });
  }

  private static boolean isWanted(WorkEntry entry, ClaimRequest request) {
    ClaimRequest.Suspects unwanted =
        entry.isSuspect() ? ClaimRequest.Suspects.EXCLUDED : ClaimRequest.Suspects.ONLY;
    return request.suspects() != unwanted
        && request.kinds().contains(entry.subject().kind())
        && (request.subjects().isEmpty() || request.subjects().contains(entry.subject()));
  }

  private Claim grant(WorkEntry entry, ClaimRequest request, Instant now) {
    Subject subject = entry.subject();
    Lease lease = new Lease(subject, request.worker(), tables.nextNumber());
    WorkEntry granted = entry.granted(lease, now.plus(request.lease()));
    tables.put(granted);
    AssetRow asset = tables.require(subject.asset()).row();
    VariantKey variant = subject.variant();
    VariantRow row = variant == null ? null : tables.variantsOf(asset.id()).get(variant);
    return new Claim(lease, granted.attempts(), asset, row, now);
  }

  @Override
  public void renew(Lease held, Duration lease) {
    whileHeld(held, (entry, now) -> entry.renewed(now.plus(lease)));
  }

  @Override
  public void retry(Lease held, Failure failure, Duration delay) {
    whileHeld(held, (entry, now) -> entry.failed(failure, now.plus(delay)));
  }

  @Override
  public void release(Lease held) {
    whileHeld(held, (entry, now) -> entry.released());
  }

  private void whileHeld(Lease held, BiFunction<WorkEntry, Instant, WorkEntry> change) {
    tables.transaction(
        now -> {
          WorkEntry changed = change.apply(tables.requireHeld(held, now), now);
          tables.put(changed);
          return changed;
        });
  }

  @Override
  public Transition advance(Lease held, AssetEvent event, Facts learned) {
    Settlement.Step step = new Settlement.Step(held, event, learned);
    check(step);
    return tables.transaction(
        now -> {
          tables.requireHeld(held, now);
          return step(step, now);
        });
  }

  @Override
  public Published publish(Lease held, VariantContent content) {
    Settlement.Rendered rendered = new Settlement.Rendered(held, content);
    check(rendered);
    Settled settled =
        tables.transaction(
            now -> {
              tables.requireHeld(held, now);
              return publish(rendered, now);
            });
    return settled.outcome() == Settled.Outcome.STALE_KEY
        ? new Published(Outcome.STALE_KEY, null)
        : new Published(Outcome.PUBLISHED, settled.transition());
  }

  @Override
  public List<Settled> settle(List<Settlement> settlements) {
    Set<Subject> subjects = new HashSet<>();
    for (Settlement settlement : settlements) {
      check(settlement);
      if (!subjects.add(settlement.held().subject())) {
        throw new IllegalArgumentException(
            "settle: expected each subject once, found twice " + settlement.held().subject());
      }
    }
    return tables.transaction(
        now -> {
          settlements.forEach(settlement -> requirePossible(settlement, now));
          return settlements.stream().map(settlement -> settle(settlement, now)).toList();
        });
  }

  /** Before anything is written: what cannot happen must not happen to a part of the batch. */
  private void requirePossible(Settlement settlement, Instant now) {
    if (settlement instanceof Settlement.Step step
        && isHeld(settlement, now)
        && repeated(step).isEmpty()) {
      StateMachine.require(
          tables.require(step.held().subject().asset()).row().state(), step.event());
    }
  }

  private boolean isHeld(Settlement settlement, Instant now) {
    Lease held = settlement.held();
    return tables.workOn(held.subject()).filter(e -> e.isHeldUnder(held, now)).isPresent();
  }

  private Settled settle(Settlement settlement, Instant now) {
    if (!isHeld(settlement, now)) {
      return new Settled(Settled.Outcome.LEASE_LOST, null);
    }
    return settlement instanceof Settlement.Step step
        ? new Settled(Settled.Outcome.DONE, step(step, now))
        : publish((Settlement.Rendered) settlement, now);
  }

  private static void check(Settlement settlement) {
    if (settlement instanceof Settlement.Step step) {
      requireKind(step.held(), WorkKind.INSPECT);
      if (!STEPS.contains(step.event())) {
        throw new IllegalArgumentException(
            "advance: expected one of " + STEPS + ", found " + step.event());
      }
    } else if (settlement instanceof Settlement.Rendered rendered) {
      requireKind(rendered.held(), WorkKind.DERIVE);
      ownKey(rendered);
    }
  }

  private static StorageKey.Parts ownKey(Settlement.Rendered rendered) {
    Subject subject = rendered.held().subject();
    return LedgerTables.requireOwnKey(rendered.content().key(), subject.asset(), subject.variant());
  }

  private Transition step(Settlement.Step step, Instant now) {
    Subject subject = step.held().subject();
    WorkEntry entry = tables.requireHeld(step.held(), now);
    Optional<Transition> before = repeated(step);
    if (before.isPresent()) {
      return before.get();
    }
    AssetEntry asset = tables.require(subject.asset());
    Facts facts = asset.row().facts().and(step.learned());
    Transition transition = tables.move(asset, step.event(), facts, Cause.work(entry), now);
    if (transition.owes() == null) {
      tables.settle(subject);
    }
    return transition;
  }

  /** What the step did when it was reported first, if it was and its answer was lost. */
  private Optional<Transition> repeated(Settlement.Step step) {
    AssetRow row = tables.require(step.held().subject().asset()).row();
    return StateMachine.repeated(row.state(), step.event())
        .filter(transition -> row.facts().and(step.learned()).equals(row.facts()));
  }

  private Settled publish(Settlement.Rendered rendered, Instant now) {
    Subject subject = rendered.held().subject();
    WorkEntry entry = tables.requireHeld(rendered.held(), now);
    StorageKey.Parts key = ownKey(rendered);
    if (key.stamp().isStale(now)) {
      return new Settled(Settled.Outcome.STALE_KEY, null);
    }
    tables
        .variantsOf(subject.asset())
        .computeIfPresent(key.variant().orElseThrow(), (k, row) -> row.ready(rendered.content()));
    tables.uses.put(rendered.content().key(), new Use(1, now));
    tables.settle(subject);
    AssetEntry asset = tables.require(subject.asset());
    if (asset.row().state() != AssetState.METADATA_READY) {
      return new Settled(Settled.Outcome.DONE, null);
    }
    return new Settled(
        Settled.Outcome.DONE,
        tables.move(
            asset,
            AssetEvent.FIRST_VARIANT_PUBLISHED,
            asset.row().facts(),
            Cause.work(entry),
            now));
  }

  private static void requireKind(Lease held, WorkKind kind) {
    if (held.subject().kind() != kind) {
      throw new IllegalArgumentException("expected a lease on " + kind + ", found " + held);
    }
  }

  @Override
  public void bury(Lease held, Failure failure) {
    tables.transaction(
        now -> {
          WorkEntry entry = tables.requireHeld(held, now);
          tables.bury(entry, failure, now);
          return entry;
        });
  }

  @Override
  public Reaped reap(int limit, int maxAttempts) {
    return tables.transaction(
        now -> {
          List<Subject> freed = new ArrayList<>();
          List<Subject> buried = new ArrayList<>();
          for (WorkEntry entry : expired(limit, now)) {
            Failure lost =
                new Failure(WORKER_LOST, "the lease ran out at " + entry.leasedUntil(), true, now);
            if (entry.attempts() < maxAttempts) {
              tables.put(entry.failed(lost, now));
              freed.add(entry.subject());
            } else {
              tables.bury(entry, lost, now);
              buried.add(entry.subject());
            }
          }
          return new Reaped(freed, buried);
        });
  }

  private List<WorkEntry> expired(int limit, Instant now) {
    return tables.work.values().stream()
        .filter(entry -> entry.isExpired(now))
        .sorted(comparing(WorkEntry::leasedUntil))
        .limit(limit)
        .toList();
  }
}
