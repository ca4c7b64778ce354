package dev.hfsm.internal.work;

import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Rate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * How much work of each kind this node may still claim. A kind without a rate has no end. For one
 * thread.
 */
final class Allowances {

  private final InstantSource clock;
  private final Map<WorkKind, Window> windows = new EnumMap<>(WorkKind.class);

  Allowances(Map<WorkKind, Rate> rates, InstantSource clock) {
    this.clock = clock;
    rates.forEach((kind, rate) -> windows.put(kind, new Window(rate)));
  }

  private final class Window {
    private final Rate rate;
    private Instant begun = Instant.MIN;
    private int used;

    Window(Rate rate) {
      this.rate = rate;
    }

    private Instant end() {
      return begun.equals(Instant.MIN) ? begun : begun.plus(rate.window());
    }

    int left(Instant now) {
      // A clock that was set back puts nothing off.
      boolean over = !now.isBefore(end()) || now.isBefore(begun);
      if (over) {
        begun = Instant.MIN;
        used = 0;
      }
      return Math.max(0, rate.count() - used);
    }

    void use(Instant now) {
      if (used++ == 0) {
        begun = now;
      }
    }
  }

  /** The kinds of which anything may be claimed now. */
  Set<WorkKind> open() {
    Set<WorkKind> kinds = EnumSet.allOf(WorkKind.class);
    kinds.removeIf(kind -> left(kind, 1) == 0);
    return kinds;
  }

  /** How many pieces of a kind may be claimed now, {@code most} at most. */
  int left(WorkKind kind, int most) {
    Window window = windows.get(kind);
    return window == null ? most : Math.min(most, window.left(clock.instant()));
  }

  /** How many pieces may be claimed in one go, whichever of these kinds they turn out to be. */
  int leftOfEach(Set<WorkKind> kinds, int most) {
    return kinds.stream().mapToInt(kind -> left(kind, most)).min().orElse(0);
  }

  void use(WorkKind kind) {
    Window window = windows.get(kind);
    if (window != null) {
      window.use(clock.instant());
    }
  }

  /** In how long a kind of which nothing is left opens again; zero if it is open. */
  Duration untilMore(WorkKind kind) {
    return left(kind, 1) > 0
        ? Duration.ZERO
        : Duration.between(clock.instant(), windows.get(kind).end());
  }

  /** In how long the first closed kind opens again, {@code most} at most. */
  Duration untilMore(Duration most) {
    Duration soonest = most;
    for (WorkKind kind : windows.keySet()) {
      Duration wait = untilMore(kind);
      if (!wait.isZero() && wait.compareTo(soonest) < 0) {
        soonest = wait;
      }
    }
    return soonest;
  }
}
