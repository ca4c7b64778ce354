package dev.hfsm.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

/**
 * A real Redis of this machine that keeps nothing on disk. {@code -Dhfsm.redis.server=<path>} uses
 * another than the one out of Maven. Its port is below those that systems give to connections,
 * because one that is stopped for a while must find it free: not even a client that tries to reach
 * it may be given it for its own end.
 */
final class RunningRedis implements AutoCloseable {

  private static final AtomicInteger PREFIXES = new AtomicInteger();

  /** In a cluster its nodes talk on another port as well, ten thousand higher. */
  private static final int FIRST_PORT = 11_000;

  private static final int PORTS = 10_000;
  private static final int TRIES = 20;

  private final int port;
  private final List<String> settings;
  private RedisServer server;

  private RunningRedis(int port, String... settings) throws IOException {
    this.port = port;
    this.settings = List.of(settings);
    this.server = started();
  }

  /**
   * One with settings of its own, to be closed. Somebody else may have a port or take it at the
   * same moment, hence the tries.
   */
  static RunningRedis with(String... settings) {
    IOException last = null;
    for (int i = 0; i < TRIES; i++) {
      try {
        return new RunningRedis(FIRST_PORT + ThreadLocalRandom.current().nextInt(PORTS), settings);
      } catch (IOException taken) {
        last = taken;
      }
    }
    throw new UncheckedIOException("no Redis started, " + TRIES + " times", last);
  }

  /** The one all tests of this JVM share, each under a prefix of its own. */
  static RunningRedis shared() {
    return Shared.REDIS;
  }

  private static final class Shared {
    static final RunningRedis REDIS = with();

    static {
      Runtime.getRuntime().addShutdownHook(new Thread(REDIS::stop));
    }
  }

  /** Unused so far. */
  static String prefix() {
    return "test" + PREFIXES.incrementAndGet();
  }

  private RedisServer started() throws IOException {
    RedisServerBuilder builder =
        RedisServer.newRedisServer()
            .port(port)
            .setting("bind 127.0.0.1")
            .setting("save \"\"")
            .setting("appendonly no");
    settings.forEach(builder::setting);
    String other = System.getProperty("hfsm.redis.server");
    if (other != null) {
      builder.executableProvider(() -> new File(other));
    }
    RedisServer server = builder.build();
    server.start();
    return server;
  }

  /** Starts it again. */
  void start() {
    try {
      server = started();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void stop() {
    try {
      server.stop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  String uri() {
    return "redis://127.0.0.1:" + port;
  }

  /** Asks it something over a connection of its own. */
  <T> T ask(Function<RedisCommands<String, String>, T> question) {
    return ask(uri(), question);
  }

  static <T> T ask(String uri, Function<RedisCommands<String, String>, T> question) {
    RedisClient client = RedisClient.create(uri);
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      return question.apply(connection.sync());
    } finally {
      client.shutdown(0, 1, TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
