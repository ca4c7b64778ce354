package dev.hfsm.redis;

import dev.hfsm.error.QueueException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Describes a {@link RedisWorkQueue}. Each setting can be given once. Not thread-safe. */
public final class RedisQueueBuilder {

  private static final Logger LOG = LoggerFactory.getLogger(RedisQueueBuilder.class);
  private static final String PREFIX = "hfsm";
  private static final int MAX_HINTS = 100_000;
  private static final Duration REDELIVERY = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private @Nullable Function<Duration, Server> server;
  private @Nullable String prefix;
  private @Nullable Integer maxHints;
  private @Nullable Duration redelivery;
  private @Nullable Duration timeout;

  RedisQueueBuilder() {}

  /**
   * The address of Redis: {@code redis://[user:password@]host[:port][/database]}, {@code rediss://}
   * for TLS, {@code redis-sentinel://host,host/0#master}. The queue has a client of its own then,
   * closed with it.
   */
  public RedisQueueBuilder uri(String uri) {
    RedisURI parsed;
    try {
      parsed = RedisURI.create(uri);
    } catch (IllegalArgumentException e) {
      // Not the text itself: it may hold a password.
      throw new IllegalArgumentException(
          "uri: expected redis://[user:password@]host[:port][/database], rediss:// or"
              + " redis-sentinel://, found something else",
          e);
    }
    return server(patience -> SingleServer.at(parsed, patience));
  }

  /** A client of the host's, which stays open and keeps its options, and where to connect to. */
  public RedisQueueBuilder client(RedisClient client, RedisURI uri) {
    return server(patience -> SingleServer.through(client, uri));
  }

  /** A client of the host's for a Redis Cluster, which stays open and keeps its options. */
  public RedisQueueBuilder cluster(RedisClusterClient client) {
    return server(patience -> new ClusterServer(client));
  }

  private RedisQueueBuilder server(Function<Duration, Server> given) {
    if (server != null) {
      throw new IllegalStateException(
          "expected one of uri, client and cluster, found a second one");
    }
    server = given;
    return this;
  }

  /**
   * What the keys begin with, {@code hfsm} by default. Pipelines over one ledger share it, others
   * have another.
   *
   * @param name up to 64 characters of {@code [A-Za-z0-9:._-]}, the first a letter or digit
   */
  public RedisQueueBuilder prefix(String name) {
    prefix = once("prefix", prefix, new Keys(name).prefix());
    return this;
  }

  /**
   * How many hints of each kind are kept at most, 100,000 by default. Beyond it, hints that are due
   * take the place of those that are not, and others are dropped.
   */
  public RedisQueueBuilder maxHints(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("maxHints: expected 1 or more, found " + count);
    }
    maxHints = once("maxHints", maxHints, count);
    return this;
  }

  /** After how long a hint that was not acknowledged is given out again, 10 s by default. */
  public RedisQueueBuilder redelivery(Duration duration) {
    redelivery = once("redelivery", redelivery, positive("redelivery", duration));
    return this;
  }

  /** How long Redis may take for an answer, 1 s by default. */
  public RedisQueueBuilder timeout(Duration duration) {
    timeout = once("timeout", timeout, positive("timeout", duration));
    return this;
  }

  private static Duration positive(String name, Duration duration) {
    if (duration.toMillis() < 1) {
      throw new IllegalArgumentException(name + ": expected 1 ms or more, found " + duration);
    }
    return duration;
  }

  private static <T> T once(String name, @Nullable T known, T given) {
    if (known != null) {
      throw new IllegalStateException(name + ": expected once, found a second time");
    }
    return given;
  }

  /**
   * Opens the queue. A Redis that is not there just now does not keep a node from starting: hints
   * begin to flow when it is. One that may throw hints away is warned of in the log. Use {@link
   * RedisWorkQueue#check} to insist.
   *
   * @throws QueueException if a setting has to be changed, or Redis replaced by a newer one
   */
  public RedisWorkQueue open() {
    RedisWorkQueue queue = unchecked(InstantSource.system(), () -> Duration.ZERO);
    try {
      queue.prove();
    } catch (QueueException e) {
      if (!e.retryable()) {
        queue.close();
        throw e;
      }
      LOG.debug("the queue was opened although Redis is away", e);
    }
    return queue;
  }

  /** The same by other clocks, and without asking the server anything. */
  RedisWorkQueue unchecked(InstantSource clock, Supplier<Duration> ahead) {
    Function<Duration, Server> where = server;
    if (where == null) {
      throw new IllegalStateException(
          "expected one of uri, client and cluster, found none; call .uri(...)");
    }
    Duration patience = timeout == null ? TIMEOUT : timeout;
    return new RedisWorkQueue(
        where.apply(patience),
        new Keys(prefix == null ? PREFIX : prefix),
        maxHints == null ? MAX_HINTS : maxHints,
        redelivery == null ? REDELIVERY : redelivery,
        patience,
        clock,
        ahead);
  }
}
