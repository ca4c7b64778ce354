package dev.hfsm;

import dev.hfsm.transform.Transformation;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A recipe with a name. Of assets that are public, anybody may ask for it; for nothing else.
 *
 * @param name 1 to 32 characters of {@code [a-z0-9-]} that start with a letter or digit
 * @param recipe what is made
 * @param widths in which it may be asked for besides, in pixels, ascending; may be empty
 */
public record Preset(String name, Transformation recipe, List<Integer> widths) {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

  /** Puts the widths in order and refuses one that is given twice or out of range. */
  public Preset {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("preset: expected [a-z0-9][a-z0-9-]{0,31}, found " + name);
    }
    List<Integer> ordered = widths.stream().sorted().distinct().toList();
    if (ordered.size() != widths.size()) {
      throw new IllegalArgumentException(
          "preset " + name + ": expected each width once, found " + widths);
    }
    ordered.forEach(recipe::inWidth);
    widths = ordered;
  }

  /**
   * The recipe in one of its widths.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  public Transformation in(int width) {
    if (!widths.contains(width)) {
      throw new IllegalArgumentException(
          "preset %s: expected one of the widths %s, found %d".formatted(name, widths, width));
    }
    return recipe.inWidth(width);
  }

  /** All that may be asked for by this name: the recipe, and the recipe in each width. */
  List<Transformation> recipes() {
    return Stream.concat(Stream.of(recipe), widths.stream().map(recipe::inWidth)).toList();
  }
}
