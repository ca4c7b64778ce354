package dev.hfsm.redis;

import java.util.regex.Pattern;

/**
 * The names this queue uses in Redis. All have the same hash tag, so that a cluster keeps them on
 * one node.
 *
 * @param prefix what they begin with
 */
record Keys(String prefix) {

  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9:._-]{0,63}");

  Keys {
    if (!PREFIX.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "prefix: expected up to 64 characters of [A-Za-z0-9:._-], the first a letter or digit,"
              + " found "
              + prefix);
    }
  }

  private String name(String rest) {
    return "{" + prefix + "}:" + rest;
  }

  /** In the order in which every script expects them. */
  String[] all() {
    return new String[] {
      name("inspect:waiting"),
      name("inspect:ready"),
      name("inspect:later"),
      name("inspect:taken"),
      name("derive:waiting"),
      name("derive:ready"),
      name("derive:later"),
      name("derive:taken"),
      name("rules"),
      name("counts")
    };
  }

  /** The channel on which is told that there is something to poll. */
  String bell() {
    return name("bell");
  }

  @Override
  public String toString() {
    return name("*");
  }
}
