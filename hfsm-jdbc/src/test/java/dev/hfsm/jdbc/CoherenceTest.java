package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.LedgerBell.Kind;
import dev.hfsm.ledger.LedgerBell.Listening;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.model.AssetId;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes over one PostgreSQL, each with its own connections: what one removes, both forget. */
@Timeout(600)
class CoherenceTest {

  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path spool;
  private final TestDatabase database = TestDatabase.postgres();
  private final HikariDataSource otherConnections = database.anotherPool();
  private final AtomicBoolean cut = new AtomicBoolean();
  private final InMemoryBlobStore blobs = new InMemoryBlobStore();
  private AssetPipeline here;
  private AssetPipeline there;

  @BeforeEach
  void start() {
    here = node(database.pool(), "here").start();
    there = node(cuttable(otherConnections), "there").start();
    while (!there.health().listening()) {
      Thread.onSpinWait();
    }
  }

  private AssetPipeline node(DataSource connections, String name) {
    return AssetPipeline.builder()
        .ledger(JdbcLedger.create(connections))
        .blobs(blobs)
        .spool(spool.resolve(name))
        .workers(1)
        .build();
  }

  /** Gives no connection while the line is cut. */
  private DataSource cuttable(DataSource connections) {
    return (DataSource)
        Proxy.newProxyInstance(
            CoherenceTest.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, args) -> {
              if (cut.get()) {
                throw new SQLException("the line is cut", "08001");
              }
              try {
                return method.invoke(connections, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @AfterEach
  void close() {
    cut.set(false);
    here.close();
    there.close();
    otherConnections.close();
    database.close();
  }

  /** An asset that both nodes have in memory. */
  private AssetId known() {
    AssetId id = here.ingest(Upload.of("hello".getBytes(StandardCharsets.UTF_8))).id();
    here.awaitInspected(id, LONG);
    there.awaitInspected(id, LONG);
    return id;
  }

  private static boolean answers(AssetPipeline node, AssetId id) {
    try {
      node.awaitInspected(id, LONG);
      return true;
    } catch (AssetGoneException e) {
      return false;
    }
  }

  @Test
  void whatOneNodePurgesIsGoneOnTheOther() throws InterruptedException {
    AssetId id = known();
    try (Listening listening = JdbcLedger.create(database.pool()).bell().listen()) {
      here.maintenance().purge(id);
      assertThat(answers(here, id)).isFalse();
      while (answers(there, id)) {
        Thread.onSpinWait();
      }
      while (listening.await(LONG).stream().noneMatch(ring -> ring.kind() == Kind.REMOVED)) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void whatOneNodeWithdrawsIsPrivateOnTheOther() {
    AssetId id = known();
    for (Visibility next : new Visibility[] {Visibility.PUBLIC, Visibility.PRIVATE}) {
      here.show(id, next);
      while (there.awaitInspected(id, LONG).visibility() != next) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void aNodeThatIsCutOffStopsAnsweringFromMemoryAndTakesItUpAgain() {
    AssetId id = known();
    cut.set(true);
    here.show(id, Visibility.PUBLIC);
    while (isAnsweredFromMemory(id)) {
      Thread.onSpinWait();
    }
    assertThatThrownBy(() -> there.awaitInspected(id, Duration.ofMillis(1)))
        .isInstanceOf(LedgerException.class);
    cut.set(false);
    assertThat(there.awaitInspected(id, LONG).visibility()).isEqualTo(Visibility.PUBLIC);
  }

  private boolean isAnsweredFromMemory(AssetId id) {
    try {
      there.awaitInspected(id, Duration.ofMillis(1));
      return true;
    } catch (LedgerException e) {
      return false;
    }
  }
}
