package dev.hfsm;

import dev.hfsm.internal.CostBook;
import dev.hfsm.internal.chores.ChoreBody;
import dev.hfsm.internal.chores.ChoreBody.Turn;
import dev.hfsm.internal.chores.ChoreContext;
import dev.hfsm.internal.chores.ChorePlan;
import dev.hfsm.internal.chores.ChorePlan.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is done now and then so that all nodes know what variants cost. */
final class CostChores {

  private static final Duration TELL_EVERY = Duration.ofSeconds(5);
  private static final Duration MEASURE_EVERY = Duration.ofMinutes(10);
  private static final Duration FORGET_EVERY = Duration.ofHours(1);
  private static final Duration KEPT = CostBook.WINDOW.multipliedBy(2);

  private CostChores() {}

  static List<ChorePlan> plans(CostLimits limits) {
    List<ChorePlan> plans = new ArrayList<>();
    plans.add(
        plan(
            "costs",
            TELL_EVERY,
            Pace.LOCAL,
            context -> context.settings().costs().tell(context.settings().ledger().costs())));
    plans.add(
        plan(
            "costs-forgotten",
            FORGET_EVERY,
            Pace.SLOW,
            context -> context.settings().ledger().costs().forget(KEPT)));
    if (limits.boundsBytes()) {
      plans.add(
          plan(
              "costs-measured",
              MEASURE_EVERY,
              Pace.SLOW,
              context -> context.settings().ledger().costs().measure()));
    }
    return plans;
  }

  private interface Step {
    void take(ChoreContext context);
  }

  private static ChorePlan plan(String name, Duration every, Pace pace, Step step) {
    ChoreBody body =
        context -> {
          step.take(context);
          return Turn.DONE;
        };
    return new ChorePlan(name, every, pace, body);
  }
}
