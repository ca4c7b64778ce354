package dev.hfsm.reliability.process;

import dev.hfsm.AssetPipeline;
import dev.hfsm.error.LedgerException;
import dev.hfsm.reliability.process.Operation.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Does so many mixed operations on the same few assets as others do, and logs them. After so many
 * it goes on to other assets, as the others do: operations of unknown outcome stay possible for
 * ever, and too many of them would explain anything.
 */
final class HistoryChild {

  static final int THREADS = 2;
  static final int DIGESTS = 8;
  static final int OPERATIONS_OF_AN_ERA = 1000;
  static final String ERA = "era ";
  static final String SERIES = "history";

  private static final List<Kind> KINDS =
      List.of(
          Kind.INGEST,
          Kind.INGEST,
          Kind.INGEST,
          Kind.RETAIN,
          Kind.RETAIN,
          Kind.RELEASE,
          Kind.RELEASE,
          Kind.RELEASE,
          Kind.RELEASE,
          Kind.FIND,
          Kind.FIND,
          Kind.OPEN,
          Kind.OPEN,
          Kind.REFERENCES,
          Kind.REFERENCES,
          Kind.COLLECT,
          Kind.PURGE);

  private HistoryChild() {}

  /** Arguments: site, log file, seed, first era, how many eras there are. */
  public static void main(String[] arguments) throws InterruptedException {
    Parent.listen();
    long seed = Long.parseLong(arguments[3]);
    int first = Integer.parseInt(arguments[4]);
    int eras = Integer.parseInt(arguments[5]);
    try (Node node = open(Site.of(arguments));
        AssetPipeline assets = node.pipeline().transformer(new Toys()).workers(1).start();
        LogFile log = new LogFile(Path.of(arguments[2]))) {
      Actor actor = new Actor(node, assets, SERIES, log);
      Parent.tell("ready");
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(seed * THREADS + i);
        boolean tells = i == 0;
        threads.add(
            new Thread(
                () -> {
                  for (int era = first; era < eras; era++) {
                    if (tells) {
                      Parent.tell(ERA + era);
                    }
                    act(actor, random, era, eras);
                  }
                }));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      Parent.tell("done");
      Runtime.getRuntime().halt(0); // its leases run out, as those of the killed do
    }
  }

  /** The line may be cut at this very moment. */
  private static Node open(Site site) {
    while (true) {
      try {
        return Node.open(site, THREADS + 4);
      } catch (LedgerException e) {
        if (!e.retryable()) {
          throw e;
        }
      }
    }
  }

  private static void act(Actor actor, RandomGenerator random, int era, int eras) {
    int left = OPERATIONS_OF_AN_ERA / THREADS;
    while (left > 0) {
      Kind kind = KINDS.get(random.nextInt(KINDS.size()));
      boolean known;
      if (kind == Kind.COLLECT) {
        known = actor.collect(DIGESTS * eras);
      } else {
        int digest = DIGESTS * era + random.nextInt(DIGESTS);
        known = actor.act(kind, digest, random.nextInt(Actor.NAMES));
      }
      if (known) {
        left--;
      } else {
        LockSupport.parkNanos(20_000_000);
      }
    }
  }
}
