package dev.hfsm.http;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Health;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whether requests can be answered now. The ledger is known from what the pipeline's threads saw
 * last; the store is asked, at most every two seconds and by one at a time. Thread-safe.
 */
final class Readiness {

  private static final long FRESH = Duration.ofSeconds(2).toNanos();
  private static final long TOO_LONG = Duration.ofSeconds(5).toNanos();

  private final AssetPipeline assets;
  private final Gate gate;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile long asked;
  private volatile Answer last;

  private record Answer(boolean good, long at) {}

  Readiness(AssetPipeline assets, Gate gate) {
    this.assets = assets;
    this.gate = gate;
    this.last = new Answer(false, System.nanoTime() - FRESH);
  }

  /** What stands in the way; empty if nothing does. */
  List<String> obstacles() {
    List<String> obstacles = new ArrayList<>();
    if (gate.isEnding()) {
      obstacles.add("shutting-down");
    }
    Health.Ledger ledger = assets.health().ledger();
    if (ledger == Health.Ledger.UNKNOWN) {
      obstacles.add("starting");
    } else if (ledger == Health.Ledger.UNREACHABLE) {
      obstacles.add("ledger");
    } else if (!storeAnswers()) {
      obstacles.add("store");
    }
    return obstacles;
  }

  private boolean storeAnswers() {
    long now = System.nanoTime();
    Answer before = last;
    if (now - before.at() < FRESH) {
      return before.good();
    }
    if (!asking.tryLock()) {
      // Somebody is asking. A store that takes too long is as good as none.
      return before.good() && now - asked < TOO_LONG;
    }
    try {
      asked = now;
      boolean good = assets.storeAnswers();
      last = new Answer(good, System.nanoTime());
      return good;
    } finally {
      asking.unlock();
    }
  }
}
