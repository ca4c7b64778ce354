package dev.hfsm.internal.work;

import dev.hfsm.error.HfsmException;
import dev.hfsm.error.LeaseLostException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.internal.DamageNotes;
import dev.hfsm.internal.Settings;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.Settled;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.Failure;
import dev.hfsm.model.Scope;
import dev.hfsm.model.StateMachine;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a claimed piece of work through its steps and settles it: done, to be tried again, given
 * up, or given back. Whatever goes wrong ends here and in the ledger; nothing is thrown.
 */
final class WorkRunner {

  private static final Logger LOG = LoggerFactory.getLogger(WorkRunner.class);

  /** Each such attempt costs a thread, so there are not as many as of others. */
  private static final int MAX_STUCK_ATTEMPTS = 2;

  private final Settings settings;
  private final ActiveLeases leases;
  private final Hands hands;
  private final Settler settler;
  private final Bell bell;
  private final Signals signals;
  private final Announcer announcer;
  private final Vitals vitals;
  private final Notifier notifier;
  private final Inspector inspector;
  private final Deriver deriver;
  private final Backoff backoff;
  private final Burst burst;
  private final CpuClock cpu = CpuClock.ofTheJvm();

  WorkRunner(
      Settings settings,
      ActiveLeases leases,
      Hands hands,
      Settler settler,
      Bell bell,
      Signals signals,
      Announcer announcer,
      Vitals vitals) {
    this.settings = settings;
    this.leases = leases;
    this.hands = hands;
    this.settler = settler;
    this.bell = bell;
    this.signals = signals;
    this.announcer = announcer;
    this.vitals = vitals;
    this.notifier = new Notifier(settings.listener());
    DamageNotes damages = new DamageNotes(settings.ledger(), settings.clock());
    Sources sources = new Sources(settings.blobs(), settings.spool(), damages);
    this.inspector = new Inspector(settings, sources);
    this.deriver = new Deriver(settings, sources, this::tellEarly);
    this.backoff = new Backoff(settings.random());
    this.burst = new Burst(settings, hands, leases, this);
  }

  /**
   * Takes work in that was claimed, what can be done together as one.
   *
   * @param asked when the claim was asked for, as {@link System#nanoTime} tells it
   */
  void accept(List<Claim> claims, long asked, ClaimKind kind) {
    List<Piece> firsts = new ArrayList<>();
    for (Claim claim : claims) {
      if (leases.knows(claim.lease())) {
        LOG.info(
            "{} was granted once more, {}",
            claim.lease(),
            leases.isHeld(claim.lease()) ? "its work goes on" : "the end of its work is awaited");
        continue;
      }
      Piece piece = piece(claim, asked, kind);
      Optional<Piece> first =
          firsts.stream().filter(other -> Burst.belongTogether(other, piece)).findFirst();
      if (first.isPresent() && burst.bring(first.get(), piece)) {
        continue;
      }
      firsts.add(piece);
    }
    firsts.forEach(this::accept);
  }

  /** Work that was claimed, before it is taken in. */
  Piece piece(Claim claim, long asked, ClaimKind kind) {
    WorkBudget budget =
        new WorkBudget(
            settings.limits(),
            settings.memory(),
            settings.workTime(),
            leases.endOf(asked),
            new Meter(cpu, System::nanoTime, bill(claim)));
    return new Piece(claim, budget, kind == ClaimKind.SUSPECT);
  }

  /** Variants have a price; learning what an asset is has none. */
  private Consumer<Duration> bill(Claim claim) {
    Scope scope = claim.asset().id().scope();
    return claim.variant() == null ? used -> {} : used -> settings.costs().used(scope, used);
  }

  /** Takes it in: it waits for a hand. */
  void accept(Piece piece) {
    leases.add(piece);
    if (!hands.take(piece, () -> step(piece, () -> firstStep(piece)))) {
      giveBack(piece);
    }
  }

  /** Whether work may have ended the process that had it before. */
  enum ClaimKind {
    ORDINARY,
    SUSPECT
  }

  private Report firstStep(Piece piece) {
    piece.budget().check();
    Claim claim = piece.claim();
    return claim.variant() == null
        ? inspector.inspect(claim, piece.budget())
        : deriveTogether(piece);
  }

  private Report deriveTogether(Piece first) {
    List<Deriver.Made> made = burst.derive(first, deriver);
    return made.isEmpty() ? alone(first) : made.get(0).report();
  }

  private Report alone(Piece piece) {
    return deriver.derive(List.of(piece.claim()), piece.budget()).get(0).report();
  }

  /** Whoever is known to have lost a lease has nothing to say. */
  private void tellEarly(Lease under, FoundVariant made) {
    if (leases.isHeld(under)) {
      signals.made(made);
    }
  }

  /** Whether work about a subject has not come to its end here. */
  boolean isUnderWay(Subject subject) {
    return leases.isUnderWay(subject);
  }

  /** A piece that was carried has come to the end of its step. */
  void arrive(Piece piece, Deriver.Made made) {
    Report report = made.written();
    Throwable failure = made.failure();
    if (!piece.arrive()) {
      clear(report);
    } else if (report != null) {
      guard(piece, () -> settle(piece, report));
    } else if (failure != null) {
      guard(piece, () -> fail(piece, failure));
    }
  }

  /** A piece is carried no further, and waits for a hand of its own. */
  void putDown(Piece piece) {
    if (piece.putDown()) {
      hands.resume(piece, () -> step(piece, () -> alone(piece)));
    }
  }

  /** Says whether the thread goes on: not if its work was taken from it. */
  private boolean step(Piece piece, Report.Step step) {
    if (!piece.begin()) {
      return true;
    }
    Report report = null;
    Throwable failure = null;
    try {
      report = step.take();
    } catch (Throwable thrown) {
      failure = inTime(piece, thrown);
    } finally {
      piece.budget().releaseAll();
      burst.unload(piece);
    }
    if (!piece.comeToEnd()) {
      vitals.cameBack(piece.budget());
      LOG.warn("{} came to an end after all, too late", piece.lease());
      clear(report);
      return false;
    }
    Throwable thrown = failure;
    Report made = report;
    guard(
        piece,
        () -> {
          if (thrown != null) {
            fail(piece, thrown);
          } else if (made == null) {
            end(piece);
          } else {
            settle(piece, made);
          }
        });
    return true;
  }

  /** A piece that is forgotten half way would keep its lease for ever. */
  private void guard(Piece piece, Runnable body) {
    try {
      body.run();
    } catch (RuntimeException | Error e) {
      LOG.error("{} cannot be settled and will be reaped", piece.lease(), e);
      end(piece);
    }
  }

  /** What work throws that was interrupted says nothing of the reason. */
  private Throwable inTime(Piece piece, Throwable thrown) {
    boolean late = piece.budget().overdue() > 0 && !(thrown instanceof HfsmException);
    return late
        ? new TransformationException(
            "took longer than the " + settings.workTime().toSeconds() + " s allowed", thrown, true)
        : thrown;
  }

  /** Nobody has been told to write this. */
  private static void clear(@Nullable Report report) {
    Runnable refused = report == null ? null : report.refused();
    if (refused != null) {
      try {
        refused.run();
      } catch (RuntimeException e) {
        LOG.warn("something was left for the sweep: {}", e.toString());
      }
    }
  }

  private void settle(Piece piece, Report report) {
    settler.settle(
        piece,
        report.settlement(),
        new Settler.Answer() {
          @Override
          public void settled(Settled answer) {
            guard(piece, () -> answered(piece, report, answer));
          }

          @Override
          public void failed(Throwable reason) {
            guard(piece, () -> fail(piece, reason));
          }
        });
  }

  private void answered(Piece piece, Report report, Settled answer) {
    switch (answer.outcome()) {
      case DONE -> written(piece, report, answer);
      case LEASE_LOST -> {
        LOG.info("{} is lost; another worker has it or it is gone", piece.lease());
        goRound(piece, () -> cleared(report));
      }
      case STALE_KEY ->
          goRound(
              piece,
              () -> {
                clear(report);
                throw new TransformationException(
                    "took so long that its storage key went stale", null, true);
              });
    }
  }

  private static @Nullable Report cleared(Report report) {
    clear(report);
    return null;
  }

  private void written(Piece piece, Report report, Settled answer) {
    if (answer.transition() != null) {
      notifier.tell(piece.subject().asset(), answer.transition());
    }
    Report.Step next = report.next();
    if (next != null) {
      goRound(piece, next);
    } else {
      end(piece);
      announcer.settled(piece.subject());
    }
  }

  private void goRound(Piece piece, Report.Step next) {
    if (piece.goRound()) {
      hands.resume(piece, () -> step(piece, next));
    }
  }

  private void end(Piece piece) {
    if (piece.end()) {
      leases.remove(piece.lease());
      if (leases.isUnderWay(piece.subject())) {
        signals.wake(piece.subject()); // it was given back and is here again: that is not the end
      } else {
        signals.signal(piece.subject());
      }
      hands.ended(piece);
      if (piece.isSuspect()) {
        bell.ring(); // the next suspect can be taken up
      }
    }
  }

  /** Takes work from a thread that does not come back; false if it just has. */
  boolean writeOff(Piece piece) {
    vitals.stuck(piece.budget()); // first: it may come back at any moment
    if (!piece.writeOff()) {
      vitals.cameBack(piece.budget());
      return false;
    }
    vitals.writtenOff();
    burst.unload(piece);
    String time = settings.workTime().toSeconds() + " s";
    String message = "took longer than the " + time + " allowed and did not stop when told to";
    boolean again = piece.claim().attempt() < MAX_STUCK_ATTEMPTS;
    fail(piece, new TransformationException(message, null, again));
    return true;
  }

  /** Gives work back that no thread has begun; false if one has. */
  boolean withdraw(Piece piece) {
    if (!piece.withdraw()) {
      return false;
    }
    hands.drop(piece);
    burst.unload(piece);
    settleBack(piece);
    return true;
  }

  private void giveBack(Piece piece) {
    if (piece.withdraw()) {
      burst.unload(piece);
      settleBack(piece);
    }
  }

  /** The piece must be SETTLING. */
  private void settleBack(Piece piece) {
    conclude(
        piece,
        () -> settings.ledger().work().release(piece.lease()),
        () -> announcer.announce(piece.subject(), settings.clock().instant(), 0));
  }

  private void fail(Piece piece, Throwable failed) {
    if (failed instanceof LeaseLostException) {
      LOG.info("{}; another worker has it or it is gone", failed.getMessage());
      end(piece);
      return;
    }
    if (piece.budget().isCancelled()) {
      settleBack(piece);
      return;
    }
    Failure failure = Failures.describe(failed, settings.clock().instant());
    if (failure.retryable() && piece.claim().attempt() < settings.maxAttempts()) {
      retry(piece, failure);
    } else {
      bury(piece, failure);
    }
  }

  private void retry(Piece piece, Failure failure) {
    Subject subject = piece.subject();
    int attempt = piece.claim().attempt();
    Duration delay = backoff.after(attempt);
    LOG.info(
        "attempt {} at {} failed, next in {} ms: {}",
        attempt,
        subject,
        delay.toMillis(),
        failure.message());
    conclude(
        piece,
        () -> settings.ledger().work().retry(piece.lease(), failure, delay),
        () -> {
          // The ledger counts the delay from its commit: a hint counted from the failure would come
          // before the work is due, find nothing, and be used up.
          Instant due = settings.clock().instant().plus(delay);
          announcer.announceLater(subject, due);
        });
  }

  private void bury(Piece piece, Failure failure) {
    Subject subject = piece.subject();
    LOG.warn(
        "gave up {} after attempt {}: {}", subject, piece.claim().attempt(), failure.message());
    conclude(
        piece,
        () -> settings.ledger().work().bury(piece.lease(), failure),
        () -> {
          tellOfExhaustion(subject);
          announcer.settled(subject);
        });
  }

  /** Makes the last call about a piece. */
  private void conclude(Piece piece, Runnable call, Runnable afterwards) {
    settler.settleAlone(
        piece,
        call,
        new Settler.Answer() {
          @Override
          public void settled(Settled answer) {
            try {
              afterwards.run();
            } finally {
              end(piece);
            }
          }

          @Override
          public void failed(Throwable reason) {
            if (reason instanceof LeaseLostException) {
              LOG.info("{}; another worker has it or it is gone", reason.getMessage());
            } else {
              LOG.warn(
                  "{} could not be settled and will be reaped: {}",
                  piece.lease(),
                  reason.toString());
            }
            end(piece);
          }
        });
  }

  /** Tells of the transition that giving up an inspection has caused. */
  void tellOfExhaustion(Subject subject) {
    if (subject.kind() == WorkKind.INSPECT) {
      settings.ledger().reader().history(subject.asset()).stream()
          .reduce((earlier, later) -> later)
          .filter(last -> last.event() == AssetEvent.EXHAUSTED)
          .ifPresent(
              last ->
                  notifier.tell(subject.asset(), StateMachine.require(last.from(), last.event())));
    }
  }
}
