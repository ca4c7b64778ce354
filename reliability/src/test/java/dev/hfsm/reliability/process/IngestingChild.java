package dev.hfsm.reliability.process;

import static dev.hfsm.transform.Transformation.image;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.error.HfsmException;
import dev.hfsm.error.VariantPendingException;
import dev.hfsm.model.AssetId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Brings toys in on eight threads until it is killed, and says which were acknowledged, after they
 * were. Every fifth is one that others bring in too; for every third a variant is asked for.
 */
final class IngestingChild {

  static final int THREADS = 8;
  private static final int SHARED = 40;
  private static final int SMALL = 200_000;
  private static final int LARGE = 3_000_000; // beyond what a spool keeps in memory

  private final AssetPipeline assets;
  private final String name;

  private IngestingChild(AssetPipeline assets, String name) {
    this.assets = assets;
    this.name = name;
  }

  /** Arguments: site, name, seed. */
  public static void main(String[] arguments) throws InterruptedException {
    Parent.listen();
    String name = arguments[2];
    long seed = Long.parseLong(arguments[3]);
    Node node = Node.open(Site.of(arguments), THREADS + 4);
    AssetPipeline assets = node.pipeline().transformer(new Toys()).workers(2).start();
    IngestingChild child = new IngestingChild(assets, name);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      RandomGenerator random =
          RandomGeneratorFactory.of("L64X128MixRandom").create(seed * THREADS + number);
      threads.add(new Thread(() -> child.bringIn(number, random)));
    }
    Parent.tell("ready");
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void bringIn(int thread, RandomGenerator random) {
    for (int i = 0; ; i++) {
      try {
        // The content of a shared toy follows from its number alone.
        int shared = random.nextInt(SHARED);
        byte[] toy =
            i % 5 == 4 // the first is its own: whoever lives long enough for one has brought one
                ? Toys.toy("shared " + shared)
                : Toys.toy(name + " " + thread + " " + i, size(random), random);
        AssetId id = assets.ingest(Upload.of(toy).as(name + "/" + thread + "/" + i)).id();
        Parent.tell("ack " + id);
        if (i % 3 == 0) {
          assets.variant(id, image().width(1 + random.nextInt(9))).await(Duration.ofMillis(20));
        }
      } catch (VariantPendingException later) {
        // it was asked for, and is owed now
      } catch (HfsmException e) {
        // On a busy machine somebody may wait too long for another's lock, and is told to try
        // again.
        if (!e.retryable()) {
          Parent.failed("ingest", e);
        }
      }
    }
  }

  private static int size(RandomGenerator random) {
    return random.nextInt(20) == 0 ? random.nextInt(LARGE) : random.nextInt(SMALL);
  }
}
