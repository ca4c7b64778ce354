package dev.hfsm.custody;

import java.util.List;

/**
 * What a scrub found and did.
 *
 * @param mode whether findings were noted and healed
 * @param blobs how many blobs were hashed
 * @param bytes how many bytes they had
 * @param originals how many originals are missing or damaged
 * @param variants how many variants were; they have been evicted and requested again
 * @param unreadable how many blobs could not be read, which is not damage
 * @param recovered how many originals were noted as damaged and are sound again
 * @param examples the first few findings
 */
public record ScrubReport(
    Mode mode,
    long blobs,
    long bytes,
    long originals,
    long variants,
    long unreadable,
    long recovered,
    List<Finding> examples) {

  /** Copies the list. */
  public ScrubReport {
    examples = List.copyOf(examples);
  }

  /** Whether nothing was wrong. */
  public boolean isClean() {
    return originals + variants + unreadable == 0;
  }
}
