package dev.hfsm.reliability.process;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** A log in memory. Thread-safe. */
final class Notebook implements Actor.Log {

  private final Set<Operation> begun = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Operation> known = new ArrayList<>();

  @Override
  public synchronized void began(Operation unknown) {
    begun.add(unknown);
  }

  @Override
  public synchronized void ended(Operation operation, Operation as) {
    begun.remove(operation);
    known.add(as);
  }

  /** All of them. Reads without an answer say nothing and are left out. */
  synchronized List<Operation> operations() {
    List<Operation> all = new ArrayList<>(known);
    all.addAll(unknown());
    return all;
  }

  synchronized List<Operation> unknown() {
    return begun.stream().filter(o -> o.kind().writes()).toList();
  }
}
