package dev.hfsm.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** One Redis, or whichever a Sentinel names. */
final class SingleServer implements Server {

  private final RedisClient client;
  private final RedisURI uri;
  private final Runnable shutdown;

  private SingleServer(RedisClient client, RedisURI uri, Runnable shutdown) {
    this.client = client;
    this.uri = uri;
    this.shutdown = shutdown;
  }

  /** With a client of the host's, which stays open and keeps its options. */
  static SingleServer through(RedisClient client, RedisURI uri) {
    return new SingleServer(client, uri, () -> {});
  }

  /**
   * With a client of its own. That does not reconnect by itself: {@link Link} opens new connections
   * instead, because a command that waits for a reconnect says too late that it is lost.
   */
  static SingleServer at(RedisURI address, Duration timeout) {
    // Of this client it is the time for a handshake, which takes more than one answer.
    RedisURI uri = RedisURI.builder(address).withTimeout(timeout.multipliedBy(2)).build();
    RedisClient client = RedisClient.create(uri);
    client.setOptions(
        ClientOptions.builder()
            .autoReconnect(false)
            .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .socketOptions(
                SocketOptions.builder()
                    .connectTimeout(timeout)
                    .keepAlive(true)
                    .tcpNoDelay(true)
                    .build())
            .build());
    return new SingleServer(
        client, uri, () -> client.shutdown(Duration.ZERO, timeout.plusSeconds(1)));
  }

  @Override
  public CompletionStage<Connections> connect() {
    CompletionStage<StatefulRedisConnection<String, String>> line =
        client.connectAsync(StringCodec.UTF8, uri);
    return line.thenCompose(
        connected -> {
          CompletionStage<StatefulRedisPubSubConnection<String, String>> bell =
              client.connectPubSubAsync(StringCodec.UTF8, uri);
          return bell.whenComplete(
                  (heard, failure) -> {
                    if (failure != null) {
                      connected.closeAsync();
                    }
                  })
              .thenApply(heard -> new Connections(connected, connected.async(), heard));
        });
  }

  @Override
  public String address() {
    return Addresses.of(uri);
  }

  @Override
  public void close() {
    shutdown.run();
  }
}
