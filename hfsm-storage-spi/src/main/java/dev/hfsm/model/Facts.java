package dev.hfsm.model;

import dev.hfsm.error.MalformedTextException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * What is known about an asset: typed, immutable, thread-safe, with one text form ({@code
 * name=value} lines). Facts that a newer version wrote and this one does not know are kept
 * untouched.
 */
public final class Facts {

  /** Nothing is known. */
  public static final Facts NONE = new Facts(Map.of());

  private final Map<String, String> byName;

  private Facts(Map<String, String> byName) {
    this.byName = byName;
  }

  /** Just this fact. */
  public static <T> Facts of(Fact<T> fact, T value) {
    return NONE.with(fact, value);
  }

  /** These facts and one more; a known value is replaced. */
  public <T> Facts with(Fact<T> fact, T value) {
    Map<String, String> copy = new TreeMap<>(byName);
    copy.put(fact.name(), fact.clean(value).toString());
    return new Facts(copy);
  }

  /** These facts and one more if there is a value. */
  public <T> Facts withOptional(Fact<T> fact, Optional<? extends T> value) {
    return value.isPresent() ? with(fact, value.get()) : this;
  }

  /** These facts without one of them. */
  public Facts without(Fact<?> fact) {
    Map<String, String> copy = new TreeMap<>(byName);
    copy.remove(fact.name());
    return new Facts(copy);
  }

  /** These facts and those; where both know a value, {@code learned} wins. */
  public Facts and(Facts learned) {
    Map<String, String> copy = new TreeMap<>(byName);
    copy.putAll(learned.byName);
    return new Facts(copy);
  }

  /** The value, if known. */
  public <T> Optional<T> get(Fact<T> fact) {
    return Optional.ofNullable(byName.get(fact.name())).map(fact::parse);
  }

  /** Whether nothing is known. */
  public boolean isEmpty() {
    return byName.isEmpty();
  }

  /** Calls {@code visitor} with each known fact and its typed value, in order of declaration. */
  public void forEach(BiConsumer<Fact<?>, Object> visitor) {
    for (Fact<?> fact : Fact.all()) {
      get(fact).ifPresent(value -> visitor.accept(fact, value));
    }
  }

  /**
   * Reads the text form.
   *
   * @throws MalformedTextException if a line has no name, no {@code =} or a name that was there
   *     before, or a known fact's value does not parse
   */
  public static Facts parse(String text) {
    if (text.isEmpty()) {
      return NONE;
    }
    Map<String, String> byName = new TreeMap<>();
    for (String line : text.split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals < 1) {
        throw new MalformedTextException("facts", "name=value on each line", line);
      }
      if (byName.put(line.substring(0, equals), line.substring(equals + 1)) != null) {
        throw new MalformedTextException("facts", "each name once", line);
      }
    }
    Facts facts = new Facts(byName);
    for (Fact<?> fact : Fact.all()) {
      try {
        facts.get(fact);
      } catch (RuntimeException e) {
        throw new MalformedTextException(
            "fact " + fact.name(), "a valid value", byName.getOrDefault(fact.name(), ""));
      }
    }
    return facts;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Facts facts && facts.byName.equals(byName);
  }

  @Override
  public int hashCode() {
    return byName.hashCode();
  }

  /** The text form: {@code name=value} lines in order of name, without a final line break. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    byName.forEach(
        (name, value) -> {
          if (!text.isEmpty()) {
            text.append('\n');
          }
          text.append(name).append('=').append(value);
        });
    return text.toString();
  }
}
