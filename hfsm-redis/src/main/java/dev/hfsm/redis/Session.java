package dev.hfsm.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A pair of connections while it lasts. It is never mended: a broken one is replaced. */
final class Session {

  private final Connections connections;
  private final Keys keys;
  private final String[] names;

  Session(Connections connections, Keys keys) {
    this.connections = connections;
    this.keys = keys;
    this.names = keys.all();
  }

  /**
   * Looks whether the server is fit for its purpose, and begins to listen.
   *
   * @param ring called whenever there may be something to poll
   * @param lost called when a connection has ended
   */
  CompletionStage<Session> begin(Fitness fitness, Runnable ring, Consumer<Session> lost) {
    RedisConnectionStateListener ending =
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            lost.accept(Session.this);
          }
        };
    connections.bell().addListener(ending);
    connections.line().addListener(ending);
    connections
        .bell()
        .addListener(
            new RedisPubSubAdapter<String, String>() {
              @Override
              public void message(String channel, String message) {
                ring.run();
              }
            });
    CompletionStage<Void> fit =
        fitness.check(connections.commands().info("server"), connections.commands().info("memory"));
    return fit.thenCompose(known -> connections.bell().async().subscribe(keys.bell()))
        .thenApply(listening -> this);
  }

  /** Fails if the server may throw hints away, as it is set just now. */
  CompletionStage<Void> insistOnKeeping(Fitness fitness) {
    return fitness.insistOnKeeping(connections.commands().info("memory"));
  }

  /** Runs a script; Redis is told its text only if it does not know it yet. */
  CompletableFuture<List<Object>> run(Script script, List<String> arguments) {
    String[] values = arguments.toArray(String[]::new);
    CompletableFuture<List<Object>> answer = new CompletableFuture<>();
    try {
      connections
          .commands()
          .<List<Object>>evalsha(script.digest(), ScriptOutputType.MULTI, names, values)
          .whenComplete(
              (found, failure) -> {
                if (failure instanceof RedisNoScriptException) {
                  tell(script, values, answer);
                } else {
                  settle(answer, found, failure);
                }
              });
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
    return answer;
  }

  private void tell(Script script, String[] values, CompletableFuture<List<Object>> answer) {
    try {
      connections
          .commands()
          .<List<Object>>eval(script.text(), ScriptOutputType.MULTI, names, values)
          .whenComplete((found, failure) -> settle(answer, found, failure));
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  private static void settle(
      CompletableFuture<List<Object>> answer, List<Object> found, Throwable failure) {
    if (failure == null) {
      answer.complete(found);
    } else {
      answer.completeExceptionally(failure);
    }
  }

  /** Asks for a sign of life of the connection that listens, which has nothing to say for long. */
  CompletableFuture<String> ping() {
    try {
      return connections.bell().async().ping().toCompletableFuture();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  CompletableFuture<Void> close() {
    return connections.close();
  }
}
