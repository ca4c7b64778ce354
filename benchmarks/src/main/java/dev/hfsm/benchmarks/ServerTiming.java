package dev.hfsm.benchmarks;

import java.util.Set;

/** What an answer's {@code Server-Timing} says of the making of a variant. */
final class ServerTiming {

  private static final Set<String> MAKING = Set.of("decode", "transform", "encode");

  private ServerTiming() {}

  /**
   * How long making took, all its stages together, in milliseconds.
   *
   * @throws IllegalStateException if the variant was not made for this answer
   */
  static double making(String header) {
    if (!header.contains("transform;dur=")) {
      throw new IllegalStateException("expected a variant that was made now, found " + header);
    }
    double all = 0;
    for (String entry : header.split(", ")) {
      String[] parts = entry.split(";dur=");
      all += MAKING.contains(parts[0]) ? Double.parseDouble(parts[1]) : 0;
    }
    return all;
  }
}
