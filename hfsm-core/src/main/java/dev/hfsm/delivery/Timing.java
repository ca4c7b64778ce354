package dev.hfsm.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Where the time of one request goes, for its {@code Server-Timing} field. For one thread. */
final class Timing {

  private final List<String> entries = new ArrayList<>();

  <T> T measure(String name, Supplier<T> body) {
    long begin = System.nanoTime();
    try {
      return body.get();
    } finally {
      add(name, Duration.ofNanos(System.nanoTime() - begin));
    }
  }

  void add(String name, Duration time) {
    entries.add(String.format(Locale.ROOT, "%s;dur=%.3f", name, time.toNanos() / 1e6));
  }

  String header() {
    return String.join(", ", entries);
  }
}
