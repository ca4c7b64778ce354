package dev.hfsm.jdbc;

import dev.hfsm.error.LeaseLostException;
import dev.hfsm.jdbc.Grant.Unreadable;
import dev.hfsm.jdbc.Sql.Commit;
import dev.hfsm.jdbc.Steps.Cause;
import dev.hfsm.jdbc.Steps.Locked;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.ClaimRequest.Suspects;
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
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Failure;
import dev.hfsm.model.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class JdbcWork implements WorkLedger {

  private static final Logger LOG = LoggerFactory.getLogger(JdbcWork.class);

  private final Transactions transactions;
  private final Sql sql;
  private final Calm calm;
  private final Steps steps;

  JdbcWork(Transactions transactions, Sql sql, Calm calm) {
    this.transactions = transactions;
    this.sql = sql;
    this.calm = calm;
    this.steps = new Steps(sql);
  }

  @Override
  public List<Claim> claim(ClaimRequest request) {
    if (request.kinds().isEmpty()
        || !transactions.read("look for work", handle -> sql.mayClaim(handle, request))) {
      return List.of();
    }
    Commit commit = commitOf(request);
    List<Grant> grants =
        transactions.writeOne("claim work", handle -> sql.claim(handle, request, commit));
    return claims(grants);
  }

  /**
   * A lease that the end of the server undoes is granted again: to the same worker perhaps the very
   * same, which works on under it; another worker's is another, and what is written under the lost
   * one is refused. Only its attempt is not counted then, which must not happen time after time to
   * work that is the reason.
   */
  private Commit commitOf(ClaimRequest request) {
    boolean suspected = request.suspects() == Suspects.ONLY;
    return calm.lasts() && !suspected ? Commit.SEEN : Commit.FLUSHED;
  }

  /** What one transaction has asked for and granted. */
  private record Begun(List<VariantRow> rows, List<Grant> grants) {}

  @Override
  public List<Requested> requestAndClaim(
      List<VariantRequest> requests, String worker, Duration lease) {
    ClaimRequest wanted = ClaimRequest.making(worker, requests, lease);
    return begunNew(requests, worker, lease).orElseGet(() -> begun(requests, wanted));
  }

  /** The usual case: nobody has asked for it before. Empty if it is another case. */
  private Optional<List<Requested>> begunNew(
      List<VariantRequest> requests, String worker, Duration lease) {
    VariantRequest first = requests.get(0);
    if (requests.size() > 1 || !first.delay().isZero() || !sql.beginsInOneGo()) {
      return Optional.empty();
    }
    return transactions
        .writeOne(
            "request a new variant and claim it",
            handle -> sql.beginNew(handle, first, worker, lease))
        .flatMap(grant -> claims(List.of(grant)).stream().findFirst())
        .map(claim -> List.of(new Requested(Objects.requireNonNull(claim.variant()), claim)));
  }

  private List<Requested> begun(List<VariantRequest> requests, ClaimRequest wanted) {
    Begun begun =
        transactions.write(
            "request variants and claim them",
            handle -> {
              List<VariantRow> rows =
                  requests.stream().map(one -> steps.request(handle, one)).toList();
              return new Begun(rows, sql.claim(handle, wanted, Commit.FLUSHED));
            });
    return Requested.of(begun.rows(), claims(begun.grants()));
  }

  /** The leases are committed: whatever fails now about one must not lose the others. */
  List<Claim> claims(List<Grant> grants) {
    List<Claim> claims = new ArrayList<>(grants.size());
    for (Grant grant : grants) {
      try {
        claim(grant).ifPresent(claims::add);
      } catch (RuntimeException e) {
        LOG.warn("claimed work is left out: {}: {}", grant, e.toString());
        giveBack(grant.claim());
      }
    }
    return claims;
  }

  /** What cannot even be given back is reaped when its lease has run out. */
  private void giveBack(@Nullable Claim claim) {
    if (claim != null) {
      try {
        release(claim.lease());
      } catch (RuntimeException e) {
        LOG.warn("{} was not given back and will be reaped: {}", claim.lease(), e.toString());
      }
    }
  }

  private Optional<Claim> claim(Grant grant) {
    Claim claim = grant.claim();
    Unreadable unreadable = grant.unreadable();
    if (unreadable != null) {
      LOG.error("gave up work that cannot be read: {}", unreadable);
      transactions.write("give up work", handle -> steps.buryUnreadable(handle, unreadable));
    }
    return claim == null || !grant.seenBefore()
        ? Optional.ofNullable(claim)
        : transactions.write(
            "look at claimed work", handle -> Grant.lookedAtAgain(claim, handle, sql));
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
    Settled settled = settleOne(new Settlement.Step(held, event, learned));
    return Objects.requireNonNull(settled.transition());
  }

  @Override
  public Published publish(Lease held, VariantContent content) {
    Settled settled = settleOne(new Settlement.Rendered(held, content));
    return settled.outcome() == Settled.Outcome.STALE_KEY
        ? new Published(Outcome.STALE_KEY, null)
        : new Published(Outcome.PUBLISHED, settled.transition());
  }

  private Settled settleOne(Settlement settlement) {
    Settled settled = settle(List.of(settlement)).get(0);
    if (settled.outcome() == Settled.Outcome.LEASE_LOST) {
      throw new LeaseLostException(settlement.held().toString());
    }
    return settled;
  }

  @Override
  public List<Settled> settle(List<Settlement> settlements) {
    if (settlements.isEmpty()) {
      return List.of();
    }
    Settling.check(settlements);
    return transactions.write("settle work", handle -> Settling.settle(handle, sql, settlements));
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
        "look for expired leases", handle -> Reaping.reap(handle, sql, limit, maxAttempts));
  }
}
