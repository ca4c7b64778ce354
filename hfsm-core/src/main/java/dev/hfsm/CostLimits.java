package dev.hfsm;

import java.time.Duration;

/**
 * What variants may cost, and what happens beyond it. What is there is served whatever it has cost;
 * the bounds are on making new ones. Immutable; a bound that is not set is none.
 *
 * <p>All nodes count together, through the ledger, and each should be given the same. They know of
 * each other's spending some seconds late: between them they may go beyond a bound by what they
 * spend in ten seconds and what is owed already.
 *
 * @param scopeTime for how long threads may be busy making variants of one scope, on all nodes
 *     together and within an hour
 * @param totalTime the same for all scopes together
 * @param scopeBytes what the variants of one scope may take
 * @param totalBytes the same for all scopes together
 * @param recipes how many different recipes that are no presets may be applied to one asset
 * @param beyond what happens to a request for a new variant beyond a bound
 * @param presets whether presets are made all the same
 */
public record CostLimits(
    Duration scopeTime,
    Duration totalTime,
    long scopeBytes,
    long totalBytes,
    int recipes,
    Beyond beyond,
    Presets presets) {

  /** No bounds; beyond those that are set, requests are refused, but for presets. */
  public static final CostLimits NONE =
      new CostLimits(
          Duration.ofSeconds(Long.MAX_VALUE),
          Duration.ofSeconds(Long.MAX_VALUE),
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          Integer.MAX_VALUE,
          Beyond.REFUSE,
          Presets.ALWAYS);

  /** What happens beyond a bound. */
  public enum Beyond {
    /** A new variant is refused; over HTTP that is 429. */
    REFUSE,
    /** Clients are shown the nearest variant that is there; if there is none, as REFUSE. */
    STAND_IN,
    /** It is made; the log and {@link AssetPipeline#load} tell of it. */
    WARN
  }

  /** What presets have to do with bounds. */
  public enum Presets {
    /** They are made whatever is used up, and count towards it. */
    ALWAYS,
    /** They are as any other recipe. */
    BOUNDED
  }

  /** Which bound it is. */
  public enum Bound {
    /** {@link CostLimits#scopeTime}. */
    SCOPE_TIME,
    /** {@link CostLimits#totalTime}. */
    TOTAL_TIME,
    /** {@link CostLimits#scopeBytes}. */
    SCOPE_BYTES,
    /** {@link CostLimits#totalBytes}. */
    TOTAL_BYTES,
    /** {@link CostLimits#recipes}. */
    RECIPES
  }

  /** Refuses bounds below nothing. */
  public CostLimits {
    if (scopeTime.isNegative()
        || totalTime.isNegative()
        || scopeBytes < 0
        || totalBytes < 0
        || recipes < 0) {
      throw new IllegalArgumentException(
          "costs: expected bounds of nothing or more, found %s, %s, %d, %d, %d"
              .formatted(scopeTime, totalTime, scopeBytes, totalBytes, recipes));
    }
  }

  /** With that bound on the time that variants of one scope take within an hour. */
  public CostLimits scopeTime(Duration most) {
    return new CostLimits(most, totalTime, scopeBytes, totalBytes, recipes, beyond, presets);
  }

  /** With that bound on the time that variants of all scopes take within an hour. */
  public CostLimits totalTime(Duration most) {
    return new CostLimits(scopeTime, most, scopeBytes, totalBytes, recipes, beyond, presets);
  }

  /** With that bound on the bytes of the variants of one scope. */
  public CostLimits scopeBytes(long most) {
    return new CostLimits(scopeTime, totalTime, most, totalBytes, recipes, beyond, presets);
  }

  /** With that bound on the bytes of the variants of all scopes. */
  public CostLimits totalBytes(long most) {
    return new CostLimits(scopeTime, totalTime, scopeBytes, most, recipes, beyond, presets);
  }

  /** With that bound on the recipes that are applied to one asset. */
  public CostLimits recipes(int most) {
    return new CostLimits(scopeTime, totalTime, scopeBytes, totalBytes, most, beyond, presets);
  }

  /** With that happening beyond. */
  public CostLimits beyond(Beyond what) {
    return new CostLimits(scopeTime, totalTime, scopeBytes, totalBytes, recipes, what, presets);
  }

  /** With presets treated so. */
  public CostLimits presets(Presets how) {
    return new CostLimits(scopeTime, totalTime, scopeBytes, totalBytes, recipes, beyond, how);
  }

  boolean boundsBytes() {
    return scopeBytes < Long.MAX_VALUE || totalBytes < Long.MAX_VALUE;
  }

  boolean boundsTime() {
    return scopeTime.compareTo(NONE.scopeTime) < 0 || totalTime.compareTo(NONE.totalTime) < 0;
  }
}
