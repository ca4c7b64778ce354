package dev.hfsm.internal.custody;

import java.util.ArrayList;
import java.util.List;

/** The first few of many. For one thread. */
final class Examples<T> {

  private static final int MAX = 20;

  private final List<T> first = new ArrayList<>();

  void add(T item) {
    if (first.size() < MAX) {
      first.add(item);
    }
  }

  List<T> list() {
    return List.copyOf(first);
  }
}
