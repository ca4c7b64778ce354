package dev.hfsm.redis;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Subject;
import dev.hfsm.model.VariantKey;
import dev.hfsm.queue.Hint;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Hints to offer, and ways to look for them. */
final class Hints {

  /** Longer than any test has patience. */
  static final Duration LONG = Duration.ofMinutes(10);

  /** For an answer of a sound Redis, however busy the machine is. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  private Hints() {}

  static Subject inspection(String name) {
    return Subject.inspect(AssetId.of(digest(name)));
  }

  static Subject variant(String name) {
    return Subject.derive(AssetId.of(digest(name)), new VariantKey(digest(name)));
  }

  private static Digest digest(String name) {
    return Digest.ofContent(name.getBytes(StandardCharsets.UTF_8));
  }

  static Hint inspect(String name) {
    return at(inspection(name), Instant.now());
  }

  static Hint derive(String name) {
    return at(variant(name), Instant.now());
  }

  static Hint at(Subject subject, Instant time) {
    return new Hint(subject, time.truncatedTo(ChronoUnit.MILLIS), 0);
  }

  static List<Hint> inspections(int count) {
    return IntStream.range(0, count).mapToObj(i -> inspect("asset " + i)).toList();
  }

  static List<Subject> subjects(List<Hint> hints) {
    return hints.stream().map(Hint::subject).toList();
  }

  static List<Hint> look(RedisWorkQueue queue) {
    return queue.poll(100, Duration.ZERO);
  }

  /** A poll that has most likely begun to wait: its queue was asked, and found empty. */
  static CompletableFuture<List<Hint>> waiting(RedisWorkQueue queue) {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    CompletableFuture<List<Hint>> found =
        CompletableFuture.supplyAsync(
            () -> {
              thread.complete(Thread.currentThread());
              return queue.poll(100, LONG);
            });
    Thread poller = thread.join();
    while (poller.getState() != Thread.State.TIMED_WAITING && !found.isDone()) {
      Thread.onSpinWait();
    }
    return found.orTimeout(2, TimeUnit.MINUTES);
  }
}
