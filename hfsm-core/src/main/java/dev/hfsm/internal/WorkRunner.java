package dev.hfsm.internal;

import dev.hfsm.error.HfsmException;
import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.Failure;
import dev.hfsm.model.StateMachine;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does one claimed piece of work and settles it: done, to be tried again, or given up. Whatever
 * goes wrong ends here and in the ledger; nothing is thrown.
 */
final class WorkRunner {

  private static final Logger LOG = LoggerFactory.getLogger(WorkRunner.class);

  private final Settings settings;
  private final ActiveLeases leases;
  private final Signals signals;
  private final Announcer announcer;
  private final Notifier notifier;
  private final Inspector inspector;
  private final Deriver deriver;
  private final Backoff backoff;

  WorkRunner(Settings settings, ActiveLeases leases, Signals signals, Announcer announcer) {
    this.announcer = announcer;
    this.settings = settings;
    this.leases = leases;
    this.signals = signals;
    this.notifier = new Notifier(settings.listener());
    Sources sources =
        new Sources(
            settings.blobs(),
            settings.spool(),
            new DamageNotes(settings.ledger(), settings.clock()));
    this.inspector = new Inspector(settings, sources, notifier);
    this.deriver = new Deriver(settings, sources, notifier);
    this.backoff = new Backoff(settings.random());
  }

  void run(Claim claim) {
    WorkBudget budget = new WorkBudget(settings.limits(), settings.memory(), settings.workTime());
    leases.add(claim.lease(), budget);
    try {
      VariantRow variant = claim.variant();
      if (variant == null) {
        inspector.inspect(claim, budget);
      } else {
        deriver.derive(claim, variant, budget);
      }
    } catch (LeaseLostException lost) {
      LOG.info("{}; another worker has it or it is gone", lost.getMessage());
    } catch (RuntimeException | Error failed) {
      settle(claim, budget, failed);
    } finally {
      leases.remove(claim.lease());
      signals.signal(claim.lease().subject());
    }
  }

  private void settle(Claim claim, WorkBudget budget, Throwable failed) {
    try {
      WorkLedger work = settings.ledger().work();
      if (budget.isCancelled()) {
        work.release(claim.lease());
        return;
      }
      Failure failure = describe(failed);
      if (failure.retryable() && claim.attempt() < settings.maxAttempts()) {
        Duration delay = backoff.after(claim.attempt());
        LOG.info(
            "attempt {} at {} failed, next in {} ms: {}",
            claim.attempt(),
            claim.lease().subject(),
            delay.toMillis(),
            failure.message());
        work.retry(claim.lease(), failure, delay);
        // The ledger counts the delay from its commit: a hint counted from the failure would come
        // before the work is due, find nothing, and be used up.
        Instant due = settings.clock().instant().plus(delay);
        announcer.announce(claim.lease().subject(), due, 0);
      } else {
        bury(claim, failure);
      }
    } catch (LeaseLostException lost) {
      LOG.info("{}; another worker has it or it is gone", lost.getMessage());
    } catch (HfsmException unreachable) {
      LOG.warn(
          "{} could not be settled and will be reaped: {}",
          claim.lease(),
          unreachable.getMessage());
    }
  }

  private void bury(Claim claim, Failure failure) {
    Subject subject = claim.lease().subject();
    LOG.warn("gave up {} after attempt {}: {}", subject, claim.attempt(), failure.message());
    settings.ledger().work().bury(claim.lease(), failure);
    tellOfExhaustion(subject);
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

  /** Errors that are not ours may pass (memory, a defect on one node), so they are tried again. */
  private Failure describe(Throwable failed) {
    boolean retryable = !(failed instanceof HfsmException known) || known.retryable();
    String message = failed.getMessage() == null ? failed.toString() : failed.getMessage();
    if (!(failed instanceof HfsmException)) {
      LOG.debug("unexpected failure", failed);
      message = "unexpected " + failed.getClass().getSimpleName() + ": " + message;
    }
    return new Failure(code(failed), message, retryable, settings.clock().instant());
  }

  /** A stable code from the kind of failure, for instance {@code limit-exceeded}. */
  private static String code(Throwable failed) {
    if (failed instanceof OutOfMemoryError) {
      return "out-of-memory";
    }
    if (!(failed instanceof HfsmException)) {
      return "unexpected";
    }
    return failed
        .getClass()
        .getSimpleName()
        .replaceFirst("Exception$", "")
        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }
}
