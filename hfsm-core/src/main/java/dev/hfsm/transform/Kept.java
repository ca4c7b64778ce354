package dev.hfsm.transform;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The value of the key {@code keep}; written in the order of {@link Keep}. */
record Kept(Set<Keep> all) {

  static final Kept NOTHING = new Kept(Set.of());

  Kept {
    all = Set.copyOf(all);
  }

  Kept and(Keep more) {
    EnumSet<Keep> both = EnumSet.of(more);
    both.addAll(all);
    return new Kept(both);
  }

  static @Nullable Object parse(String text) {
    Kept kept = NOTHING;
    for (Keep keep : Keep.values()) {
      if ((":" + text + ":").contains(":" + Param.format(keep) + ":")) {
        kept = kept.and(keep);
      }
    }
    return !kept.all.isEmpty() && kept.toString().equals(text) ? kept : null;
  }

  @Override
  public String toString() {
    return all.stream().sorted().map(Param::format).collect(Collectors.joining(":"));
  }
}
