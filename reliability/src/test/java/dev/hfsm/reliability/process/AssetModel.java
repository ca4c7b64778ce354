package dev.hfsm.reliability.process;

/**
 * An asset as it should behave, one operation after the other: a register that is empty or not, and
 * a set of at most thirty names. A state is a number: its lowest bit says whether the asset is
 * there, the others which names claim it.
 */
final class AssetModel {

  /** Nothing was ever done. */
  static final int EMPTY = 0;

  /** What cannot be. */
  static final int IMPOSSIBLE = -1;

  private static final int THERE = 1;

  private AssetModel() {}

  /** The state after {@code operation}, or {@link #IMPOSSIBLE} if it could not have ended so. */
  static int after(int state, Operation operation) {
    boolean there = state != EMPTY;
    int claim = 2 << operation.name();
    return switch (operation.kind()) {
      case INGEST -> ingested(state, there, claim, operation.outcome());
      case RETAIN -> retained(state, there, claim, operation.outcome());
      case RELEASE -> released(state, claim, operation.outcome());
      case COLLECT -> collected(state, operation.outcome());
      case PURGE -> purged(there, operation.outcome());
      case FIND, OPEN -> seen(state, there, operation.outcome());
      case REFERENCES -> state >> 1 == Integer.parseInt(operation.detail()) ? state : IMPOSSIBLE;
    };
  }

  private static int ingested(int state, boolean there, int claim, Operation.Outcome outcome) {
    return switch (outcome) {
      case CREATED -> there ? IMPOSSIBLE : THERE | claim;
      case DUPLICATE -> there ? state | claim : IMPOSSIBLE;
      case UNKNOWN -> state | THERE | claim;
      default -> IMPOSSIBLE;
    };
  }

  private static int retained(int state, boolean there, int claim, Operation.Outcome outcome) {
    return switch (outcome) {
      case DONE -> there ? state | claim : IMPOSSIBLE;
      case ABSENT -> there ? IMPOSSIBLE : state;
      case UNKNOWN -> there ? state | claim : state;
      default -> IMPOSSIBLE;
    };
  }

  private static int released(int state, int claim, Operation.Outcome outcome) {
    boolean claimed = (state & claim) != 0;
    return switch (outcome) {
      case DONE -> claimed ? state & ~claim : IMPOSSIBLE;
      case ABSENT -> claimed ? IMPOSSIBLE : state;
      case UNKNOWN -> state & ~claim;
      default -> IMPOSSIBLE;
    };
  }

  private static int collected(int state, Operation.Outcome outcome) {
    return switch (outcome) {
      case REMOVED -> state == THERE ? EMPTY : IMPOSSIBLE;
      case NONE -> state;
      case UNKNOWN -> state == THERE ? EMPTY : state;
      default -> IMPOSSIBLE;
    };
  }

  private static int purged(boolean there, Operation.Outcome outcome) {
    return switch (outcome) {
      case REMOVED -> there ? EMPTY : IMPOSSIBLE;
      case ABSENT -> there ? IMPOSSIBLE : EMPTY;
      case UNKNOWN -> EMPTY;
      default -> IMPOSSIBLE;
    };
  }

  private static int seen(int state, boolean there, Operation.Outcome outcome) {
    return switch (outcome) {
      case PRESENT -> there ? state : IMPOSSIBLE;
      case ABSENT -> there ? IMPOSSIBLE : state;
      default -> IMPOSSIBLE;
    };
  }
}
