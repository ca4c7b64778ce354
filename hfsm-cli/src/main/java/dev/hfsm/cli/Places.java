package dev.hfsm.cli;

import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.AssetPipeline;
import dev.hfsm.PipelineBuilder;
import dev.hfsm.imaging.ImageTransformer;
import dev.hfsm.jdbc.JdbcLedger;
import dev.hfsm.storage.BlobStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Store and ledger of a deployment whose parts are not in one folder.
 *
 * @param store where bytes lie
 * @param ledger where the ledger is
 */
record Places(StoreUrl store, LedgerUrl ledger) {

  /** Looking must not make what it looks for. */
  void requireThere() {
    Stream.of(store.absent(), ledger.absent())
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(
            reason -> {
              throw new Complaints.Complaint(reason);
            });
  }

  /** A pipeline over them, ready to be started; it closes what is opened here. */
  PipelineBuilder pipeline() {
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      BlobStore blobs = store.open();
      opened.push(blobs);
      HikariDataSource connections = ledger.open();
      opened.push(connections);
      JdbcLedger rows = JdbcLedger.create(connections);
      opened.push(rows);
      PipelineBuilder builder =
          AssetPipeline.builder().ledger(rows).blobs(blobs).transformer(new ImageTransformer());
      store.spool().ifPresent(builder::spool);
      opened.forEach(builder::closing);
      return builder;
    } catch (RuntimeException e) {
      opened.forEach(resource -> closeQuietly(resource, e));
      throw e;
    }
  }

  private static void closeQuietly(AutoCloseable resource, RuntimeException reason) {
    try {
      resource.close();
    } catch (Exception e) {
      reason.addSuppressed(e);
    }
  }
}
