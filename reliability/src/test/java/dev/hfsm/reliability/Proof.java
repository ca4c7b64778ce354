package dev.hfsm.reliability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Properties;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * One line of the table of proofs. A test makes one when it begins, says in the end what was run
 * and how often something was violated, and calls {@link #write}; {@code ProofTableTest} puts the
 * lines together. Not thread-safe.
 *
 * <p>{@code -Dhfsm.proof=long} asks for the long mode, {@code -Dhfsm.seed=<number>} repeats a run.
 */
public final class Proof {

  private static final Path FOLDER = Path.of("target", "proof");

  private final String item;
  private final String name;
  private final long seed;
  private final long began = System.nanoTime();
  private final StringBuilder ran = new StringBuilder();
  private long violations = -1;

  private Proof(String item, String name, long seed) {
    this.item = item;
    this.name = name;
    this.seed = seed;
  }

  /**
   * Begins a proof, and prints its seed.
   *
   * @param item where its line stands in the table: a letter and perhaps a number, {@code "a"} or
   *     {@code "c2"}
   * @param name a few words, unique
   */
  public static Proof of(String item, String name) {
    Proof proof = new Proof(item, name, Long.getLong("hfsm.seed", System.nanoTime() & 0xffffffL));
    System.out.printf("proof %s, %s: seed %d, %s mode%n", item, name, proof.seed, mode());
    return proof;
  }

  /** Whether the long mode was asked for. */
  public static boolean isLong() {
    return "long".equals(System.getProperty("hfsm.proof"));
  }

  /** The first number in short mode, the second in long mode. */
  public static int inShortOrLong(int shortly, int atLength) {
    return isLong() ? atLength : shortly;
  }

  /**
   * Demands that something took no longer than the aim, in long mode alone: the short one is run by
   * machines that do other things too, which may stand still for as long as they like.
   */
  public static void requireInLongMode(String what, Duration took, Duration aim) {
    if (isLong() && took.compareTo(aim) > 0) {
      throw new AssertionError(what + ": expected " + aim + " at most, took " + took);
    }
  }

  private static String mode() {
    return isLong() ? "long" : "short";
  }

  /** The seed of this run. */
  public long seed() {
    return seed;
  }

  /** A generator that starts at the seed; each call makes one of its own, for one thread. */
  public RandomGenerator random() {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /**
   * Says what was run, and what was measured: one clause of the line. Clauses are separated by
   * semicolons.
   */
  public Proof ran(String format, Object... args) {
    ran.append(ran.isEmpty() ? "" : "; ").append(String.format(Locale.ROOT, format, args));
    return this;
  }

  /** How often something was violated that should hold. Must be said, zero included. */
  public Proof violated(long times) {
    violations = times;
    return this;
  }

  /** Writes the line, replacing that of an earlier run. */
  public void write() {
    if (violations < 0 || ran.isEmpty()) {
      throw new IllegalStateException(name + ": expected what was run and what was violated");
    }
    Properties line = new Properties();
    line.setProperty("item", item);
    line.setProperty("name", name);
    line.setProperty("ran", ran.toString());
    line.setProperty("violated", Long.toString(violations));
    line.setProperty("seed", Long.toString(seed));
    line.setProperty("mode", mode());
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    line.setProperty("seconds", "%.1f".formatted(took.toMillis() / 1000.0));
    line.setProperty("at", Instant.now().toString());
    try {
      Files.createDirectories(FOLDER);
      Path file =
          FOLDER.resolve(item + "-" + name.replaceAll("[^A-Za-z0-9]+", "-") + ".properties");
      try (Writer out = Files.newBufferedWriter(file)) {
        line.store(out, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    System.out.printf("proof %s, %s: %d violated; %s%n", item, name, violations, ran);
  }
}
