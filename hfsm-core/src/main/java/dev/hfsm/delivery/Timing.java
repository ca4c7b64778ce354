package dev.hfsm.delivery;

import java.time.Duration;
import java.util.function.Supplier;

/** Where the time of one request goes, for its {@code Server-Timing} field. For one thread. */
final class Timing {

  private final StringBuilder entries = new StringBuilder();

  <T> T measure(String name, Supplier<T> body) {
    long begin = System.nanoTime();
    try {
      return body.get();
    } finally {
      add(name, Duration.ofNanos(System.nanoTime() - begin));
    }
  }

  /** In milliseconds with three decimals. */
  void add(String name, Duration time) {
    long micros = Math.max(0, time.toNanos() / 1000);
    String decimals = String.valueOf(1000 + micros % 1000).substring(1);
    next().append(name).append(";dur=").append(micros / 1000).append('.').append(decimals);
  }

  /** Something that takes no time worth telling. */
  void note(String name, String what) {
    next().append(name).append(";desc=").append(what);
  }

  private StringBuilder next() {
    return entries.isEmpty() ? entries : entries.append(", ");
  }

  /** Empty if there is nothing to tell. */
  String header() {
    return entries.toString();
  }
}
