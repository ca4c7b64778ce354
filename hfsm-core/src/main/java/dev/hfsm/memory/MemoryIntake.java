package dev.hfsm.memory;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.Admitted.Outcome;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.IntakeLedger;
import dev.hfsm.ledger.Lookup;
import dev.hfsm.ledger.Reference;
import dev.hfsm.ledger.Retention;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.ledger.VariantUse;
import dev.hfsm.memory.LedgerTables.Cause;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import dev.hfsm.model.StateMachine;
import dev.hfsm.model.Subject;
import dev.hfsm.model.Transition;
import dev.hfsm.storage.StorageKey;
import java.time.Instant;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

final class MemoryIntake implements IntakeLedger {

  private final LedgerTables tables;

  MemoryIntake(LedgerTables tables) {
    this.tables = tables;
  }

  @Override
  public Lookup find(AssetId asset) {
    return tables.transaction(
        now -> {
          AssetEntry entry = tables.assets.get(asset);
          return new Lookup(entry == null ? null : entry.row(), now);
        });
  }

  @Override
  public Admitted admit(Admission admission) {
    AssetId id = admission.asset();
    StorageKey.Parts key = LedgerTables.requireOwnKey(admission.key(), id, null);
    return tables.transaction(
        now -> {
          if (key.stamp().isStale(now)) {
            return new Admitted(Outcome.STALE_KEY, null);
          }
          AssetEntry entry = tables.assets.get(id);
          Outcome outcome = entry == null ? create(admission, now) : again(entry, admission, now);
          tables.point(admission.reference(), id, now);
          return new Admitted(outcome, tables.require(id).row());
        });
  }

  private Outcome create(Admission admission, Instant now) {
    AssetId id = admission.asset();
    Transition admitted = StateMachine.require(null, AssetEvent.ADMITTED);
    AssetRow row =
        new AssetRow(
            id, admission.size(), admission.key(), admitted.to(), admission.facts(), 1, now, now);
    tables.assets.put(
        id, new AssetEntry(row, tables.nextNumber(), null).shown(admission.visibility()));
    tables.append(id, admitted, Cause.CALLER, now);
    tables.oweInspection(id, now);
    return Outcome.CREATED;
  }

  private Outcome again(AssetEntry entry, Admission admission, Instant now) {
    AssetEntry counted = entry.uploadedOnceMore().shown(admission.visibility());
    AssetRow row = counted.row();
    boolean failed = row.state() == AssetState.FAILED;
    if (!failed && row.damage() == null) {
      tables.rewrite(counted, now);
      return Outcome.DUPLICATE;
    }
    if (!row.key().equals(admission.key())) {
      tables.garbage.put(row.key(), row.size());
    }
    AssetEntry replaced = counted.under(admission.key());
    tables.rewrite(replaced, now);
    if (!failed) {
      return Outcome.HEALED;
    }
    tables.move(replaced, AssetEvent.UPLOADED_AGAIN, row.facts(), Cause.CALLER, now);
    tables.oweInspection(row.id(), now);
    return Outcome.REVIVED;
  }

  @Override
  public Optional<AssetRow> retain(Retention retention) {
    AssetId id = retention.asset();
    return tables.transaction(
        now -> {
          AssetEntry entry = tables.assets.get(id);
          if (entry == null) {
            return Optional.empty();
          }
          boolean upload = retention.cause() == Retention.Cause.UPLOAD;
          AssetEntry counted = upload ? entry.uploadedOnceMore() : entry;
          tables.rewrite(counted.shown(retention.visibility()), now);
          tables.point(retention.reference(), id, now);
          return Optional.of(tables.require(id).row());
        });
  }

  @Override
  public Optional<AssetId> release(Scope scope, ReferenceName reference) {
    return tables.transaction(
        now -> {
          NavigableMap<ReferenceName, Reference> named =
              tables.references.getOrDefault(scope, new TreeMap<>());
          Optional<AssetId> released =
              Optional.ofNullable(named.remove(reference)).map(Reference::asset);
          released.ifPresent(asset -> tables.noteLoss(asset, now));
          return released;
        });
  }

  @Override
  public boolean release(AssetId from, ReferenceName reference) {
    return tables.transaction(
        now -> {
          NavigableMap<ReferenceName, Reference> named =
              tables.references.getOrDefault(from.scope(), new TreeMap<>());
          Reference found = named.get(reference);
          if (found == null || !found.asset().equals(from)) {
            return false;
          }
          named.remove(reference);
          tables.noteLoss(from, now);
          return true;
        });
  }

  @Override
  public VariantRow requestVariant(VariantRequest request) {
    return tables.transaction(now -> request(tables, request, now));
  }

  /** Inside a transaction. */
  static VariantRow request(LedgerTables tables, VariantRequest request, Instant now) {
    if (!tables.assets.containsKey(request.asset())) {
      throw new AssetGoneException(request.asset().toString());
    }
    VariantRow row = tables.variantsOf(request.asset()).get(request.key());
    Instant due = now.plus(request.delay());
    if (row == null) {
      return tables.request(neverAskedFor(request, now), request.priority(), due);
    }
    if (row.retryAfter() != null && !now.isBefore(row.retryAfter())) {
      return tables.request(row, request.priority(), due);
    }
    tables
        .workOn(Subject.derive(request.asset(), request.key()))
        .ifPresent(entry -> tables.put(entry.wantedToo(request.priority(), due)));
    return row;
  }

  @Override
  public void used(Collection<VariantUse> uses) {
    tables.transaction(
        now -> {
          uses.forEach(use -> count(use, now));
          return uses;
        });
  }

  private void count(VariantUse use, Instant now) {
    VariantRow row = tables.variantsOf(use.asset()).get(use.variant());
    if (row != null && row.state() == VariantState.READY) {
      tables.uses.computeIfPresent(
          LedgerTables.contentOf(row).key(), (key, before) -> before.and(use.uses(), now));
    }
  }

  private static VariantRow neverAskedFor(VariantRequest request, Instant now) {
    return new VariantRow(
        request.asset(),
        request.key(),
        request.transformation(),
        request.transformer(),
        VariantState.REQUESTED,
        null,
        null,
        null,
        now);
  }
}
