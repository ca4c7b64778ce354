package dev.hfsm.redis;

import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.pubsub.StatefulRedisClusterPubSubConnection;
import io.lettuce.core.codec.StringCodec;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A Redis Cluster, reached with a client of the host's, which stays open. */
final class ClusterServer implements Server {

  private final RedisClusterClient client;

  ClusterServer(RedisClusterClient client) {
    this.client = client;
  }

  @Override
  public CompletionStage<Connections> connect() {
    // Which nodes there are has to be known, and may have changed.
    CompletionStage<StatefulRedisClusterConnection<String, String>> line =
        client.refreshPartitionsAsync().thenCompose(known -> client.connectAsync(StringCodec.UTF8));
    return line.thenCompose(
        connected -> {
          CompletableFuture<StatefulRedisClusterPubSubConnection<String, String>> bell =
              client.connectPubSubAsync(StringCodec.UTF8);
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
    return "cluster";
  }

  @Override
  public void close() {}
}
