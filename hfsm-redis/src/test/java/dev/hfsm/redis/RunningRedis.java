package dev.hfsm.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

/**
 * A real Redis of this machine that keeps nothing on disk. {@code -Dhfsm.redis.server=<path>} uses
 * another than the one out of Maven.
 */
final class RunningRedis implements AutoCloseable {

  private static final AtomicInteger PREFIXES = new AtomicInteger();
  private static final int BUS = 10_000;
  private static final int HIGHEST_PORT = 65_535;

  private final int port = freePort();
  private final List<String> settings;
  private RedisServer server;

  private RunningRedis(String... settings) {
    this.settings = List.of(settings);
    start();
  }

  /** One with settings of its own, to be closed. */
  static RunningRedis with(String... settings) {
    return new RunningRedis(settings);
  }

  /** The one all tests of this JVM share, each under a prefix of its own. */
  static RunningRedis shared() {
    return Shared.REDIS;
  }

  private static final class Shared {
    static final RunningRedis REDIS = new RunningRedis();

    static {
      Runtime.getRuntime().addShutdownHook(new Thread(REDIS::stop));
    }
  }

  /** Unused so far. */
  static String prefix() {
    return "test" + PREFIXES.incrementAndGet();
  }

  /** In a cluster its nodes talk on another port, so much higher. */
  private static int freePort() {
    while (true) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        if (socket.getLocalPort() + BUS <= HIGHEST_PORT) {
          return socket.getLocalPort();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  void start() {
    try {
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
      server = builder.build();
      server.start();
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
