package dev.hfsm.custody;

/**
 * How to migrate.
 *
 * @param mode whether to copy or only to count
 * @param parallel how many blobs are copied at the same time, 1 to 64
 */
public record MigrateOptions(Mode mode, int parallel) {

  private static final int MAX_PARALLEL = 64;

  /** Checks the number. */
  public MigrateOptions {
    if (parallel < 1 || parallel > MAX_PARALLEL) {
      throw new IllegalArgumentException("parallel: expected 1 to 64, found " + parallel);
    }
  }
}
