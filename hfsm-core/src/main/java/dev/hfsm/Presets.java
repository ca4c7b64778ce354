package dev.hfsm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Presets by their names, in the order in which they were given. */
final class Presets {

  private final Map<String, Preset> byName = new LinkedHashMap<>();

  Presets(List<Preset> presets) {
    presets.forEach(preset -> byName.put(preset.name(), preset));
  }

  List<Preset> all() {
    return List.copyOf(byName.values());
  }

  /** Refuses a name that nobody gave. */
  Preset get(String name) {
    Preset preset = byName.get(name);
    if (preset == null) {
      throw new IllegalArgumentException(
          "preset: expected one of "
              + byName.keySet().stream().sorted().toList()
              + ", found "
              + name);
    }
    return preset;
  }
}
