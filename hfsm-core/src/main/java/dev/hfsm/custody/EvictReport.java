package dev.hfsm.custody;

import dev.hfsm.ledger.Evictable;
import java.util.List;

/**
 * What an eviction did, or would do.
 *
 * @param mode whether it was done
 * @param budget how many bytes variants may take
 * @param before how many they took
 * @param variants how many were evicted
 * @param bytes how many bytes they took
 * @param garbage what became of the objects, older garbage included
 * @param examples the first few, the least worth first
 */
public record EvictReport(
    Mode mode,
    long budget,
    long before,
    long variants,
    long bytes,
    Cleared garbage,
    List<Evictable> examples) {

  /** Copies the list. */
  public EvictReport {
    examples = List.copyOf(examples);
  }

  /** Whether variants still take more than the budget, because the others were used lately. */
  public boolean isOver() {
    return before - bytes > budget;
  }
}
