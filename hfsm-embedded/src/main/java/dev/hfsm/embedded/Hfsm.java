package dev.hfsm.embedded;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.AssetPipeline;
import dev.hfsm.PipelineBuilder;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.filesystem.FileSystemBlobStore;
import dev.hfsm.imaging.ImageTransformer;
import dev.hfsm.jdbc.JdbcLedger;
import java.nio.file.Path;

/**
 * The pipeline of a beginner: one folder holds a SQLite ledger ({@code ledger.db}), the bytes
 * ({@code blobs/}) and uploads under way ({@code spool/}). Several processes of one machine may
 * share the folder; it must not lie on a network file system.
 */
public final class Hfsm {

  private static final int CONNECTIONS = 14;
  private static final int BUSY_MILLIS = 30_000;

  private Hfsm() {}

  /**
   * A pipeline over a folder, ready to be started; settings may still be changed.
   *
   * @param folder created if it is not there
   * @throws BlobStoreException if the folder cannot be used
   * @throws LedgerException if the ledger in it cannot be used, for instance because a newer
   *     version wrote it
   */
  public static PipelineBuilder embedded(Path folder) {
    Path root = folder.toAbsolutePath();
    FileSystemBlobStore blobs = store(root);
    HikariDataSource connections = sqlite(root.resolve("ledger.db"));
    JdbcLedger ledger;
    try {
      ledger = JdbcLedger.create(connections);
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
    return AssetPipeline.builder()
        .ledger(ledger)
        .blobs(blobs)
        .spool(root.resolve("spool"))
        .transformer(new ImageTransformer())
        .closing(ledger)
        .closing(connections)
        .closing(blobs);
  }

  /** Opened first: it makes the folder, and those above it, in a way that outlives a power loss. */
  private static FileSystemBlobStore store(Path root) {
    try {
      return FileSystemBlobStore.open(root.resolve("blobs"));
    } catch (BlobStoreException e) {
      throw new BlobStoreException(
          "cannot use the data folder " + root + ": " + e.getMessage(), e, e.retryable());
    }
  }

  /**
   * Write-ahead log and a sync on every commit: what is acknowledged survives kill -9 and power
   * loss.
   */
  private static HikariDataSource sqlite(Path file) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("hfsm-sqlite");
    config.setJdbcUrl("jdbc:sqlite:" + file);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(1);
    config.addDataSourceProperty("journal_mode", "WAL");
    config.addDataSourceProperty("synchronous", "FULL");
    config.addDataSourceProperty("busy_timeout", BUSY_MILLIS);
    try {
      return new HikariDataSource(config);
    } catch (RuntimeException e) {
      throw new LedgerException(
          "cannot open the ledger "
              + file
              + ": expected a SQLite database in a folder that can be written to, found: "
              + rootCause(e).getMessage(),
          e,
          false);
    }
  }

  private static Throwable rootCause(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
