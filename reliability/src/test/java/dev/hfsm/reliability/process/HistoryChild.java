package dev.hfsm.reliability.process;

import dev.hfsm.AssetPipeline;
import dev.hfsm.reliability.process.Operation.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Does so many mixed operations on the same few assets as others do, and logs them. All go on to
 * other assets together, when so many turns have been taken, so that no asset's history grows
 * beyond what can be explained. Collections are about all assets.
 */
final class HistoryChild {

  static final int THREADS = 2;
  static final int DIGESTS = 8;
  static final int TURNS_OF_A_ROUND = 4_000;
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

  private final Actor actor;
  private final FileChannel turns;
  private final int rounds;

  private HistoryChild(Actor actor, FileChannel turns, int rounds) {
    this.actor = actor;
    this.turns = turns;
    this.rounds = rounds;
  }

  /** A file of all processes together that has as many bytes as turns were taken. */
  static Path turns(Site site) {
    return site.folder().resolve("turns");
  }

  /** Arguments: site, log file, seed, number of operations, number of rounds. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Parent.listen();
    long seed = Long.parseLong(arguments[3]);
    int operations = Integer.parseInt(arguments[4]);
    Site site = Site.of(arguments);
    try (Node node = Node.openInTheEnd(site, THREADS + 4);
        FileChannel turns =
            FileChannel.open(turns(site), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        AssetPipeline assets = node.pipeline().transformer(new Toys()).workers(1).start();
        LogFile log = new LogFile(Path.of(arguments[2]))) {
      HistoryChild child =
          new HistoryChild(
              new Actor(node, assets, SERIES, log), turns, Integer.parseInt(arguments[5]));
      Parent.tell("ready");
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(seed * THREADS + i);
        threads.add(new Thread(() -> child.act(random, operations / THREADS)));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      Parent.tell("done");
      Runtime.getRuntime().halt(0); // its leases run out, as those of the killed do
    }
  }

  private void act(RandomGenerator random, int operations) {
    int left = operations;
    while (left > 0) {
      Kind kind = KINDS.get(random.nextInt(KINDS.size()));
      int first = DIGESTS * nextRound();
      boolean known;
      if (kind == Kind.COLLECT) {
        known = actor.collect(DIGESTS * rounds);
      } else {
        known = actor.act(kind, first + random.nextInt(DIGESTS), random.nextInt(Actor.NAMES));
      }
      if (known) {
        left--;
      } else {
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  /** Takes a turn; the last round has no end. */
  private int nextRound() {
    try {
      turns.write(ByteBuffer.wrap(new byte[1]));
      return (int) Math.min(rounds - 1, turns.size() / TURNS_OF_A_ROUND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
