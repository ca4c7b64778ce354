package dev.hfsm;

import dev.hfsm.internal.custody.StoreIdentity;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Scope;
import dev.hfsm.model.Transition;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A ledger, a store and a clock in memory, and pipelines over them. */
final class Scene implements AutoCloseable {
  static final Duration PATIENT = Duration.ofSeconds(120);

  /** What the chores ask the store last: whether it keeps copies that nobody needs. */
  private static final String LAST_OF_THE_CHORES = "blobs.capability(LocalCopies)";

  final MovableClock clock = new MovableClock();
  final InMemoryLedger ledger = new InMemoryLedger(clock);
  final InMemoryBlobStore blobs = new InMemoryBlobStore();
  final Tap tap = new Tap();
  final ToyTransformer toy = new ToyTransformer();
  final List<Transition> heard = new CopyOnWriteArrayList<>();
  private final List<AssetPipeline> pipelines = new CopyOnWriteArrayList<>();
  private final Path spool;

  /** The store says already whose it is. */
  Scene(Path spool) {
    this.spool = spool;
    new StoreIdentity(ledger, blobs, new Random(7)).require();
  }

  /** A pipeline that understands toys and is watched by the tap. */
  PipelineBuilder builder() {
    return builder(2);
  }

  /** A pipeline that understands toys and does so many pieces of work at the same time. */
  PipelineBuilder builder(int workers) {
    return bare(workers).transformer(toy).listener((asset, transition) -> heard.add(transition));
  }

  /** A pipeline that understands nothing. */
  PipelineBuilder bare() {
    return bare(2);
  }

  private PipelineBuilder bare(int workers) {
    return AssetPipeline.builder()
        .ledger(tap.over(ledger))
        .blobs(tap.over(blobs))
        .clock(clock)
        .spool(spool)
        .random(new Random(42))
        .workers(workers);
  }

  AssetPipeline built(PipelineBuilder builder) {
    AssetPipeline pipeline = builder.build();
    pipelines.add(pipeline);
    return pipeline;
  }

  AssetPipeline started() {
    return started(builder());
  }

  /**
   * Starts a pipeline and waits until its chores have had their first turn, so that none comes in
   * between what a test does next. They have another as soon as the clock is moved by a minute.
   */
  AssetPipeline started(PipelineBuilder builder) {
    AssetPipeline pipeline = built(builder);
    long before = tap.count(LAST_OF_THE_CHORES);
    pipeline.start();
    while (tap.count(LAST_OF_THE_CHORES) == before) {
      Thread.onSpinWait();
    }
    return pipeline;
  }

  /** From now on another node has these chores, and no pipeline here does them. */
  void leaveToAnotherNode(String... chores) {
    for (String chore : chores) {
      while (ledger.chores().lease(chore, "another node", Duration.ofDays(1000)).isEmpty()) {
        Thread.onSpinWait();
      }
    }
  }

  /** Brings a toy in and waits until it has been inspected. */
  static AssetId inspected(AssetPipeline assets, String text) {
    AssetId id = assets.ingest(Upload.of(ToyTransformer.toy(text))).id();
    assets.awaitInspected(id, PATIENT);
    return id;
  }

  /** Waits until what was made for a client is written down as well. */
  void awaitNothingOwed(AssetId id) {
    while (!ledger.operator().work(id).isEmpty()) {
      if (Thread.interrupted()) {
        throw new AssertionError("waited in vain");
      }
      Thread.onSpinWait();
    }
  }

  List<StorageKey> objects() {
    return blobs.list("", Cursor.START, 100_000).items().stream()
        .filter(key -> key.parts().isPresent())
        .toList();
  }

  List<StorageKey> variantObjects() {
    return blobs.list("var/", Cursor.START, 1000).items();
  }

  long duplicates() {
    return ledger.operator().stats(Scope.DEFAULT).duplicates();
  }

  static String text(Content content) throws IOException {
    try (InputStream in = content.open()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Does the same on many threads, started at the same moment. */
  static <T> List<T> together(int threads, Callable<T> task) throws Exception {
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<T>> tasks =
          Collections.nCopies(
              threads,
              () -> {
                start.await();
                return task.call();
              });
      List<T> results = new CopyOnWriteArrayList<>();
      for (Future<T> future : pool.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  @Override
  public void close() {
    pipelines.forEach(AssetPipeline::close);
  }
}
