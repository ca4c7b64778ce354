package dev.hfsm.redis;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where Redis is and how it is reached. Thread-safe. */
interface Server extends AutoCloseable {

  /** Opens a pair of connections of their own. */
  CompletionStage<Connections> connect();

  /** The address, without secrets, for messages. */
  String address();

  /** Shuts the client down unless it is the host's. */
  @Override
  void close();

  /**
   * One connection for commands, and one for what is told to all, which can be used for nothing
   * else.
   */
  record Connections(
      StatefulConnection<String, String> line,
      RedisClusterAsyncCommands<String, String> commands,
      StatefulRedisPubSubConnection<String, String> bell) {

    CompletableFuture<Void> close() {
      return CompletableFuture.allOf(line.closeAsync(), bell.closeAsync());
    }
  }
}
