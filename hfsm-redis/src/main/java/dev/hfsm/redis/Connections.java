package dev.hfsm.redis;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.concurrent.CompletableFuture;

/**
 * A connection for commands, and one for what is told to all, which can be used for nothing else.
 */
record Connections(
    StatefulConnection<String, String> line,
    RedisClusterAsyncCommands<String, String> commands,
    StatefulRedisPubSubConnection<String, String> bell) {

  CompletableFuture<Void> close() {
    return CompletableFuture.allOf(line.closeAsync(), bell.closeAsync());
  }
}
