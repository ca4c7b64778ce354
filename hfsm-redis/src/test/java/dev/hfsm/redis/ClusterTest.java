package dev.hfsm.redis;

import static dev.hfsm.redis.Hints.derive;
import static dev.hfsm.redis.Hints.inspect;
import static dev.hfsm.redis.Hints.look;
import static dev.hfsm.redis.Hints.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Queues in a Redis Cluster of three nodes: each lies on one of them, reached through any. */
@Timeout(600)
class ClusterTest {

  private static final int NODES = 3;

  @TempDir static Path folder;
  private static final List<RunningRedis> CLUSTER = new ArrayList<>();
  private static RedisClusterClient client;

  @BeforeAll
  static void start() {
    for (int i = 0; i < NODES; i++) {
      CLUSTER.add(
          RunningRedis.with(
              "cluster-enabled yes", "cluster-config-file " + folder.resolve("node" + i)));
      int[] slots = IntStream.range(firstSlot(i), firstSlot(i + 1)).toArray();
      CLUSTER.get(i).ask(commands -> commands.clusterAddSlots(slots));
    }
    CLUSTER
        .subList(1, NODES)
        .forEach(
            node -> CLUSTER.get(0).ask(commands -> commands.clusterMeet("127.0.0.1", node.port())));
    CLUSTER.forEach(node -> node.ask(commands -> knowsAll(commands::clusterInfo)));
    client = RedisClusterClient.create(CLUSTER.get(0).uri());
  }

  private static int firstSlot(int node) {
    return node * SlotHash.SLOT_COUNT / NODES;
  }

  private static boolean knowsAll(Supplier<String> info) {
    String told = "";
    while (!told.contains("cluster_state:ok") || !told.contains("cluster_size:" + NODES)) {
      told = info.get();
    }
    return true;
  }

  @AfterAll
  static void stop() {
    client.shutdown(0, 1, TimeUnit.SECONDS);
    CLUSTER.forEach(RunningRedis::close);
  }

  /** The first name whose queue lies on that node. */
  private static String prefixOn(int node) {
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> "queue" + i)
        .filter(
            prefix -> {
              int slot = SlotHash.getSlot("{" + prefix + "}:rules");
              return slot >= firstSlot(node) && slot < firstSlot(node + 1);
            })
        .findFirst()
        .orElseThrow();
  }

  private static RedisWorkQueue queue(String prefix) {
    return RedisWorkQueue.builder().cluster(client).prefix(prefix).timeout(Hints.PATIENCE).open();
  }

  @Test
  void aQueueWorksWhicheverNodeItLiesOn() {
    for (int node = 0; node < NODES; node++) {
      String prefix = prefixOn(node);
      try (RedisWorkQueue here = queue(prefix);
          RedisWorkQueue there = queue(prefix)) {
        CompletableFuture<List<Hint>> poll = waiting(there);
        Hint hint = derive("a");
        here.offer(List.of(hint));
        assertThat(poll.join()).as("on node %s", node).containsExactly(hint);
        there.ack(List.of(hint));
        here.offer(List.of(inspect("a"), derive("b")));
        assertThat(look(there)).hasSize(2);
        here.pause(WorkKind.INSPECT);
        here.offer(List.of(inspect("c"), derive("d")));
        assertThat(look(there)).extracting(Hint::subject).containsExactly(Hints.variant("d"));
      }
      RunningRedis holder = CLUSTER.get(node);
      long keys = holder.ask(commands -> commands.dbsize());
      assertThat(keys).as("keys on node %s", node).isPositive();
    }
  }
}
