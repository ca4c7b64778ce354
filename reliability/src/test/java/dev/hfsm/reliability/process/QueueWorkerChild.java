package dev.hfsm.reliability.process;

import dev.hfsm.AssetPipeline;
import dev.hfsm.redis.RedisWorkQueue;

/** A node that only works, told by Redis where. It says what it begins, and ends when told to. */
final class QueueWorkerChild {

  private QueueWorkerChild() {}

  /** Arguments: site, address of Redis. */
  public static void main(String[] arguments) {
    Parent parent = Parent.listen();
    try (Node node = Node.open(Site.of(arguments), 6);
        RedisWorkQueue queue = RedisWorkQueue.builder().uri(arguments[2]).open();
        AssetPipeline working =
            node.pipeline()
                .queue(queue)
                .workers(2)
                .transformer(new Toys((step, line) -> Parent.tell(step + " " + line)))
                .start()) {
      Parent.tell("ready");
      parent.next();
    }
    Runtime.getRuntime().halt(0);
  }
}
