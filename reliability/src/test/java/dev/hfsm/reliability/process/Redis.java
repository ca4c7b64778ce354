package dev.hfsm.reliability.process;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import redis.embedded.RedisServer;

/** A Redis of this machine that keeps nothing on disk: it comes back empty. */
final class Redis implements AutoCloseable {

  private final int port;
  private RedisServer server;

  Redis() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server = start(port);
  }

  private static RedisServer start(int port) {
    try {
      RedisServer server =
          RedisServer.newRedisServer()
              .port(port)
              .setting("bind 127.0.0.1")
              .setting("save \"\"")
              .build();
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
    server = start(port);
  }

  @Override
  public void close() {
    stop();
  }
}
