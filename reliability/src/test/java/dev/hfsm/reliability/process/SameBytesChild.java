package dev.hfsm.reliability.process;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Ingested;
import dev.hfsm.Upload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGeneratorFactory;

/** Brings the toy of a round in on many threads at once, whenever it is told a round. */
final class SameBytesChild {

  static final int THREADS = 16;

  private SameBytesChild() {}

  /** The toy of a round: a small one, or one that a spool keeps in a file. */
  static byte[] toy(long seed, int round) {
    int size = round % 4 == 3 ? 1_500_000 : 1_000 * (1 + round % 7);
    return Toys.toy(
        "round " + round, size, RandomGeneratorFactory.of("L64X128MixRandom").create(seed + round));
  }

  /** Arguments: site, name, seed. */
  public static void main(String[] arguments) throws Exception {
    Parent parent = Parent.listen();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    Node node = Node.open(Site.of(arguments), THREADS + 4);
    AssetPipeline assets = node.pipeline().transformer(new Toys()).workers(2).start();
    Parent.tell("ready");
    for (String line = parent.next(); ; line = parent.next()) {
      int round = Integer.parseInt(line);
      byte[] toy = toy(Long.parseLong(arguments[3]), round);
      CountDownLatch start = new CountDownLatch(1);
      List<Future<Ingested>> results = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Upload upload = Upload.of(toy);
        Upload given = i % 2 == 0 ? upload : upload.as(arguments[2] + "/" + round + "/" + i);
        results.add(
            threads.submit(
                () -> {
                  start.await();
                  return assets.ingest(given);
                }));
      }
      Parent.tell("set");
      parent.next(); // go
      start.countDown();
      for (Future<Ingested> result : results) {
        Ingested ingested = result.get();
        Parent.tell("id " + ingested.id() + " " + ingested.outcome());
      }
    }
  }
}
