package dev.hfsm.reliability.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.reliability.Proof;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Work that ends every process which takes it up, while supervised processes come back. */
@Timeout(3600)
class PoisonTest {

  /** So many that some are up while those that were halted start again. */
  private static final int NODES = 4;

  private static final Duration BETWEEN = Duration.ofMillis(100);
  private static final Duration BY_THEN = Duration.ofMinutes(15);

  /**
   * Its own lease may end with the process, and the one that follows alone; two more may run out
   * because a machine that is busy with starting JVMs stands still for longer than they last. Half
   * of what the poison dies of.
   */
  private static final int ATTEMPTS_OF_INNOCENTS = 4;

  @TempDir Path folder;
  private final List<String> wrong = new ArrayList<>();

  /** Processes that are started again whenever they have ended. */
  private static final class Supervised implements AutoCloseable {
    private final Site site;
    private final List<Child> children = new ArrayList<>();
    private int ended;

    Supervised(Site site) {
      this.site = site;
      for (int i = 0; i < NODES; i++) {
        children.add(Factory.startWorker(site, 2, Duration.ZERO));
      }
      children.forEach(child -> child.await("ready", Factory.PATIENCE));
    }

    void look() {
      for (int i = 0; i < NODES; i++) {
        if (!children.get(i).isAlive()) {
          ended++;
          children.set(i, Factory.startWorker(site, 2, Duration.ZERO));
        }
      }
    }

    @Override
    public void close() {
      children.forEach(Child::close);
    }
  }

  @Test
  void poisonDiesOfItsAttemptsAndTakesNobodyWithIt() {
    Proof proof = Proof.of("e3", "poison: work that halts its JVM");
    Site site = Site.create(Site.Kind.POSTGRESQL, folder);
    List<AssetId> innocents = new ArrayList<>();
    try (Node node = Node.open(site, 4);
        Supervised supervised = new Supervised(site);
        AssetPipeline asking = node.pipeline().build()) {
      AssetId poison = asking.ingest(Upload.of(Toys.toy("poison"))).id();
      long deadline = System.nanoTime() + BY_THEN.toNanos();
      while (state(node, poison) != AssetState.FAILED && System.nanoTime() < deadline) {
        String line = "innocent " + innocents.size();
        innocents.add(asking.ingest(Upload.of(Toys.toy(line))).id());
        LockSupport.parkNanos(BETWEEN.toNanos());
        supervised.look();
      }
      supervised.look();
      for (AssetId innocent : innocents) {
        asking.awaitInspected(innocent, Factory.PATIENCE);
      }
      checkPoison(node, poison);
      innocents.forEach(id -> checkInnocent(node, id));
      long longest = innocents.stream().mapToLong(id -> delay(node, id)).max().orElseThrow();
      long late = innocents.stream().filter(id -> delay(node, id) > Node.LEASE.toMillis()).count();
      proof
          .ran("%d JVMs halted by one piece of work, which is dead then", supervised.ended)
          .ran("%d other pieces meanwhile, none buried", innocents.size())
          .ran("%d of them took longer than a lease, the longest %d ms", late, longest);
      assertThat(supervised.ended).isGreaterThan(2);
    }
    proof.violated(wrong.size()).write();
    assertThat(wrong).isEmpty();
  }

  private static AssetState state(Node node, AssetId id) {
    return node.ledger().reader().asset(id).map(AssetRow::state).orElseThrow();
  }

  private void checkPoison(Node node, AssetId poison) {
    List<WorkRow> work = node.ledger().operator().work(poison);
    if (work.size() != 1
        || !work.get(0).dead()
        || !Objects.requireNonNull(work.get(0).failure()).code().equals("worker-lost")) {
      wrong.add("the poison's work: " + work);
    }
  }

  private void checkInnocent(Node node, AssetId id) {
    HistoryEntry last = described(node, id);
    if (last.to() != AssetState.METADATA_READY || last.attempt() > ATTEMPTS_OF_INNOCENTS) {
      wrong.add("an innocent came to " + last);
    }
  }

  private static HistoryEntry described(Node node, AssetId id) {
    List<HistoryEntry> history = node.ledger().reader().history(id);
    return history.get(history.size() - 1);
  }

  /** From its admission to the end of its inspection, in ms on the ledger's clock. */
  private static long delay(Node node, AssetId id) {
    HistoryEntry first = node.ledger().reader().history(id).get(0);
    return Duration.between(first.at(), described(node, id).at()).toMillis();
  }
}
