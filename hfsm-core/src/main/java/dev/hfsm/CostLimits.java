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
 * <p>Processor time is that of the threads that make variants, from fetching the original to
 * storing what was made, and what transformers tell of helpers ({@link
 * dev.hfsm.transform.Budget#help}) and of other processes; work that fails costs, waiting does not.
 * It is user and system time as the JVM measures it for threads; where it does not (some operating
 * systems, virtual threads, without the module {@code java.management}), the time that passes is
 * taken instead, less what was spent waiting for memory. What the JVM's own threads do, such as
 * collecting garbage, is nobody's.
 *
 * @param scopeCpu how much processor time making variants of one scope may take, on all nodes
 *     together and within an hour
 * @param totalCpu the same for all scopes together
 * @param scopeBytes what the variants of one scope may take
 * @param totalBytes the same for all scopes together
 * @param recipes how many different recipes that are no presets may be applied to one asset
 * @param beyond what happens to a request for a new variant beyond a bound
 * @param presets whether presets are made all the same
 */
public record CostLimits(
    Duration scopeCpu,
    Duration totalCpu,
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
    /** {@link CostLimits#scopeCpu}. */
    SCOPE_CPU,
    /** {@link CostLimits#totalCpu}. */
    TOTAL_CPU,
    /** {@link CostLimits#scopeBytes}. */
    SCOPE_BYTES,
    /** {@link CostLimits#totalBytes}. */
    TOTAL_BYTES,
    /** {@link CostLimits#recipes}. */
    RECIPES
  }

  /** Refuses bounds below nothing. */
  public CostLimits {
    if (scopeCpu.isNegative()
        || totalCpu.isNegative()
        || scopeBytes < 0
        || totalBytes < 0
        || recipes < 0) {
      throw new IllegalArgumentException(
          "costs: expected bounds of nothing or more, found %s, %s, %d, %d, %d"
              .formatted(scopeCpu, totalCpu, scopeBytes, totalBytes, recipes));
    }
  }

  /** With that bound on the processor time that variants of one scope take within an hour. */
  public CostLimits scopeCpu(Duration most) {
    return new CostLimits(most, totalCpu, scopeBytes, totalBytes, recipes, beyond, presets);
  }

  /** With that bound on the processor time that variants of all scopes take within an hour. */
  public CostLimits totalCpu(Duration most) {
    return new CostLimits(scopeCpu, most, scopeBytes, totalBytes, recipes, beyond, presets);
  }

  /** With that bound on the bytes of the variants of one scope. */
  public CostLimits scopeBytes(long most) {
    return new CostLimits(scopeCpu, totalCpu, most, totalBytes, recipes, beyond, presets);
  }

  /** With that bound on the bytes of the variants of all scopes. */
  public CostLimits totalBytes(long most) {
    return new CostLimits(scopeCpu, totalCpu, scopeBytes, most, recipes, beyond, presets);
  }

  /** With that bound on the recipes that are applied to one asset. */
  public CostLimits recipes(int most) {
    return new CostLimits(scopeCpu, totalCpu, scopeBytes, totalBytes, most, beyond, presets);
  }

  /** With that happening beyond. */
  public CostLimits beyond(Beyond what) {
    return new CostLimits(scopeCpu, totalCpu, scopeBytes, totalBytes, recipes, what, presets);
  }

  /** With presets treated so. */
  public CostLimits presets(Presets how) {
    return new CostLimits(scopeCpu, totalCpu, scopeBytes, totalBytes, recipes, beyond, how);
  }

  boolean boundsBytes() {
    return scopeBytes < Long.MAX_VALUE || totalBytes < Long.MAX_VALUE;
  }

  boolean boundsCpu() {
    return scopeCpu.compareTo(NONE.scopeCpu) < 0 || totalCpu.compareTo(NONE.totalCpu) < 0;
  }
}
