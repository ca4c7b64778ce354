package dev.hfsm.jdbc;

import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.LedgerBell.Kind;
import dev.hfsm.ledger.LedgerBell.Ring;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Rings that nobody has taken yet; equal ones are merged. For one thread at a time. */
final class Heard {

  /** So many different rings mean: look everywhere. */
  private static final int MAX = 1000;

  private final Set<Ring> rings = new LinkedHashSet<>();

  void addAll(Collection<Ring> more) {
    rings.addAll(more);
    if (rings.size() > MAX) {
      rings.clear();
      for (Kind kind : Kind.values()) {
        rings.add(new Ring(kind, null));
      }
    }
  }

  boolean isEmpty() {
    return rings.isEmpty();
  }

  List<Ring> take() {
    List<Ring> all = new ArrayList<>(rings);
    rings.clear();
    return all;
  }

  static LedgerException closed() {
    return new LedgerException("this listening was closed", null, false);
  }
}
