package dev.hfsm.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.jdbc.JdbcLedger;
import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.WorkKind;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A ledger in a database that syncs every commit, and the steps of an asset's life. */
@State(Scope.Benchmark)
public class TrialLedger {

  private static final int CONNECTIONS = 16;
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Facts LEARNED =
      Facts.of(Fact.WIDTH, 4000)
          .with(Fact.HEIGHT, 3000)
          .with(Fact.UPRIGHT_WIDTH, 4000)
          .with(Fact.UPRIGHT_HEIGHT, 3000)
          .with(Fact.MAKE, "Maker")
          .with(Fact.MODEL, "Model");

  /** Where the ledger is. */
  public enum Database {
    SQLITE,
    POSTGRESQL
  }

  /** Where the ledger is. */
  @Param({"SQLITE", "POSTGRESQL"})
  public Database database = Database.SQLITE;

  private final AtomicLong next = new AtomicLong(System.nanoTime());
  private final Random random = new Random(20261123);
  private Workbench bench;
  private EmbeddedPostgres server;
  private HikariDataSource connections;
  private AssetLedger ledger;
  private final List<AutoCloseable> others = new ArrayList<>();

  /** Opens an empty ledger. */
  @Setup(Level.Trial)
  public void open() throws IOException, SQLException {
    bench = new Workbench();
    connections = database == Database.SQLITE ? sqlite() : postgres();
    ledger = JdbcLedger.create(connections);
  }

  /** The ledger, for those who measure more than its steps. */
  AssetLedger ledger() {
    return ledger;
  }

  /** The same ledger as another node has it: with connections of its own. */
  AssetLedger elsewhere() throws SQLException {
    HikariDataSource own = server == null ? sqlite() : over(server);
    others.add(0, own);
    AssetLedger other = JdbcLedger.create(own);
    others.add(0, other);
    return other;
  }

  /**
   * A commit that writes one row and is flushed, and a ring that is heard: what no work can beat.
   */
  DataSource connections() {
    return connections;
  }

  /** Removes it. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    for (AutoCloseable other : others) {
      try {
        other.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    ledger.close();
    connections.close();
    if (server != null) {
      server.close();
    }
    bench.close();
  }

  private HikariDataSource sqlite() {
    HikariConfig config = pool();
    config.setJdbcUrl("jdbc:sqlite:" + bench.folder().resolve("ledger.db"));
    config.addDataSourceProperty("journal_mode", "WAL");
    config.addDataSourceProperty("synchronous", "FULL");
    config.addDataSourceProperty("busy_timeout", 30_000);
    return new HikariDataSource(config);
  }

  /**
   * Embedded PostgreSQL starts with both settings off, which makes inserts look 3 to 6 times as
   * fast.
   */
  private HikariDataSource postgres() throws IOException, SQLException {
    server =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .start();
    requireOn(server.getPostgresDatabase(), "fsync");
    requireOn(server.getPostgresDatabase(), "synchronous_commit");
    return over(server);
  }

  private static HikariDataSource over(EmbeddedPostgres server) {
    HikariConfig config = pool();
    config.setDataSource(server.getPostgresDatabase());
    return new HikariDataSource(config);
  }

  private static HikariConfig pool() {
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(CONNECTIONS);
    return config;
  }

  private static void requireOn(DataSource source, String setting) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery("SHOW " + setting)) {
      if (!answer.next() || !answer.getString(1).equals("on")) {
        throw new IllegalStateException(setting + ": expected on");
      }
    }
  }

  /** An asset nobody has heard of. */
  Admission newcomer() {
    AssetId id =
        AssetId.of(
            Digest.ofContent(ByteBuffer.allocate(8).putLong(next.incrementAndGet()).array()));
    return new Admission(
        id,
        4_200_000,
        StorageKey.raw(id, Stamp.of(Instant.now(), random)),
        ReferenceName.implicit(id.digest()),
        Facts.of(Fact.MEDIA_TYPE, MediaType.JPEG).with(Fact.FILE_NAME, "IMG_0001.JPG"));
  }

  void admit(Admission admission) {
    if (ledger.intake().admit(admission).asset() == null) {
      throw new IllegalStateException("the ledger would not admit " + admission.asset());
    }
  }

  /** One piece of due work; there must be some. Another claimant may be holding it for a moment. */
  Claim claim(String worker) {
    while (true) {
      List<Claim> claims =
          ledger.work().claim(ClaimRequest.due(worker, EnumSet.allOf(WorkKind.class), 1, LEASE));
      if (!claims.isEmpty()) {
        return claims.get(0);
      }
    }
  }

  void fingerprint(Claim claim) {
    ledger.work().advance(claim.lease(), AssetEvent.FINGERPRINTED, LEARNED);
  }

  void describe(Claim claim) {
    ledger.work().advance(claim.lease(), AssetEvent.DESCRIBED, Facts.NONE);
  }
}
