package dev.hfsm;

import org.jspecify.annotations.Nullable;

/** A setting that can be given once. Not thread-safe. */
final class Once<T> {
  private final String name;
  private @Nullable T value;

  /**
   * @param name of the method that sets it, for whoever forgot to call it or did so twice
   */
  Once(String name) {
    this.name = name;
  }

  void set(T given) {
    if (value != null) {
      throw new IllegalStateException(name + ": expected once, found a second time");
    }
    value = given;
  }

  @Nullable T orNull() {
    return value;
  }

  T orElse(T fallback) {
    return value == null ? fallback : value;
  }

  T required() {
    if (value == null) {
      throw new IllegalStateException(name + ": expected, found nothing; call ." + name + "(...)");
    }
    return value;
  }
}
