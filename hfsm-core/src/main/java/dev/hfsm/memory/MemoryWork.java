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
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.memory.LedgerTables.Cause;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Failure;
import dev.hfsm.model.Subject;
import dev.hfsm.model.Transition;
import dev.hfsm.model.VariantKey;
import dev.hfsm.model.WorkKind;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.NavigableMap;
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
    return tables.transaction(
        now ->
            tables.work.values().stream()
                .filter(entry -> entry.isClaimable(now) && isWanted(entry, request))
                .sorted(comparingInt(WorkEntry::priority).reversed().thenComparing(WorkEntry::due))
                .limit(request.max())
                .toList()
                .stream()
                .map(entry -> grant(entry, request, now))
                .toList());
  }

  private static boolean isWanted(WorkEntry entry, ClaimRequest request) {
    return request.kinds().contains(entry.subject().kind())
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
    requireKind(held, WorkKind.INSPECT);
    if (!STEPS.contains(event)) {
      throw new IllegalArgumentException("advance: expected one of " + STEPS + ", found " + event);
    }
    return tables.transaction(
        now -> {
          WorkEntry entry = tables.requireHeld(held, now);
          AssetEntry asset = tables.require(held.subject().asset());
          Facts facts = asset.row().facts().and(learned);
          Transition transition = tables.move(asset, event, facts, Cause.work(entry), now);
          if (transition.owes() == null) {
            tables.settle(held.subject());
          }
          return transition;
        });
  }

  @Override
  public Published publish(Lease held, VariantContent content) {
    requireKind(held, WorkKind.DERIVE);
    Subject subject = held.subject();
    StorageKey.Parts key =
        LedgerTables.requireOwnKey(content.key(), subject.asset(), subject.variant());
    return tables.transaction(
        now -> {
          WorkEntry entry = tables.requireHeld(held, now);
          if (key.stamp().isStale(now)) {
            return new Published(Outcome.STALE_KEY, null);
          }
          NavigableMap<VariantKey, VariantRow> rows = tables.variantsOf(subject.asset());
          rows.computeIfPresent(key.variant().orElseThrow(), (k, row) -> ready(row, content));
          tables.settle(subject);
          AssetEntry asset = tables.require(subject.asset());
          if (asset.row().state() != AssetState.METADATA_READY) {
            return new Published(Outcome.PUBLISHED, null);
          }
          Facts facts = asset.row().facts();
          return new Published(
              Outcome.PUBLISHED,
              tables.move(
                  asset, AssetEvent.FIRST_VARIANT_PUBLISHED, facts, Cause.work(entry), now));
        });
  }

  private static VariantRow ready(VariantRow row, VariantContent content) {
    return new VariantRow(
        row.asset(),
        row.key(),
        row.transformation(),
        row.transformer(),
        VariantState.READY,
        content,
        null,
        null,
        row.requestedAt());
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
                new Failure(
                    "worker-lost", "the lease ran out at " + entry.leasedUntil(), true, now);
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
