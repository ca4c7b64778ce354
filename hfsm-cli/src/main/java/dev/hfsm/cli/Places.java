package dev.hfsm.cli;

import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.AssetPipeline;
import dev.hfsm.PipelineBuilder;
import dev.hfsm.imaging.ImageTransformer;
import dev.hfsm.jdbc.JdbcLedger;
import dev.hfsm.queue.WorkQueue;
import dev.hfsm.storage.BlobStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a deployment that are not in one folder.
 *
 * @param store where bytes lie
 * @param ledger where the ledger is
 * @param queue where hints are, or null if there is no queue
 */
record Places(StoreUrl store, LedgerUrl ledger, @Nullable QueueUrl queue) {

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

  /**
   * A pipeline over them, ready to be started; it closes what is opened here.
   *
   * @param remark takes what people should know and can do without
   */
  PipelineBuilder pipeline(Consumer<String> remark) {
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
      if (queue != null) {
        WorkQueue hints = queue.open(remark);
        opened.push(hints);
        builder.queue(hints);
      }
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
