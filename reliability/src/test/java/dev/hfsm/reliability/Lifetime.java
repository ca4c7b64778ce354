package dev.hfsm.reliability;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Ingested;
import dev.hfsm.PipelineBuilder;
import dev.hfsm.Upload;
import dev.hfsm.custody.CollectOptions;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.Refusal;
import dev.hfsm.custody.SweepOptions;
import dev.hfsm.custody.SweepOptions.Allowance;
import dev.hfsm.error.HfsmException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.error.VariantPendingException;
import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.memory.InMemoryWorkQueue;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Facts;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Subject;
import dev.hfsm.reliability.Fault.Crash;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One life of a process, in which everything happens once: ingest, inspection, a duplicate, a
 * variant, a release, a collection, an upload after it, a sweep, and the reaping of somebody else's
 * lost lease. Then another process takes over. In memory, on a clock that is moved by hand.
 */
final class Lifetime {

  static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration GRACE = Duration.ofHours(1);

  /** A turn of a chore may be in the way of each, if threads stand still. */
  private static final int ATTEMPTS = 20;

  private static final Duration LOOK = Duration.ofMillis(2);

  /**
   * When nothing has changed for so long, nothing will before some time passes. Twice as long each
   * time it was not so: a worker that stood still for that long has lost its lease, and attempts
   * are counted.
   */
  private static final long STILL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final World world;
  private final Fault fault;
  private final boolean queued;
  private final Map<String, AssetId> claims = new HashMap<>();
  private final List<String> wrong = new ArrayList<>();
  private boolean recovering;
  private boolean neededHealing;

  Lifetime(Path spool, Fault fault, boolean queued) {
    this.world = new World(spool);
    this.fault = fault;
    this.queued = queued;
  }

  Fault fault() {
    return fault;
  }

  /** Whether something was owed or left over when the first process was gone. */
  boolean neededHealing() {
    return neededHealing;
  }

  /** Lives, perhaps dies, and is recovered; says what is wrong then. */
  List<String> liveAndRecover() throws InterruptedException {
    try {
      takeStore(fault);
      leaveSomethingBehind();
      AssetPipeline assets = start(fault);
      try {
        live(assets);
      } finally {
        leave(assets);
      }
    } catch (Crash end) {
      // Nobody hears of it; whatever was not acknowledged was not promised.
    }
    wrong.addAll(world.truth.wrongNow());
    wrong.addAll(world.truth.wrongAbout(claims));
    neededHealing = !world.truth.wrongInTheEnd().isEmpty();
    recover();
    return wrong;
  }

  /** As the first put does it, where a ledger names nothing yet. */
  private void takeStore(Fault gate) throws InterruptedException {
    try (AssetPipeline built = world.pipeline(gate).build()) {
      step(() -> built.maintenance().takeStore());
    }
  }

  /** An orphan of an upload that never ended, and an inspection whose worker is dead. */
  private void leaveSomethingBehind() {
    put("orphan", new Stamp(world.clock.instant(), 1));
    AssetId left = put("left behind", new Stamp(world.clock.instant(), 2)).asset();
    world.ledger.intake().admit(admissionOf(left));
    world
        .ledger
        .work()
        .claim(ClaimRequest.about("dead-worker", List.of(Subject.inspect(left)), LEASE));
  }

  private StorageKey.Parts put(String text, Stamp stamp) {
    byte[] bytes = Toys.toy(text);
    AssetId id = AssetId.of(Digest.ofContent(bytes));
    StorageKey key = StorageKey.raw(id, stamp);
    world.blobs.put(key, new BlobRef(id.digest(), bytes.length), ByteSource.of(bytes));
    return key.parts().orElseThrow();
  }

  private Admission admissionOf(AssetId id) {
    StorageKey key =
        world.truth.objects().stream()
            .filter(k -> k.parts().filter(parts -> parts.asset().equals(id)).isPresent())
            .findFirst()
            .orElseThrow();
    claims.put("left", id);
    return new Admission(
        id, world.blobs.stat(key).orElseThrow().size(), key, ReferenceName.of("left"), Facts.NONE);
  }

  private AssetPipeline start(Fault gate) {
    PipelineBuilder builder = world.pipeline(gate);
    if (queued) {
      builder.queue(Contracts.over(new InMemoryWorkQueue(world.clock), gate));
    }
    AssetPipeline built = builder.build();
    try {
      return built.start();
    } catch (Crash | HfsmException atStart) {
      // It is not up. Unless it is dead, whoever started it starts it again.
      if (gate.isDead()) {
        return built;
      }
      built.close();
      return start(gate);
    }
  }

  private void live(AssetPipeline assets) throws InterruptedException {
    AssetId a = ingest(assets, "one", "a");
    AssetId b = ingest(assets, "two", "b");
    ingest(assets, "three", "a");
    await("inspection", () -> isInspected(a) && isInspected(b));
    derive(assets, a, Duration.ZERO); // queued
    derive(assets, b, Duration.ofMillis(1)); // begun at once
    // From here on the claim may be gone, whatever the answer is.
    claims.remove("two");
    step(() -> assets.release("two"));
    world.clock.move(GRACE.plusSeconds(1));
    step(() -> collect(assets));
    ingest(assets, "four", "b");
    world.clock.move(Stamp.SWEEP_WINDOW.plusHours(1));
    step(() -> sweep(assets));
    await("rest", this::isNothingOwed);
  }

  private static void collect(AssetPipeline assets) {
    requireDone(
        assets.maintenance().collect(new CollectOptions(GRACE, Mode.REAL), asset -> {}).refusal());
  }

  private static void sweep(AssetPipeline assets) {
    requireDone(
        assets
            .maintenance()
            .sweep(new SweepOptions(Mode.REAL, Allowance.BOUNDED), key -> {})
            .refusal());
  }

  /** A turn that died holds its lease for a while; whoever is refused for it comes again. */
  private static void requireDone(@Nullable Refusal refusal) {
    if (refusal != null) {
      throw new LedgerException(refusal.toString(), null, true);
    }
  }

  private interface Step {
    void run() throws InterruptedException;
  }

  /** Does something, and again if it failed and the process is still there, as a host would. */
  private void step(Step step) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        step.run();
        return;
      } catch (Crash | HfsmException failed) {
        if (fault.isDead() && !recovering) {
          throw new Crash("dead");
        }
        if (attempt == ATTEMPTS) {
          wrong.add("failed " + ATTEMPTS + " times: " + failed);
          return;
        }
        world.clock.move(LEASE.plusSeconds(1));
      }
    }
  }

  private AssetId ingest(AssetPipeline assets, String name, String text)
      throws InterruptedException {
    byte[] bytes = Toys.toy(text);
    step(
        () -> {
          Ingested done = assets.ingest(Upload.of(bytes).as(name));
          claims.put(name, done.id());
        });
    return AssetId.of(Digest.ofContent(bytes));
  }

  private void derive(AssetPipeline assets, AssetId id, Duration patience)
      throws InterruptedException {
    step(
        () -> {
          try {
            assets.variant(id, Toys.LOUD).awaitMade(patience);
          } catch (VariantPendingException asked) {
            // That is all that was wanted.
          }
        });
    await("a variant", () -> isReady(id));
    step(() -> assets.variant(id, Toys.LOUD).await(Duration.ZERO));
  }

  private boolean isInspected(AssetId id) {
    return world.ledger.reader().asset(id).orElseThrow().state().isDescribed();
  }

  private boolean isReady(AssetId id) {
    return world.variants(id).stream().anyMatch(row -> row.state() == VariantState.READY);
  }

  private boolean isNothingOwed() {
    return world.work().isEmpty();
  }

  /** Waits for the workers; lets time pass whenever they stand still. */
  private void await(String what, BooleanSupplier reached) throws InterruptedException {
    long start = System.nanoTime();
    long changed = start;
    long still = STILL_NANOS;
    List<WorkRow> before = List.of();
    CountDownLatch never = new CountDownLatch(1);
    while (!reached.getAsBoolean()) {
      if (fault.isDead() && !recovering) {
        throw new Crash("dead");
      }
      long now = System.nanoTime();
      List<WorkRow> work = world.work();
      if (!work.equals(before)) {
        before = work;
        changed = now;
      } else if (now - changed > still) {
        world.clock.move(LEASE.plusSeconds(1));
        changed = now;
        still *= 2;
      }
      if (now - start > PATIENCE_NANOS) {
        wrong.add("waited in vain for " + what + ", work: " + work);
        throw new Crash("stranded");
      }
      never.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void leave(AssetPipeline assets) throws InterruptedException {
    if (!fault.isDead()) {
      assets.close();
      return;
    }
    // Its threads are still there, and run against the wall.
    Thread closer = new Thread(assets::close, "undertaker");
    closer.setDaemon(true);
    closer.start();
    fault.awaitLastCalls();
  }

  private void recover() throws InterruptedException {
    recovering = true;
    world.clock.move(LEASE.plusSeconds(1));
    Fault healthy = Fault.none();
    takeStore(healthy);
    AssetPipeline assets = start(healthy);
    try {
      await("recovery", this::isNothingOwed);
      ingest(assets, "five", "c");
      step(() -> collect(assets));
      world.clock.move(Stamp.SWEEP_WINDOW.plusHours(1));
      step(() -> sweep(assets));
      await("rest", this::isNothingOwed);
    } catch (Crash stranded) {
      // Noted already.
    } finally {
      assets.close();
    }
    clearWhatWasCutShort();
    wrong.addAll(world.truth.wrongInTheEnd());
    wrong.addAll(world.truth.wrongAbout(claims));
  }

  /**
   * The pipeline collects by itself as well once the clock has moved, and was perhaps closed
   * between the rows and their bytes. What it left is garbage, which the next turn clears; no chore
   * runs beside this one.
   */
  private void clearWhatWasCutShort() throws InterruptedException {
    try (AssetPipeline next = world.pipeline(Fault.none()).build()) {
      step(() -> collect(next));
    }
  }
}
