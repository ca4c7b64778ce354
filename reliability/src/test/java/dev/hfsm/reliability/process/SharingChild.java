package dev.hfsm.reliability.process;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Ingested;
import dev.hfsm.Upload;
import dev.hfsm.redis.RedisWorkQueue;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * A whole node of a landscape: it brings toys in, asks for a variant of each, and works. {@code
 * slow} ones are not rendered before the parent says {@code go}.
 *
 * <p>It is told {@code bring <name> <count>}, {@code go} and {@code end}. It says {@code ack
 * <asset> <outcome>} of each toy, {@code brought <name>} when a round is over, {@code INSPECT} or
 * {@code RENDER} and the line when it begins a piece of work, {@code in} and the line when it holds
 * one, and {@code published <key>} or {@code refused <key>} when it has ended one.
 */
final class SharingChild {

  /** Long enough that no pause of a busy machine outlives the half of it that is left. */
  static final Duration LEASE = Duration.ofSeconds(10);

  private static final int THREADS = 4;
  private static final int WORKERS = 2;

  private final CountDownLatch go = new CountDownLatch(1);
  private final ExecutorService bringing = Executors.newFixedThreadPool(THREADS);

  private SharingChild() {}

  /** Arguments: landscape. */
  public static void main(String[] arguments) {
    Parent parent = Parent.listen();
    Landscape landscape = Landscape.of(arguments);
    SharingChild child = new SharingChild();
    try (Node node = landscape.node(THREADS + WORKERS + 4);
        RedisWorkQueue queue = landscape.queue();
        AssetPipeline assets =
            node.pipeline(Watched.over(node.ledger(), Parent::tell), LEASE)
                .queue(queue)
                .workers(WORKERS)
                .workTime(Factory.HELD_FOR)
                .transformer(new Toys(child::before))
                .start()) {
      Parent.tell("ready");
      child.obey(parent, assets);
    }
    Runtime.getRuntime().halt(0);
  }

  /** Until it is told to end. */
  private void obey(Parent parent, AssetPipeline assets) {
    while (true) {
      String[] words = parent.next().split(" ");
      switch (words[0]) {
        case "bring" -> bring(assets, words[1], Integer.parseInt(words[2]));
        case "go" -> go.countDown();
        default -> {
          return;
        }
      }
    }
  }

  private void bring(AssetPipeline assets, String name, int count) {
    CompletableFuture<?>[] all =
        IntStream.range(0, count)
            .mapToObj(i -> name + " " + i)
            .map(line -> CompletableFuture.runAsync(() -> bring(assets, line), bringing))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(all)
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                Parent.tell("brought " + name);
              } else {
                Parent.failed(name, failure);
              }
            });
  }

  private static void bring(AssetPipeline assets, String line) {
    Ingested ingested = assets.ingest(Upload.of(Toys.toy(line)));
    Parent.tell("ack " + ingested.id() + " " + ingested.outcome());
    assets.awaitInspected(ingested.id(), Factory.PATIENCE);
    Factory.want(assets, ingested.id());
  }

  private void before(Toys.Step step, String line) {
    Parent.tell(step + " " + line);
    if (line.startsWith("slow") && step == Toys.Step.RENDER) {
      Parent.tell("in " + line);
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
