package dev.hfsm.jdbc;

import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import java.util.List;
import java.util.function.Function;

/**
 * Cuts keyset pages: the statement is asked for one row more than wanted, to know if more follow.
 */
final class Pages {

  private Pages() {}

  /** What to ask the statement for. */
  static long rows(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("page: expected a limit of 1 or more, found " + limit);
    }
    return limit + 1L;
  }

  /** How many rows to look at for a page, however few of them belong on it. */
  static long look(int limit) {
    return 1000 + 4L * limit;
  }

  static <R, T> Page<T> of(
      List<R> rows, int limit, Function<R, T> item, Function<R, String> place) {
    if (rows.size() <= limit) {
      return new Page<>(rows.stream().map(item).toList(), null);
    }
    List<R> items = rows.subList(0, limit);
    Cursor next = new Cursor(place.apply(items.get(limit - 1)));
    return new Page<>(items.stream().map(item).toList(), next);
  }
}
