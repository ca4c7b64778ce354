package dev.hfsm.internal.work;

import dev.hfsm.internal.Settings;
import dev.hfsm.internal.chores.ChoreBody;
import dev.hfsm.internal.chores.ChoreContext;
import dev.hfsm.internal.chores.ChorePlan;
import dev.hfsm.internal.chores.ChorePlan.Pace;
import dev.hfsm.ledger.Reaped;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.model.Subject;
import dev.hfsm.queue.Hint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The chores about work itself: leases that have expired, due work that nobody was told of. */
final class WorkChores {

  private static final Logger LOG = LoggerFactory.getLogger(WorkChores.class);
  private static final Duration REAP_AT_LEAST_EVERY = Duration.ofMillis(500);
  private static final Duration LOOK_AT_PAUSES_EVERY = Duration.ofSeconds(5);
  static final Duration RECONCILE_EVERY = Duration.ofSeconds(10);
  private static final int BATCH = 100;
  private static final int HINTS = 1000;

  private final Settings settings;
  private final WorkRunner runner;
  private final Claimer claimer;
  private final Signals signals;
  private final Announcer announcer;
  private final Vitals vitals;

  WorkChores(
      Settings settings,
      WorkRunner runner,
      Claimer claimer,
      Signals signals,
      Announcer announcer,
      Vitals vitals) {
    this.settings = settings;
    this.runner = runner;
    this.claimer = claimer;
    this.signals = signals;
    this.announcer = announcer;
    this.vitals = vitals;
  }

  List<ChorePlan> plans() {
    Duration often = settings.lease().dividedBy(4);
    Duration reap = often.compareTo(REAP_AT_LEAST_EVERY) < 0 ? often : REAP_AT_LEAST_EVERY;
    List<ChorePlan> plans = new ArrayList<>();
    plans.add(new ChorePlan("reap", reap, Pace.FAST, this::reap));
    plans.add(new ChorePlan("pauses", LOOK_AT_PAUSES_EVERY, Pace.LOCAL, this::lookAtPauses));
    if (settings.queue() != null) {
      plans.add(new ChorePlan("reconcile", RECONCILE_EVERY, Pace.FAST, this::reconcile));
    }
    return plans;
  }

  private ChoreBody.Turn lookAtPauses(ChoreContext context) {
    vitals.paused(settings.ledger().operator().paused());
    return ChoreBody.Turn.DONE;
  }

  private ChoreBody.Turn reap(ChoreContext context) {
    Reaped reaped;
    do {
      reaped = settings.ledger().work().reap(BATCH, settings.maxAttempts());
      vitals.reaped();
      vitals.answered();
      if (!reaped.freed().isEmpty()) {
        LOG.warn("{} leases had expired, their work is due again", reaped.freed().size());
        claimer.suspectsFreed();
      }
      for (Subject buried : reaped.buried()) {
        LOG.warn("gave up {}: its workers were lost, every time", buried);
        runner.tellOfExhaustion(buried);
        signals.signal(buried);
        announcer.settled(buried);
      }
    } while (reaped.freed().size() + reaped.buried().size() >= BATCH && context.keepGoing());
    return ChoreBody.Turn.DONE;
  }

  /**
   * Offers what is due to the queue again, to the end and from the beginning each time: the note
   * says where a scan that was interrupted goes on.
   */
  private ChoreBody.Turn reconcile(ChoreContext context) {
    String noted = context.progress();
    Cursor after = noted.isEmpty() ? Cursor.START : new Cursor(noted);
    while (after != null) {
      Page<Hint> page = settings.ledger().operator().due(after, HINTS);
      if (!page.items().isEmpty()) {
        announcer.offerAtOnce(page.items()); // a scan goes no faster than the queue
      }
      after = page.next();
      if (after != null && !context.keepGoing()) {
        context.note(after.after());
        return ChoreBody.Turn.MORE;
      }
    }
    if (!noted.isEmpty()) {
      context.note("");
    }
    return ChoreBody.Turn.DONE;
  }
}
