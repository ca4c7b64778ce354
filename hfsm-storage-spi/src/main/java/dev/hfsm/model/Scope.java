package dev.hfsm.model;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * The tenant inside which equal bytes are one asset. Scopes share nothing: the same bytes in two
 * scopes are two assets.
 *
 * @param name empty for the default scope, else 1 to 63 characters of {@code [a-z0-9_-]} that start
 *     with a letter or digit; {@code raw}, {@code var} and {@code hfsm} are reserved
 */
public record Scope(String name) implements Comparable<Scope> {

  private static final Pattern NAME = Pattern.compile("([a-z0-9][a-z0-9_-]{0,62})?");
  private static final Set<String> RESERVED = Set.of("raw", "var", "hfsm");

  /** The scope of hosts that have no tenants. */
  public static final Scope DEFAULT = new Scope("");

  /** Validates {@code name}. */
  public Scope {
    if (!NAME.matcher(name).matches() || RESERVED.contains(name)) {
      throw new IllegalArgumentException(
          "scope: expected up to 63 characters of [a-z0-9_-], not one of "
              + RESERVED
              + ", found "
              + name);
    }
  }

  /** The scope of that name. */
  public static Scope of(String name) {
    return name.isEmpty() ? DEFAULT : new Scope(name);
  }

  /**
   * {@code ""} for the default scope, else the name and a slash: the start of every storage key.
   */
  public String prefix() {
    return name.isEmpty() ? "" : name + "/";
  }

  @Override
  public int compareTo(Scope other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
