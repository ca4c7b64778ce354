package dev.hfsm.reliability;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Plays a stage again and again, in every order of steps with at most so many preemptions. A
 * preemption takes the turn from an actor that could have gone on; that most defects need few of
 * them is shown in M. Musuvathi, S. Qadeer: Iterative Context Bounding for Systematic Testing of
 * Multithreaded Programs, PLDI 2007.
 */
final class Explorer {

  /** Sets a stage up; a new world for each run. */
  interface Stage {
    Play open();
  }

  /** A world with actors on it. */
  interface Play {
    Schedule schedule();

    /** What is wrong at any moment. */
    List<String> wrongNow();

    /** Recovers, and says what is wrong then. */
    List<String> wrongInTheEnd();
  }

  /** An order of steps that leads to something wrong. */
  record Finding(List<String> wrong, String story) {}

  private final Stage stage;
  private final int bound;
  private final int most;
  private int runs;
  private boolean complete;

  /**
   * @param bound how many preemptions at most
   * @param most how many runs at most
   */
  Explorer(Stage stage, int bound, int most) {
    this.stage = stage;
    this.bound = bound;
    this.most = most;
  }

  int runs() {
    return runs;
  }

  /** Whether every order within the bound was played. */
  boolean isComplete() {
    return complete;
  }

  /** Plays order after order, until something is wrong or there are no more. */
  Optional<Finding> explore() {
    Deque<List<Integer>> open = new ArrayDeque<>();
    open.push(List.of());
    while (!open.isEmpty() && runs < most) {
      List<Integer> prefix = open.pop();
      Play play = stage.open();
      Optional<Finding> finding = played(play, prefix);
      if (finding.isPresent()) {
        return finding;
      }
      branch(prefix, play.schedule().choices(), open);
    }
    complete = open.isEmpty();
    return Optional.empty();
  }

  /** Plays orders that are drawn by lot, whatever the bound. */
  Optional<Finding> wander(RandomGenerator random) {
    while (runs < most) {
      Optional<Finding> finding = played(stage.open(), lots(random));
      if (finding.isPresent()) {
        return finding;
      }
    }
    return Optional.empty();
  }

  /** A list longer than any run. */
  private static List<Integer> lots(RandomGenerator random) {
    List<Integer> lots = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      lots.add(-1 - random.nextInt(1 << 20));
    }
    return lots;
  }

  private Optional<Finding> played(Play play, List<Integer> prefix) {
    runs++;
    Schedule schedule = play.schedule();
    List<String> wrong = new ArrayList<>(schedule.play(prefix, play::wrongNow));
    wrong.addAll(schedule.defects());
    if (wrong.isEmpty()) {
      wrong.addAll(play.wrongInTheEnd());
    }
    return wrong.isEmpty() ? Optional.empty() : Optional.of(new Finding(wrong, schedule.story()));
  }

  private void branch(
      List<Integer> prefix, List<Schedule.Choice> choices, Deque<List<Integer>> open) {
    List<Integer> taken = new ArrayList<>();
    for (int step = 0; step < choices.size(); step++) {
      Schedule.Choice choice = choices.get(step);
      if (step >= prefix.size()) {
        int last = step == 0 ? -1 : taken.get(step - 1);
        for (int other : choice.ready()) {
          boolean preempts = other != last && choice.ready().contains(last);
          if (other != choice.chosen() && choice.switches() + (preempts ? 1 : 0) <= bound) {
            List<Integer> next = new ArrayList<>(taken);
            next.add(other);
            open.push(List.copyOf(next));
          }
        }
      }
      taken.add(choice.chosen());
    }
  }
}
