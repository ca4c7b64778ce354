package dev.hfsm.reliability.process;

import dev.hfsm.AssetPipeline;
import dev.hfsm.error.TransformationException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * A node that only works. What it does with a toy is said by the toy's line: {@code slow} ones are
 * not rendered before the parent says so, a {@code poison} ends the process, and the first attempt
 * at a {@code flaky} one fails.
 */
final class WorkerChild {

  private final CountDownLatch go = new CountDownLatch(1);
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  private WorkerChild() {}

  /** Arguments: site, number of workers, how far the clock is ahead. */
  public static void main(String[] arguments) {
    Parent parent = Parent.listen();
    int workers = Integer.parseInt(arguments[2]);
    Duration ahead = Duration.parse(arguments[3]);
    InstantSource system = InstantSource.system();
    WorkerChild child = new WorkerChild();
    Node node = Node.openInTheEnd(Site.of(arguments), 10);
    AssetPipeline.builder()
        .ledger(Watched.over(node.ledger(), Parent::tell))
        .blobs(node.blobs())
        .spool(Site.of(arguments).folder().resolve("spool"))
        .lease(Node.LEASE)
        .workTime(Factory.HELD_FOR)
        .clock(() -> system.instant().plus(ahead))
        .workers(workers)
        .transformer(new Toys(child::before))
        .start();
    Parent.tell("ready");
    while (true) {
      parent.next(); // go
      child.go.countDown();
    }
  }

  /** Heeds no budget: what it has begun it ends, however late. */
  private void before(Toys.Step step, String line) {
    if (line.startsWith("poison")) {
      Runtime.getRuntime().halt(9);
    }
    if (line.startsWith("flaky") && seen.add(step + line)) {
      throw new TransformationException("fails once", null, true);
    }
    if (line.startsWith("slow") && step == Toys.Step.RENDER) {
      Parent.tell("in " + line);
      while (go.getCount() > 0) {
        try {
          go.await();
        } catch (InterruptedException e) {
          // it does not heed that either
        }
      }
    }
  }
}
