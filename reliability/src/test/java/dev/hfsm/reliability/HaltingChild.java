package dev.hfsm.reliability;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.custody.CollectOptions;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.SweepOptions;
import dev.hfsm.custody.SweepOptions.Allowance;
import dev.hfsm.model.AssetId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * A process over SQLite and a folder in which everything happens once, and which is gone, without
 * any clearing up, before or after the n-th call of a method. Tells of every acknowledgement.
 */
final class HaltingChild {

  static final int HALTED = 86;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private HaltingChild() {}

  /** Counts calls, and ends the process at one of them. */
  private static final class Halt implements Contracts.Gate {
    private final String call;
    private final int nth;
    private final boolean before;
    private final Map<String, Integer> seen = new TreeMap<>();

    Halt(String call, int nth, boolean before) {
      this.call = call;
      this.nth = nth;
      this.before = before;
    }

    private synchronized int count(String called) {
      return seen.merge(called, 1, Integer::sum);
    }

    synchronized Map<String, Integer> seen() {
      return new TreeMap<>(seen);
    }

    @Override
    public Object pass(String called, Contracts.Call proceed) throws Throwable {
      boolean here = count(called) == nth && called.equals(call);
      if (here && before) {
        Runtime.getRuntime().halt(HALTED);
      }
      Object answer = proceed.now();
      if (here) {
        Runtime.getRuntime().halt(HALTED);
      }
      return answer;
    }
  }

  /**
   * @param args the folder, the call, its number, the side
   */
  public static void main(String[] args) {
    Halt halt =
        new Halt(args[1], Integer.parseInt(args[2]), Fault.Side.BEFORE.name().equals(args[3]));
    try (LocalNode node = LocalNode.open(Path.of(args[0]), halt)) {
      live(node.pipeline().start());
    }
    halt.seen().forEach((call, count) -> System.out.println("CALLS " + call + " " + count));
  }

  private static void live(AssetPipeline assets) {
    try (assets) {
      AssetId a = ingest(assets, "one", "a");
      AssetId b = ingest(assets, "two", "b");
      ingest(assets, "three", "a");
      assets.variant(a, Toys.LOUD).await(PATIENCE);
      assets.variant(b, Toys.LOUD).await(PATIENCE);
      // From here on the claim may be gone, whatever becomes of the call.
      System.out.println("GONE two");
      assets.release("two");
      assets.maintenance().collect(new CollectOptions(Duration.ZERO, Mode.REAL), asset -> {});
      ingest(assets, "four", "b");
      assets.maintenance().sweep(new SweepOptions(Mode.REAL, Allowance.BOUNDED), key -> {});
      assets.awaitInspected(b, PATIENCE);
    }
  }

  private static AssetId ingest(AssetPipeline assets, String name, String text) {
    AssetId id = assets.ingest(Upload.of(Toys.toy(text)).as(name)).id();
    System.out.println("ACK " + name + " " + id);
    return id;
  }
}
