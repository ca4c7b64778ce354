package dev.hfsm.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a keyset scan.
 *
 * @param items in ascending order; may be empty even when more follow
 * @param next where to go on, or null when the scan has reached the end
 * @param <T> what is listed
 */
public record Page<T>(List<T> items, @Nullable Cursor next) {

  /** Copies {@code items}. */
  public Page {
    items = List.copyOf(items);
  }
}
