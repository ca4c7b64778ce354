package dev.hfsm.ledger;

import dev.hfsm.model.AssetId;
import java.util.List;

/**
 * A part of the log of removals.
 *
 * @param assets of which nothing may be kept in memory that was read before; in order, some perhaps
 *     more than once
 * @param end where to read on
 * @param isComplete false if entries are not there any more that came after the place that was
 *     asked for: nothing at all may be kept in memory that was read before
 */
public record Removals(List<AssetId> assets, long end, boolean isComplete) {

  /** Copies the list. */
  public Removals {
    assets = List.copyOf(assets);
  }

  /** What is there of a log in which every place has an entry. */
  public static Removals of(List<AssetId> found, long firstPlace, long askedAfter, long logEnd) {
    boolean whole = found.isEmpty() ? askedAfter == logEnd : firstPlace == askedAfter + 1;
    return whole
        ? new Removals(found, askedAfter + found.size(), true)
        : new Removals(List.of(), logEnd, false);
  }
}
