package dev.hfsm.custody;

import dev.hfsm.storage.StorageKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a sweep found and did.
 *
 * @param mode whether it was done
 * @param scanned how many assets' objects were looked at
 * @param foreign how many objects are not ours by their name; they were left alone
 * @param orphans how many no row names and are old enough
 * @param landings how many direct uploads that nobody completed are old enough. They are deleted
 *     however many they are, and are not among those looked at
 * @param deleted how many of both were deleted
 * @param bytes how many bytes both take in a dry run, or those that were deleted took
 * @param failed how many could not be deleted; the next sweep tries again
 * @param examples the first few orphans
 * @param refusal why no orphan was deleted, or null
 */
public record SweepReport(
    Mode mode,
    long scanned,
    long foreign,
    long orphans,
    long landings,
    long deleted,
    long bytes,
    long failed,
    List<StorageKey> examples,
    @Nullable Refusal refusal) {

  /** Copies the list. */
  public SweepReport {
    examples = List.copyOf(examples);
  }
}
