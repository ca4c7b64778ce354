package dev.hfsm.custody;

/**
 * How to sweep.
 *
 * @param mode whether to do it
 * @param allowance how much may be swept
 */
public record SweepOptions(Mode mode, Allowance allowance) {

  /** How much may be swept. */
  public enum Allowance {
    /** The higher of 100 orphans and 5 % of what is stored; if there are more, none of them. */
    BOUNDED,
    /** Whatever is found. */
    UNBOUNDED
  }
}
