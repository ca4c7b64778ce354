package dev.hfsm.reliability.process;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.AssetPipeline;
import dev.hfsm.PipelineBuilder;
import dev.hfsm.error.LedgerException;
import dev.hfsm.filesystem.FileSystemBlobStore;
import dev.hfsm.jdbc.JdbcLedger;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.storage.BlobStore;
import java.time.Duration;

/** A node's own view of a site: a connection pool, a ledger and a store. */
final class Node implements AutoCloseable {

  static final Duration LEASE = Duration.ofSeconds(1);

  private final Site site;
  private final HikariDataSource pool;
  private final AssetLedger ledger;
  private final BlobStore blobs;

  private Node(Site site, HikariDataSource pool, BlobStore blobs) {
    this.site = site;
    this.pool = pool;
    this.ledger = JdbcLedger.create(pool);
    this.blobs = blobs;
  }

  /**
   * Opens a node whose bytes are files.
   *
   * @param connections the most it may have
   */
  static Node open(Site site, int connections) {
    return open(site, connections, FileSystemBlobStore.open(site.folder().resolve("blobs")));
  }

  /**
   * Opens a node whose bytes are files and whose site is hasty: its line may be cut at this very
   * moment, and a busy machine may let it wait for longer than it does.
   */
  static Node openInTheEnd(Site site, int connections) {
    while (true) {
      try {
        return open(site, connections);
      } catch (LedgerException e) {
        if (!e.retryable()) {
          throw e;
        }
      }
    }
  }

  /**
   * Opens a node.
   *
   * @param connections the most it may have
   * @param blobs where its bytes are; closed with it
   */
  static Node open(Site site, int connections, BlobStore blobs) {
    HikariDataSource pool = pool(site, connections);
    try {
      return new Node(site, pool, blobs);
    } catch (RuntimeException e) {
      blobs.close();
      pool.close();
      throw e;
    }
  }

  /** A pool that is there even if the database is not, and that gives up in time. */
  private static HikariDataSource pool(Site site, int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(site.url());
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(1);
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(site.isHasty() ? 5_000 : 60_000);
    config.setValidationTimeout(site.isHasty() ? 1_000 : 20_000);
    return new HikariDataSource(config);
  }

  /** A pipeline of this node with a short lease, to be closed before the node. */
  PipelineBuilder pipeline() {
    return pipeline(ledger, LEASE);
  }

  /** The same with another lease, over this node's ledger as {@code seen} shows it. */
  PipelineBuilder pipeline(AssetLedger seen, Duration lease) {
    return AssetPipeline.builder()
        .ledger(seen)
        .blobs(blobs)
        .spool(site.folder().resolve("spool"))
        .lease(lease);
  }

  AssetLedger ledger() {
    return ledger;
  }

  BlobStore blobs() {
    return blobs;
  }

  @Override
  public void close() {
    ledger.close();
    blobs.close();
    pool.close();
  }
}
