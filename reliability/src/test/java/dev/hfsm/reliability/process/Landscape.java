package dev.hfsm.reliability.process;

import dev.hfsm.redis.RedisWorkQueue;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/**
 * The three servers that nodes share, in a form that can be handed to a child process.
 *
 * @param site where the ledger is
 * @param redis address of the queue's Redis
 * @param bucket endpoint of the store's bucket
 */
record Landscape(Site site, String redis, URI bucket) {

  /** A node of it with connections of its own. */
  Node node(int connections) {
    return Node.open(site, connections, Bucket.store(bucket));
  }

  RedisWorkQueue queue() {
    return RedisWorkQueue.builder().uri(redis).open();
  }

  List<String> arguments() {
    return Stream.concat(site.arguments().stream(), Stream.of(redis, bucket.toString())).toList();
  }

  /** The opposite of {@link #arguments}; what else was handed over comes after. */
  static Landscape of(String... arguments) {
    return new Landscape(Site.of(arguments), arguments[2], URI.create(arguments[3]));
  }
}
