package dev.hfsm;

import dev.hfsm.transform.Transformation;
import java.util.Map;

/** Recipes by their names. */
record Presets(Map<String, Transformation> byName) {

  Presets {
    byName = Map.copyOf(byName);
  }

  /** Refuses a name that nobody gave. */
  Transformation get(String name) {
    Transformation recipe = byName.get(name);
    if (recipe == null) {
      throw new IllegalArgumentException(
          "preset: expected one of "
              + byName.keySet().stream().sorted().toList()
              + ", found "
              + name);
    }
    return recipe;
  }
}
