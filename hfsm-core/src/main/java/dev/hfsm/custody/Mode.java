package dev.hfsm.custody;

/** Whether something is done or only looked at. */
public enum Mode {
  /** Count and name what would be done; write and delete nothing. */
  DRY_RUN,
  /** Do it. */
  REAL
}
