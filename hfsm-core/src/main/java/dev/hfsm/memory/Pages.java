package dev.hfsm.memory;

import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Cuts keyset pages out of sorted rows: the cursor is the last row's place, not its number. */
final class Pages {

  private Pages() {}

  /**
   * The first {@code limit} rows strictly after a cursor.
   *
   * @param sorted all rows, in ascending order of {@code place}
   * @param place the text a row is sorted by, unique among the rows
   */
  static <T> Page<T> of(Stream<T> sorted, Function<T, String> place, Cursor after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("page: expected a limit of 1 or more, found " + limit);
    }
    List<T> rest =
        sorted
            .filter(row -> place.apply(row).compareTo(after.after()) > 0)
            .limit(limit + 1L)
            .toList();
    if (rest.size() <= limit) {
      return new Page<>(rest, null);
    }
    List<T> items = rest.subList(0, limit);
    return new Page<>(items, new Cursor(place.apply(items.get(limit - 1))));
  }
}
