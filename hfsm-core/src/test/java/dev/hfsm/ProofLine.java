package dev.hfsm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Properties;

/**
 * One line of the table in docs/reliability.md, which the module {@code reliability} puts together;
 * this one has no more in common with it than the format, because it is built long before.
 */
public final class ProofLine {

  private final String item;
  private final String name;
  private final long began = System.nanoTime();
  private final long seed = Long.getLong("hfsm.seed", System.nanoTime() & 0xffffffL);

  /** Begins a proof, and prints its seed. */
  public ProofLine(String item, String name) {
    this.item = item;
    this.name = name;
    System.out.printf("proof %s, %s: seed %d, %s mode%n", item, name, seed, mode());
  }

  /** The seed of this run. */
  public long seed() {
    return seed;
  }

  /** The first number in short mode, the second in long mode. */
  public static int inShortOrLong(int shortly, int atLength) {
    return isLong() ? atLength : shortly;
  }

  private static boolean isLong() {
    return "long".equals(System.getProperty("hfsm.proof"));
  }

  private static String mode() {
    return isLong() ? "long" : "short";
  }

  /** Writes what was run and how often something was violated. */
  public void write(long violated, String format, Object... ran) {
    Properties line = new Properties();
    line.setProperty("item", item);
    line.setProperty("name", name);
    line.setProperty("ran", String.format(Locale.ROOT, format, ran));
    line.setProperty("violated", Long.toString(violated));
    line.setProperty("seed", Long.toString(seed));
    line.setProperty("mode", mode());
    line.setProperty(
        "seconds", String.format(Locale.ROOT, "%.1f", (System.nanoTime() - began) / 1e9));
    line.setProperty("at", Instant.now().toString());
    Path folder = Path.of("target", "proof");
    String file = item + "-" + name.replaceAll("[^A-Za-z0-9]+", "-") + ".properties";
    try {
      Files.createDirectories(folder);
      try (Writer out = Files.newBufferedWriter(folder.resolve(file))) {
        line.store(out, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    System.out.printf("proof %s, %s: %d violated; %s%n", item, name, violated, line.get("ran"));
  }
}
