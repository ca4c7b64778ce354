package dev.hfsm.ledger;

import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.LedgerBell.Kind;
import dev.hfsm.ledger.LedgerBell.Ring;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Rings that a listener has heard and nobody has taken yet; equal ones are merged, and of too many
 * different ones nothing is left but that there was everything. For one thread at a time.
 */
public final class HeardRings {

  /** So many different rings mean: look everywhere. */
  private static final int MAX = 1000;

  private final Set<Ring> rings = new LinkedHashSet<>();

  /** Nothing heard yet. */
  public HeardRings() {}

  /** Adds what was heard. */
  public void addAll(Collection<Ring> more) {
    rings.addAll(more);
    if (rings.size() > MAX) {
      rings.clear();
      for (Kind kind : Kind.values()) {
        rings.add(new Ring(kind, null));
      }
    }
  }

  /** Whether nothing was heard since the last {@link #take}. */
  public boolean isEmpty() {
    return rings.isEmpty();
  }

  /** What was heard since the last call, in order, and forgets it. */
  public List<Ring> take() {
    List<Ring> all = new ArrayList<>(rings);
    rings.clear();
    return all;
  }

  /** What waiting ends with after {@link LedgerBell.Listening#close}. */
  public static LedgerException closed() {
    return new LedgerException("this listening was closed", null, false);
  }
}
