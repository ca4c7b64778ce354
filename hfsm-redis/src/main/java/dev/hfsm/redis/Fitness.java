package dev.hfsm.redis;

import dev.hfsm.error.QueueException;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a server can hold the queue, as far as it tells. Thread-safe. */
final class Fitness {

  private static final Logger LOG = LoggerFactory.getLogger(Fitness.class);
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");
  private static final int MAJOR = 6;
  private static final int MINOR = 2;

  private final String address;
  private final AtomicBoolean warned = new AtomicBoolean();

  Fitness(String address) {
    this.address = address;
  }

  /** Fails with a {@link QueueException} if the server is too old. */
  CompletionStage<Void> check(CompletionStage<String> server, CompletionStage<String> memory) {
    return server
        .thenCombine(
            memory,
            (about, used) -> {
              requireVersion(line(about, "redis_version"));
              eviction(used).ifPresent(this::warn);
              return (Void) null;
            })
        .exceptionally(this::tolerate);
  }

  /** A user who may not ask for INFO can still run a queue. */
  private Void tolerate(Throwable failure) {
    Throwable cause = failure instanceof CompletionException e ? e.getCause() : failure;
    if (cause instanceof RedisCommandExecutionException denied
        && String.valueOf(denied.getMessage()).startsWith("NOPERM")) {
      warn("its version and eviction policy are unknown, because INFO is denied to this user");
      return null;
    }
    throw failure instanceof CompletionException e ? e : new CompletionException(failure);
  }

  private void requireVersion(Optional<String> version) {
    Matcher numbers = VERSION.matcher(version.orElse(""));
    if (numbers.matches()) {
      int major = Integer.parseInt(numbers.group(1));
      int minor = Integer.parseInt(numbers.group(2));
      if (major < MAJOR || major == MAJOR && minor < MINOR) {
        throw new QueueException(
            "Redis at "
                + address
                + " is too old: expected version 6.2 or newer, found "
                + numbers.group()
                + "; give uri(...) the address of a newer server",
            null,
            false);
      }
    }
  }

  /**
   * Fails with a {@link QueueException} if the server may throw hints away, which costs time and no
   * work: a queue does its duty there all the same.
   */
  CompletionStage<Void> insistOnKeeping(CompletionStage<String> memory) {
    return memory
        .thenAccept(
            used ->
                eviction(used)
                    .ifPresent(
                        text -> {
                          throw new QueueException(
                              "Redis at " + address + " is not fit: " + text, null, false);
                        }))
        .exceptionally(this::tolerate);
  }

  private static Optional<String> eviction(String memory) {
    boolean bounded = !line(memory, "maxmemory").orElse("0").equals("0");
    return line(memory, "maxmemory_policy")
        .filter(policy -> bounded && !policy.equals("noeviction"))
        .map(
            policy ->
                "its maxmemory-policy is "
                    + policy
                    + ", so hints can vanish and be late; set it to noeviction");
  }

  private void warn(String text) {
    if (!warned.getAndSet(true)) {
      LOG.warn("Redis at {}: {}", address, text);
    }
  }

  private static Optional<String> line(String info, String name) {
    return info.lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst();
  }
}
