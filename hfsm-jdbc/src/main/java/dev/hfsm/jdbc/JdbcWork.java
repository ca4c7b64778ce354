package dev.hfsm.jdbc;

import dev.hfsm.error.LeaseLostException;
import dev.hfsm.jdbc.Steps.Cause;
import dev.hfsm.jdbc.Steps.Locked;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.Published;
import dev.hfsm.ledger.Published.Outcome;
import dev.hfsm.ledger.Reaped;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Failure;
import dev.hfsm.model.StateMachine;
import dev.hfsm.model.Subject;
import dev.hfsm.model.Transition;
import dev.hfsm.model.WorkKind;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

final class JdbcWork implements WorkLedger {

  private static final Set<AssetEvent> STEPS =
      EnumSet.of(AssetEvent.FINGERPRINTED, AssetEvent.DESCRIBED, AssetEvent.REFUSED);

  private final Transactions transactions;
  private final Sql sql;
  private final Steps steps;

  JdbcWork(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    this.sql = sql;
    this.steps = new Steps(sql);
  }

  @Override
  public List<Claim> claim(ClaimRequest request) {
    if (request.kinds().isEmpty()
        || !transactions.read("look for work", handle -> sql.mayClaim(handle, request))) {
      return List.of();
    }
    List<Grant> grants = transactions.writeOne("claim work", handle -> sql.claim(handle, request));
    return grants.stream().flatMap(grant -> claim(grant).stream()).toList();
  }

  private Optional<Claim> claim(Grant grant) {
    return grant.seenBefore()
        ? transactions.write("look at claimed work", h -> grant.lookedAtAgain(h, sql))
        : Optional.of(grant.claim());
  }

  @Override
  public void renew(Lease held, Duration lease) {
    whileHeld(
        held, "renew a lease", Statements.RENEW, update -> update.bind("millis", lease.toMillis()));
  }

  @Override
  public void retry(Lease held, Failure failure, Duration delay) {
    whileHeld(
        held,
        "give failed work back",
        Statements.RETRY,
        update -> Rows.bind(update, failure).bind("millis", delay.toMillis()));
  }

  @Override
  public void release(Lease held) {
    whileHeld(held, "give work back", Statements.RELEASE_WORK, UnaryOperator.identity());
  }

  private void whileHeld(Lease held, String what, String statement, UnaryOperator<Update> more) {
    int changed =
        transactions.writeOne(
            what,
            handle ->
                more.apply(Rows.bind(handle.createUpdate(sql.of(statement)), held)).execute());
    if (changed == 0) {
      throw new LeaseLostException(held.toString());
    }
  }

  @Override
  public Transition advance(Lease held, AssetEvent event, Facts learned) {
    requireKind(held, WorkKind.INSPECT);
    if (!STEPS.contains(event)) {
      throw new IllegalArgumentException("advance: expected one of " + STEPS + ", found " + event);
    }
    return transactions.write(
        "finish a step of an inspection",
        handle -> {
          Locked asset = steps.requireAsset(handle, held);
          Cause cause = new Cause(null, held.worker(), steps.requireHeld(handle, held));
          Facts facts = asset.facts().and(learned);
          Transition transition = steps.move(handle, asset, event, facts, cause);
          if (transition.owes() == null) {
            steps.settle(handle, held.subject());
          }
          return transition;
        });
  }

  @Override
  public Published publish(Lease held, VariantContent content) {
    requireKind(held, WorkKind.DERIVE);
    Subject subject = held.subject();
    StorageKey.Parts key = Steps.requireOwnKey(content.key(), subject.asset(), subject.variant());
    return transactions.write(
        "publish a variant",
        handle -> {
          Locked asset = steps.requireAsset(handle, held);
          Cause cause = new Cause(null, held.worker(), steps.requireHeld(handle, held));
          if (key.stamp().isStale(asset.now())) {
            return new Published(Outcome.STALE_KEY, null);
          }
          ready(handle, subject, content);
          steps.settle(handle, subject);
          return new Published(Outcome.PUBLISHED, noteFirst(handle, asset, cause));
        });
  }

  private void ready(Handle handle, Subject subject, VariantContent content) {
    Rows.bind(handle.createUpdate(sql.of(Statements.VARIANT_READY)), subject.asset())
        .bind("variant", Rows.variantText(subject))
        .bind("storage_key", content.key().text())
        .bind("content_digest", content.blob().digest().hex())
        .bind("content_size", content.blob().size())
        .bind("media_type", content.type().toString())
        .bind("width", content.width())
        .bind("height", content.height())
        .bind("cost_nanos", content.cost().toNanos())
        .execute();
  }

  private @Nullable Transition noteFirst(Handle handle, Locked asset, Cause cause) {
    AssetEvent event = AssetEvent.FIRST_VARIANT_PUBLISHED;
    return StateMachine.on(asset.state(), event).isPresent()
        ? steps.move(handle, asset, event, asset.facts(), cause)
        : null;
  }

  private static void requireKind(Lease held, WorkKind kind) {
    if (held.subject().kind() != kind) {
      throw new IllegalArgumentException("expected a lease on " + kind + ", found " + held);
    }
  }

  @Override
  public void bury(Lease held, Failure failure) {
    transactions.write(
        "give work up",
        handle -> {
          Locked asset = steps.requireAsset(handle, held);
          int attempt = steps.requireHeld(handle, held);
          Cause cause = new Cause(failure.code(), held.worker(), attempt);
          steps.bury(handle, held.subject(), asset, failure, cause);
          return attempt;
        });
  }

  @Override
  public Reaped reap(int limit, int maxAttempts) {
    return transactions.write(
        "look for expired leases",
        handle -> {
          List<Subject> freed = new ArrayList<>();
          List<Subject> buried = new ArrayList<>();
          for (Expired expired : expired(handle, limit)) {
            Subject subject = expired.work().subject();
            if (expired.work().attempts() < maxAttempts) {
              free(handle, expired);
              freed.add(subject);
            } else if (buryIfFree(handle, expired)) {
              buried.add(subject);
            }
          }
          return new Reaped(freed, buried);
        });
  }

  private record Expired(WorkRow work, Instant now) {

    Failure failure() {
      String message = "the lease ran out at " + work.leasedUntil();
      return new Failure("worker-lost", message, true, now);
    }
  }

  private List<Expired> expired(Handle handle, int limit) {
    return handle
        .createQuery(sql.of(Statements.EXPIRED))
        .bind("limit", limit)
        .map((row, context) -> new Expired(Rows.work(row), Rows.instant(row, "now")))
        .list();
  }

  private void free(Handle handle, Expired expired) {
    Update update = handle.createUpdate(sql.of(Statements.FREE_EXPIRED));
    Rows.bind(Rows.bind(update, expired.work().subject()), expired.failure()).execute();
  }

  /** Against the order of locks, hence without waiting: the next reaping finds it again. */
  private boolean buryIfFree(Handle handle, Expired expired) {
    WorkRow work = expired.work();
    Failure failure = expired.failure();
    Optional<Locked> asset = steps.lockIfFree(handle, work.subject().asset());
    asset.ifPresent(
        locked ->
            steps.bury(
                handle,
                work.subject(),
                locked,
                failure,
                new Cause(failure.code(), work.worker(), work.attempts())));
    return asset.isPresent();
  }
}
