package dev.hfsm.memory;

import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.Reference;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Failure;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import dev.hfsm.model.StateMachine;
import dev.hfsm.model.Subject;
import dev.hfsm.model.Transition;
import dev.hfsm.model.VariantKey;
import dev.hfsm.model.WorkKind;
import dev.hfsm.storage.StorageKey;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tables behind all roles of an {@link InMemoryLedger}, and the steps that roles share. */
final class LedgerTables {

  /** Inspections carry no wish of a caller; hosts order variants around them. */
  private static final int INSPECTION_PRIORITY = 0;

  final NavigableMap<AssetId, AssetEntry> assets = new TreeMap<>();
  final Map<AssetId, NavigableMap<VariantKey, VariantRow>> variants = new TreeMap<>();
  final Map<Scope, NavigableMap<ReferenceName, Reference>> references = new TreeMap<>();

  /** By the text form of the subject, the order in which the reconcile chore scans. */
  final NavigableMap<String, WorkEntry> work = new TreeMap<>();

  final Map<AssetId, List<HistoryEntry>> history = new TreeMap<>();

  /** What is still to be deleted, the oldest first, and its size. */
  final Map<StorageKey, Long> garbage = new LinkedHashMap<>();

  final Map<String, ChoreEntry> chores = new TreeMap<>();
  final Set<WorkKind> paused = EnumSet.noneOf(WorkKind.class);

  /** What caches must remove, by place; each place after the first of them has an entry. */
  final NavigableMap<Long, RemovalEntry> removals = new TreeMap<>();

  /** The last place of the log of removals, whether its entry is still there or not. */
  long lastRemoval;

  /** Of READY variants. */
  final Map<StorageKey, Use> uses = new HashMap<>();

  private final InstantSource clock;
  private long lastNumber;

  LedgerTables(InstantSource clock) {
    this.clock = clock;
  }

  /** Which asset is not to be remembered as it was, and since when. */
  record RemovalEntry(AssetId asset, Instant at) {}

  /** Who holds a chore, until when, and what was noted about it. */
  record ChoreEntry(String worker, Instant until, String progress) {}

  /** How often something was used, and when last. */
  record Use(long count, Instant last) {

    Use and(long more, Instant now) {
      return new Use(count + more, now);
    }
  }

  /** Who brought a transition about. */
  record Cause(@Nullable String detail, @Nullable String worker, int attempt) {

    static final Cause CALLER = new Cause(null, null, 0);

    static Cause work(WorkEntry entry) {
      return failure(entry, null);
    }

    static Cause failure(WorkEntry entry, @Nullable String code) {
      String worker = entry.lease() == null ? null : entry.lease().worker();
      return new Cause(code, worker, entry.attempts());
    }
  }

  /** Runs {@code body} alone, at one instant of the ledger's time. */
  synchronized <T> T transaction(Function<Instant, T> body) {
    return body.apply(clock.instant().truncatedTo(ChronoUnit.MILLIS));
  }

  /** A number higher than all before: a fence, or a place in an order. */
  long nextNumber() {
    return ++lastNumber;
  }

  AssetEntry require(AssetId id) {
    AssetEntry entry = assets.get(id);
    if (entry == null) {
      throw new IllegalStateException("work is owed to an asset without a row: " + id);
    }
    return entry;
  }

  NavigableMap<VariantKey, VariantRow> variantsOf(AssetId asset) {
    return variants.computeIfAbsent(asset, a -> new TreeMap<>());
  }

  /** Writes an asset's row, and says to caches if they may have read another one. */
  void rewrite(AssetEntry next, Instant now) {
    AssetEntry before = assets.put(next.row().id(), next);
    if (before != null && !before.isTheSameToCaches(next)) {
      enterRemoval(next.row().id(), now);
    }
  }

  private void enterRemoval(AssetId asset, Instant now) {
    removals.put(++lastRemoval, new RemovalEntry(asset, now));
  }

  Optional<WorkEntry> workOn(Subject subject) {
    return Optional.ofNullable(work.get(subject.toString()));
  }

  /** Whether work can be granted: due, alive, leased to nobody, of a kind that is not paused. */
  boolean isGrantable(WorkEntry entry, Instant now) {
    return entry.isClaimable(now) && !paused.contains(entry.subject().kind());
  }

  void put(WorkEntry entry) {
    work.put(entry.subject().toString(), entry);
  }

  void settle(Subject subject) {
    work.remove(subject.toString());
  }

  /** Refuses a key that a row of this asset or variant could not name. */
  static StorageKey.Parts requireOwnKey(
      StorageKey key, AssetId asset, @Nullable VariantKey variant) {
    return key.parts()
        .filter(p -> p.asset().equals(asset))
        .filter(p -> p.variant().equals(Optional.ofNullable(variant)))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "storage key: expected one of "
                        + (variant == null ? asset : Subject.derive(asset, variant))
                        + ", found "
                        + key));
  }

  WorkEntry requireHeld(Lease held, Instant now) {
    return workOn(held.subject())
        .filter(entry -> entry.isHeldUnder(held, now))
        .orElseThrow(() -> new LeaseLostException(held.toString()));
  }

  /** Moves an asset, appends its history, and makes the work owed live, as the state table says. */
  Transition move(AssetEntry entry, AssetEvent event, Facts facts, Cause cause, Instant now) {
    AssetId id = entry.row().id();
    Transition transition = StateMachine.require(entry.row().state(), event);
    assets.put(id, entry.inState(transition.to(), facts, now));
    append(id, transition, cause, now);
    return transition;
  }

  void append(AssetId id, Transition t, Cause cause, Instant now) {
    history
        .computeIfAbsent(id, a -> new ArrayList<>())
        .add(
            new HistoryEntry(
                id, t.from(), t.to(), t.event(), cause.detail, cause.worker, cause.attempt, now));
  }

  void oweInspection(AssetId id, Instant now) {
    put(WorkEntry.fresh(Subject.inspect(id), INSPECTION_PRIORITY, now));
  }

  /** Points a name at an asset; an asset that loses its last reference starts its grace. */
  void point(ReferenceName name, AssetId asset, Instant now) {
    NavigableMap<ReferenceName, Reference> named =
        references.computeIfAbsent(asset.scope(), s -> new TreeMap<>());
    Reference before = named.get(name);
    if (before != null && before.asset().equals(asset)) {
      return;
    }
    named.put(name, new Reference(asset, name, now));
    assets.put(asset, require(asset).claimed());
    if (before != null) {
      noteLoss(before.asset(), now);
    }
  }

  /** Starts the grace of an asset that nothing claims any more. */
  void noteLoss(AssetId asset, Instant now) {
    if (referencesOf(asset).isEmpty()) {
      assets.put(asset, require(asset).unclaimed(now));
    }
  }

  List<Reference> referencesOf(AssetId asset) {
    return references.getOrDefault(asset.scope(), new TreeMap<>()).values().stream()
        .filter(r -> r.asset().equals(asset))
        .toList();
  }

  /** Gives work up, and with it what it was to bring about. */
  void bury(WorkEntry entry, Failure failure, Instant now) {
    Subject subject = entry.subject();
    VariantKey variant = subject.variant();
    if (variant == null) {
      AssetEntry asset = require(subject.asset());
      Cause cause = Cause.failure(entry, failure.code());
      move(asset, AssetEvent.EXHAUSTED, asset.row().facts(), cause, now);
    } else {
      variantsOf(subject.asset())
          .computeIfPresent(
              variant, (k, row) -> failed(row, failure, now.plus(WorkLedger.FAILURE_MEMORY)));
    }
    put(entry.dead(failure, nextNumber()));
  }

  private static VariantRow failed(VariantRow row, Failure failure, Instant retryAfter) {
    return new VariantRow(
        row.asset(),
        row.key(),
        row.transformation(),
        row.transformer(),
        VariantState.FAILED,
        null,
        failure,
        retryAfter,
        row.requestedAt());
  }

  /** Removes an asset and all that hangs on it; its keys become garbage, its history stays. */
  List<StorageKey> remove(AssetId id, Instant now) {
    AssetRow asset = require(id).row();
    List<StorageKey> keys = new ArrayList<>(List.of(asset.key()));
    garbage.put(asset.key(), asset.size());
    for (VariantRow row : variantsOf(id).values()) {
      VariantContent content = row.content();
      if (content != null) {
        keys.add(discard(content));
      }
    }
    work.values().removeIf(entry -> entry.subject().asset().equals(id));
    variants.remove(id);
    assets.remove(id);
    enterRemoval(id, now);
    return keys;
  }

  /** Whether the key is an original's whose asset is under hold. */
  boolean isHeld(StorageKey key) {
    return key.parts()
        .filter(parts -> parts.variant().isEmpty())
        .map(parts -> assets.get(parts.asset()))
        .filter(entry -> entry.row().hold() != null)
        .isPresent();
  }

  /** Makes what a variant that is gone has named garbage, and says where it lies. */
  StorageKey discard(VariantContent content) {
    garbage.put(content.key(), content.blob().size());
    uses.remove(content.key());
    return content.key();
  }

  /** The READY variants of all assets. */
  Stream<VariantRow> ready() {
    return variants.values().stream()
        .flatMap(rows -> rows.values().stream())
        .filter(row -> row.state() == VariantState.READY);
  }

  /** What a READY variant is. */
  static VariantContent contentOf(VariantRow ready) {
    return Objects.requireNonNull(ready.content());
  }

  /** Owes a variant, for the first time or again. */
  VariantRow request(VariantRow row, int priority, Instant due) {
    VariantRow requested =
        new VariantRow(
            row.asset(),
            row.key(),
            row.transformation(),
            row.transformer(),
            VariantState.REQUESTED,
            null,
            null,
            null,
            row.requestedAt());
    variantsOf(row.asset()).put(row.key(), requested);
    put(WorkEntry.fresh(Subject.derive(row.asset(), row.key()), priority, due));
    return requested;
  }
}
