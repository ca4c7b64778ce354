package dev.hfsm.delivery;

import dev.hfsm.ReadyVariant;
import dev.hfsm.VariantHandle;
import dev.hfsm.error.BudgetExhaustedException;
import dev.hfsm.error.HfsmException;
import dev.hfsm.error.OverloadedException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.error.VariantPendingException;
import java.time.Duration;
import java.util.Optional;

/** What a client gets when what it wants cannot be made for it now. */
final class Shedding {

  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration NEVER = Duration.ZERO;

  /** A client always waits, or else there would be no end to how many variants they can ask for. */
  private static final Duration LEAST_PATIENCE = Duration.ofMillis(1);

  private Shedding() {}

  /**
   * The variant; or another that is there and can be shown in its place, if too many wait already,
   * or if new ones would cost too much.
   *
   * @param access what of the asset they may see who get it
   */
  static ReadyVariant await(VariantHandle wanted, Route.Access access, Duration patience) {
    try {
      return wanted.awaitMade(patience.compareTo(LEAST_PATIENCE) < 0 ? LEAST_PATIENCE : patience);
    } catch (OverloadedException e) {
      return wanted.standIn(open(access)).orElseThrow(() -> e);
    } catch (BudgetExhaustedException e) {
      if (e.instead() == BudgetExhaustedException.Instead.NOTHING) {
        throw e;
      }
      return wanted.standIn(open(access)).orElseThrow(() -> e);
    }
  }

  private static VariantHandle.Among open(Route.Access access) {
    return switch (access) {
      case ANYBODY -> VariantHandle.Among.PRESETS;
      case BEARER -> VariantHandle.Among.NO_LARGER;
    };
  }

  /**
   * What it means to a client that something could not be made for it now; empty if it does not.
   */
  static Optional<Problem> problem(HfsmException e) {
    if (e instanceof OverloadedException busy) {
      return Optional.of(later(503, "Too busy to make this variant now", busy.retryAfter()));
    }
    if (e instanceof BudgetExhaustedException spent) {
      return Optional.of(later(429, "No more variants are made for now", spent.retryAfter()));
    }
    if (e instanceof VariantPendingException pending) {
      return Optional.of(later(503, "Not ready yet", pending.retryAfter()));
    }
    return e instanceof TransformationException failed && failed.retryable()
        ? Optional.of(later(503, "This variant could not be made", failed.retryAfter()))
        : Optional.empty();
  }

  /** Whole seconds, rounded up. */
  private static Problem later(int status, String title, Duration after) {
    long seconds = after.plusNanos(999_999_999).toSeconds();
    Duration soon = seconds < 1 ? SOON : Duration.ofSeconds(seconds);
    return new Problem(status, title, soon, NEVER);
  }
}
