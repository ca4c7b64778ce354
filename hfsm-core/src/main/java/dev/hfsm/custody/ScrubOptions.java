package dev.hfsm.custody;

/**
 * What to scrub.
 *
 * @param sample which part of the blobs, more than 0 and up to 1 for all
 * @param seed which blobs a sample holds; the same seed chooses the same ones
 * @param mode whether to note and heal what is found
 * @param start where to begin
 */
public record ScrubOptions(double sample, long seed, Mode mode, Start start) {

  /** Where to begin. */
  public enum Start {
    /** At the first blob. */
    FRESH,
    /**
     * Where a scrub of the same sample, seed and mode was broken off; at the first blob if none
     * was.
     */
    RESUMED
  }

  /** Checks the sample. */
  public ScrubOptions {
    if (!(sample > 0 && sample <= 1)) {
      throw new IllegalArgumentException("sample: expected more than 0 up to 1, found " + sample);
    }
  }

  /** Everything, from the beginning, noting and healing what is found. */
  public static ScrubOptions full() {
    return new ScrubOptions(1, 0, Mode.REAL, Start.FRESH);
  }
}
