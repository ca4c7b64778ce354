package dev.hfsm.reliability.process;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import redis.embedded.RedisServer;

/**
 * A Redis of this machine that keeps nothing on disk: it comes back empty. Its port is below those
 * that systems give to connections, because one that is stopped for a while must find it free: not
 * even a client that tries to reach it may be given it for its own end.
 */
final class Redis implements AutoCloseable {

  private static final int FIRST_PORT = 20_000;
  private static final int PORTS = 10_000;
  private static final int TRIES = 20;

  private final int port;
  private RedisServer server;

  private Redis(int port) throws IOException {
    this.port = port;
    this.server = start(port);
  }

  /** A running one; somebody else may take a port that was free a moment ago, hence the tries. */
  static Redis start() {
    IOException last = null;
    for (int i = 0; i < TRIES; i++) {
      int port = FIRST_PORT + ThreadLocalRandom.current().nextInt(PORTS);
      try {
        return new Redis(port);
      } catch (IOException taken) {
        last = taken;
      }
    }
    throw new UncheckedIOException("no Redis started, " + TRIES + " times", last);
  }

  private static RedisServer start(int port) throws IOException {
    RedisServer server =
        RedisServer.newRedisServer()
            .port(port)
            .setting("bind 127.0.0.1")
            .setting("save \"\"")
            .build();
    server.start();
    return server;
  }

  String uri() {
    return "redis://127.0.0.1:" + port;
  }

  /** Throws away everything it holds, once. */
  void flush() {
    RedisClient client = RedisClient.create(uri());
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      connection.sync().flushall();
    } finally {
      client.shutdown(0, 1, TimeUnit.SECONDS);
    }
  }

  /** Throws away everything it holds, all the time, until closed. */
  AutoCloseable flushing() {
    RedisClient client = RedisClient.create(uri());
    StatefulRedisConnection<String, String> connection = client.connect();
    AtomicBoolean over = new AtomicBoolean();
    Thread flusher =
        new Thread(
            () -> {
              while (!over.get()) {
                connection.sync().flushall();
              }
            },
            "flushing");
    flusher.start();
    return () -> {
      over.set(true);
      flusher.join();
      connection.close();
      client.shutdown(0, 1, TimeUnit.SECONDS);
    };
  }

  void stop() {
    try {
      server.stop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void startAgain() {
    try {
      server = start(port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
