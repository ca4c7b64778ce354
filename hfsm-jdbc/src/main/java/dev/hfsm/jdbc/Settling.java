package dev.hfsm.jdbc;

import dev.hfsm.jdbc.Sql.Write;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.Settled;
import dev.hfsm.ledger.Settled.Outcome;
import dev.hfsm.ledger.Settlement;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Facts;
import dev.hfsm.model.StateMachine;
import dev.hfsm.model.Subject;
import dev.hfsm.model.Transition;
import dev.hfsm.model.WorkKind;
import dev.hfsm.storage.StorageKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Settles a batch: looks at all its leases in one statement, decides here, writes in one more. Used
 * once, by one thread, inside one transaction.
 */
final class Settling {

  private static final Set<AssetEvent> STEPS =
      EnumSet.of(AssetEvent.FINGERPRINTED, AssetEvent.DESCRIBED, AssetEvent.REFUSED);

  private final List<Settlement> settlements;
  private final Map<AssetId, AssetState> states = new HashMap<>();
  private final Map<AssetId, Facts> facts = new HashMap<>();
  private final Map<AssetId, Integer> moved = new HashMap<>();
  private final List<List<String>> moves = new ArrayList<>();
  private final List<String> made = new ArrayList<>();
  private final List<String> done = new ArrayList<>();

  private Settling(List<Settlement> settlements) {
    this.settlements = settlements;
  }

  /**
   * Refuses what can be seen to be wrong without looking.
   *
   * @throws IllegalArgumentException if a subject is there twice, a lease is of the wrong kind, an
   *     event no step or a key not the variant's
   */
  static void check(List<Settlement> settlements) {
    Set<Subject> subjects = new HashSet<>();
    for (Settlement settlement : settlements) {
      Lease held = settlement.held();
      if (!subjects.add(held.subject())) {
        throw new IllegalArgumentException(
            "settle: expected each subject once, found twice " + held.subject());
      }
      if (settlement instanceof Settlement.Step step) {
        requireKind(held, WorkKind.INSPECT);
        if (!STEPS.contains(step.event())) {
          throw new IllegalArgumentException(
              "settle: expected one of " + STEPS + ", found " + step.event());
        }
      } else if (settlement instanceof Settlement.Rendered rendered) {
        requireKind(held, WorkKind.DERIVE);
        ownKey(rendered);
      }
    }
  }

  private static void requireKind(Lease held, WorkKind kind) {
    if (held.subject().kind() != kind) {
      throw new IllegalArgumentException("expected a lease on " + kind + ", found " + held);
    }
  }

  private static StorageKey.Parts ownKey(Settlement.Rendered rendered) {
    Subject subject = rendered.held().subject();
    return Steps.requireOwnKey(rendered.content().key(), subject.asset(), subject.variant());
  }

  /** Settles what {@link #check} has passed. */
  static List<Settled> settle(Handle handle, Sql sql, List<Settlement> settlements) {
    Settling settling = new Settling(settlements);
    List<Settled> answers =
        settling.decide(sql.held(handle, settlements.stream().map(Settlement::held).toList()));
    settling.write(handle, sql);
    return answers;
  }

  private List<Settled> decide(List<Held> rows) {
    Map<Integer, Held> byNumber = new HashMap<>();
    rows.forEach(row -> byNumber.put(row.number(), row));
    // The locks were got one after the other: only at the last of them is it clear what is held.
    Instant now = rows.stream().map(Held::now).max(Instant::compareTo).orElse(Instant.EPOCH);
    List<Settled> answers = new ArrayList<>(settlements.size());
    for (int i = 0; i < settlements.size(); i++) {
      Held row = byNumber.get(i);
      answers.add(
          row == null || !row.leasedUntil().isAfter(now)
              ? new Settled(Outcome.LEASE_LOST, null)
              : decide(settlements.get(i), row, now));
    }
    return answers;
  }

  private Settled decide(Settlement settlement, Held row, Instant now) {
    states.putIfAbsent(settlement.held().subject().asset(), row.state());
    return settlement instanceof Settlement.Step step
        ? step(step, row)
        : rendered((Settlement.Rendered) settlement, row, now);
  }

  private Settled step(Settlement.Step step, Held row) {
    AssetId asset = step.held().subject().asset();
    Facts known = facts.computeIfAbsent(asset, a -> row.knownFacts());
    Facts all = known.and(step.learned());
    Transition before = StateMachine.repeated(states.get(asset), step.event()).orElse(null);
    if (before != null && all.equals(known)) {
      return new Settled(Outcome.DONE, before); // its first answer was lost
    }
    facts.put(asset, all);
    Transition transition = StateMachine.require(states.get(asset), step.event());
    move(step.held(), row, transition, all);
    if (transition.owes() == null) {
      done.add(subject(step.held().subject()));
    }
    return new Settled(Outcome.DONE, transition);
  }

  private Settled rendered(Settlement.Rendered rendered, Held row, Instant now) {
    if (ownKey(rendered).stamp().isStale(now)) {
      return new Settled(Outcome.STALE_KEY, null);
    }
    Subject subject = rendered.held().subject();
    made.add(variant(subject, rendered.content()));
    done.add(subject(subject));
    Transition first =
        StateMachine.on(states.get(subject.asset()), AssetEvent.FIRST_VARIANT_PUBLISHED)
            .orElse(null);
    if (first != null) {
      move(rendered.held(), row, first, null);
    }
    return new Settled(Outcome.DONE, first);
  }

  /** An asset that moves twice does so in two statements: each leaves its trace in the history. */
  private void move(Lease held, Held row, Transition transition, @Nullable Facts learned) {
    AssetId asset = held.subject().asset();
    states.put(asset, transition.to());
    int round = moved.merge(asset, 1, Integer::sum) - 1;
    while (moves.size() <= round) {
      moves.add(new ArrayList<>());
    }
    moves
        .get(round)
        .add(
            Json.texts(
                asset.scope().name(),
                asset.digest().hex(),
                transition.to().name(),
                learned == null ? null : learned.toString(),
                learned == null ? null : Steps.pixels(learned),
                transition.event().name(),
                held.worker(),
                Integer.toString(row.attempt())));
  }

  private static String subject(Subject subject) {
    return Json.texts(
        subject.asset().scope().name(),
        subject.asset().digest().hex(),
        subject.kind().name(),
        Rows.variantText(subject));
  }

  private static String variant(Subject subject, VariantContent content) {
    return Json.texts(
        subject.asset().scope().name(),
        subject.asset().digest().hex(),
        Rows.variantText(subject),
        content.key().text(),
        content.blob().digest().hex(),
        Long.toString(content.blob().size()),
        content.type().toString(),
        Integer.toString(content.width()),
        Integer.toString(content.height()),
        Long.toString(content.cost().toNanos()));
  }

  private void write(Handle handle, Sql sql) {
    List<Write> writes = new ArrayList<>();
    add(writes, Statements.READY_ALL, "made", made);
    add(writes, Statements.DONE_ALL, "done", done);
    for (List<String> round : moves) {
      add(writes, Statements.MOVE_ALL, "moves", round);
      sql.write(handle, writes);
      writes.clear();
    }
    sql.write(handle, writes);
  }

  private static void add(
      List<Write> writes, String statement, String parameter, List<String> rows) {
    if (!rows.isEmpty()) {
      writes.add(new Write(statement, parameter, Json.rows(rows)));
    }
  }
}
