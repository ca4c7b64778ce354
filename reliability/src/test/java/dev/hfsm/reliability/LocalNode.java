package dev.hfsm.reliability;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.AssetPipeline;
import dev.hfsm.PipelineBuilder;
import dev.hfsm.filesystem.FileSystemBlobStore;
import dev.hfsm.jdbc.JdbcLedger;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.IntakeLedger;
import dev.hfsm.ledger.Lookup;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.Stamp;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** What {@code Hfsm.embedded} puts together, with a gate before ledger and store. */
record LocalNode(Path folder, HikariDataSource connections, AssetLedger ledger, BlobStore blobs)
    implements AutoCloseable {

  /** The shortest there is, because a test has to wait for it. */
  static final Duration LEASE = Duration.ofSeconds(1);

  static LocalNode open(Path folder, Contracts.Gate gate) {
    FileSystemBlobStore blobs = FileSystemBlobStore.open(folder.resolve("blobs"));
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:sqlite:" + folder.resolve("ledger.db"));
    config.setMaximumPoolSize(4);
    config.setMinimumIdle(1);
    config.addDataSourceProperty("journal_mode", "WAL");
    config.addDataSourceProperty("synchronous", "FULL");
    config.addDataSourceProperty("busy_timeout", 30_000);
    HikariDataSource connections = new HikariDataSource(config);
    return new LocalNode(
        folder,
        connections,
        Contracts.over(JdbcLedger.create(connections), gate),
        Contracts.over(blobs, gate));
  }

  /** A node without a gate. */
  static LocalNode open(Path folder) {
    return open(folder, (call, proceed) -> proceed.now());
  }

  /** Lets the leases on chores run out that somebody dead may hold. */
  void expireChores() {
    try (Connection connection = connections.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE hfsm_chore SET leased_until = 0");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  PipelineBuilder pipeline() {
    return pipeline(ledger);
  }

  /** A pipeline whose ledger says that it is tomorrow, and late: every sweep window has passed. */
  PipelineBuilder pipelineOfTomorrow() {
    IntakeLedger late =
        IntakeLedger.class.cast(
            Proxy.newProxyInstance(
                LocalNode.class.getClassLoader(),
                new Class<?>[] {IntakeLedger.class},
                (proxy, method, args) -> {
                  Object answer = invoke(ledger.intake(), method, args);
                  return answer instanceof Lookup now
                      ? new Lookup(now.asset(), now.now().plus(Stamp.SWEEP_WINDOW.plusHours(1)))
                      : answer;
                }));
    return pipeline(
        AssetLedger.class.cast(
            Proxy.newProxyInstance(
                LocalNode.class.getClassLoader(),
                new Class<?>[] {AssetLedger.class},
                (proxy, method, args) ->
                    method.getName().equals("intake") ? late : invoke(ledger, method, args))));
  }

  private static Object invoke(Object target, Method method, Object[] args) throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private PipelineBuilder pipeline(AssetLedger seen) {
    return AssetPipeline.builder()
        .ledger(seen)
        .blobs(blobs)
        .spool(folder.resolve("spool"))
        .transformer(new Toys())
        .lease(LEASE)
        .workers(1);
  }

  @Override
  public void close() {
    ledger.close();
    connections.close();
    blobs.close();
  }
}
