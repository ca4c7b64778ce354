package dev.hfsm.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.AssetPipeline;
import dev.hfsm.PipelineBuilder;
import dev.hfsm.Upload;
import dev.hfsm.jdbc.JdbcLedger;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.Facts;
import dev.hfsm.redis.RedisWorkQueue;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Two nodes over one database, each with connections of its own, and with Redis or without. Objects
 * are in memory and inspecting one takes no time. Uploads are numbered from 0; of each is known
 * when its inspection began. Thread-safe.
 */
final class TwoNodes implements AutoCloseable {

  private static final int CONNECTIONS = 12;
  private static final int MAGIC = 0xCAFE;

  private final Workbench bench;
  private final DurableServer database;
  private final Medium medium;
  private final int first;
  private final AtomicLongArray begun;
  private final InMemoryBlobStore blobs = new InMemoryBlobStore();
  private final List<AssetPipeline> nodes = new ArrayList<>();
  private final List<AssetPipeline> takingIn;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition oneMore = lock.newCondition();
  private long described;

  /** How the nodes hear of work. */
  enum Medium {
    POSTGRESQL,
    POSTGRESQL_AND_REDIS
  }

  /** Who does what. */
  enum Layout {
    /** Both take in and both work. */
    ALIKE,
    /** One takes in and does no work: nothing is begun where it came up. */
    APART
  }

  /**
   * Starts them.
   *
   * @param redis the address of a server
   * @param workers of each node that works
   * @param first what tells these uploads from all before
   */
  TwoNodes(
      DurableServer database,
      String redis,
      Workbench bench,
      Medium medium,
      Layout layout,
      int workers,
      int first,
      int uploads) {
    this.database = database;
    this.bench = bench;
    this.medium = medium;
    this.first = first;
    this.begun = new AtomicLongArray(uploads);
    nodes.add(node(redis, layout == Layout.APART ? 0 : workers));
    nodes.add(node(redis, workers));
    takingIn = layout == Layout.APART ? nodes.subList(0, 1) : nodes;
  }

  private AssetPipeline node(String redis, int workers) {
    HikariDataSource pool = database.pool(CONNECTIONS);
    JdbcLedger ledger = JdbcLedger.create(pool);
    PipelineBuilder builder =
        AssetPipeline.builder()
            .ledger(ledger)
            .blobs(blobs)
            .spool(bench.folder())
            .workers(workers)
            .transformer(new Idle())
            .listener(
                (asset, transition) -> {
                  if (transition.event() == AssetEvent.DESCRIBED) {
                    described();
                  }
                });
    if (medium == Medium.POSTGRESQL_AND_REDIS) {
      RedisWorkQueue queue = RedisWorkQueue.builder().uri(redis).open();
      builder.queue(queue).closing(queue);
    }
    AssetPipeline node = builder.closing(ledger).closing(pool).build();
    node.maintenance().takeStore(); // each pair has a store of its own, and the ledger of all
    return node.start();
  }

  /** Brings one in, and returns when it is acknowledged. */
  void ingest(int number) {
    byte[] content = ByteBuffer.allocate(8).putInt(MAGIC).putInt(first + number).array();
    takingIn.get(number % takingIn.size()).ingest(Upload.of(content));
  }

  /** Until so many are described. */
  void await(long count) throws InterruptedException {
    lock.lock();
    try {
      while (described < count) {
        oneMore.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private void described() {
    lock.lock();
    try {
      described++;
      oneMore.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** When the inspection of an upload began, as {@link System#nanoTime} tells it. */
  long begun(int number) {
    return begun.get(number);
  }

  @Override
  public void close() {
    nodes.forEach(AssetPipeline::close);
  }

  /** Learns nothing, at once, and notes when. */
  private final class Idle extends InspectOnly {
    @Override
    public Facts inspect(Source source, Budget budget) {
      long now = System.nanoTime();
      try {
        begun.set(ByteBuffer.wrap(Files.readAllBytes(source.file())).getInt(4) - first, now);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return Facts.NONE;
    }
  }
}
