package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Subject;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * PostgreSQL ends as by a crash and comes back with what it had flushed. Its writer of the log
 * sleeps for as long as can be, so that claims that do not wait are usually undone; whether they
 * are is left to chance, what holds then is not. That they do not wait is shown by {@link
 * ClaimCommitTest}, whatever chance does here.
 */
@Timeout(600)
class CrashedServerTest {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final long MOMENT_NANOS = 10_000_000;
  private static final int CLAIMS = 20;

  private final Path data = TestDatabase.temporaryFolder();
  private final AtomicLong now = new AtomicLong();
  private EmbeddedPostgres server = start();

  private EmbeddedPostgres start() {
    return TestDatabase.server(
        builder -> {
          unlock();
          builder
              .setDataDirectory(data)
              .setCleanDataDirectory(false)
              .setServerConfig("autovacuum", "off")
              .setServerConfig("wal_writer_delay", "10s");
        });
  }

  /** A try that failed leaves its lock behind, which the next one would meet. */
  private void unlock() {
    try {
      Files.deleteIfExists(data.resolve("epg-lock"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    TestDatabase.delete(data);
  }

  private HikariDataSource pool() {
    return new HikariDataSource(TestDatabase.pool(server.getJdbcUrl("postgres", "postgres")));
  }

  /** A ledger whose server has been there for a while. */
  private JdbcLedger calm(HikariDataSource pool) {
    JdbcLedger ledger = JdbcLedger.create(pool, new Calm(now::get));
    now.addAndGet(Calm.LENGTH.toNanos());
    return ledger;
  }

  /** Its immediate shutdown is a crash on purpose: nothing more is written, and it recovers. */
  private void crash() throws IOException, InterruptedException {
    Path running = data.resolve("postmaster.pid");
    String postmaster = Files.readAllLines(running).get(0);
    assertThat(new ProcessBuilder("kill", "-QUIT", postmaster).start().waitFor()).isZero();
    // Removing it is the last that a server does. Its process is an orphan, and may be left lying.
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (Files.exists(running)) {
      assertThat(System.nanoTime()).as("the server has not ended").isLessThan(deadline);
      LockSupport.parkNanos(MOMENT_NANOS);
    }
    server.close();
    server = start();
  }

  @Test
  void aClaimThatACrashUndoesIsMadeAgainAndItsLateResultRefused() throws Exception {
    List<Claim> before = new ArrayList<>();
    try (HikariDataSource pool = pool();
        JdbcLedger ledger = calm(pool)) {
      for (int i = 0; i < CLAIMS; i++) {
        Samples.admit(ledger, "a" + i, "a" + i);
      }
      for (int i = 0; i < CLAIMS; i++) {
        before.add(Samples.claim(ledger, "first", Subject.inspect(Samples.asset("a" + i))));
      }
      crash();
    }

    try (HikariDataSource pool = pool();
        JdbcLedger ledger = calm(pool)) {
      int undone = 0;
      int same = 0;
      for (int i = 0; i < CLAIMS; i++) {
        Claim claim = before.get(i);
        Optional<Claim> again =
            claimedAgain(ledger, claim.lease().subject(), i % 2 == 0 ? "first" : "second");
        undone += again.isPresent() ? 1 : 0;
        if (again.isPresent()) {
          assertThat(again.get().attempt()).isEqualTo(1);
          if (again.get().lease().equals(claim.lease())) {
            same++;
          } else {
            assertRefused(ledger, claim, AssetEvent.FINGERPRINTED);
          }
        }
        Claim valid = again.orElse(claim);
        ledger.work().advance(valid.lease(), AssetEvent.FINGERPRINTED, Facts.NONE);
        ledger.work().advance(valid.lease(), AssetEvent.DESCRIBED, Facts.NONE);
        assertRefused(ledger, claim, AssetEvent.DESCRIBED);
      }
      System.out.printf(
          "undone by the crash: %d of %d claims; the same lease again: %d%n", undone, CLAIMS, same);
      for (Claim claim : before) {
        AssetId asset = claim.lease().subject().asset();
        assertThat(ledger.reader().asset(asset).orElseThrow().state())
            .isEqualTo(AssetState.METADATA_READY);
        assertThat(ledger.reader().history(asset)).as("each step once").hasSize(3);
      }
    }
  }

  private static void assertRefused(JdbcLedger ledger, Claim claim, AssetEvent event) {
    assertThatThrownBy(() -> ledger.work().advance(claim.lease(), event, Facts.NONE))
        .isInstanceOf(LeaseLostException.class);
  }

  private static Optional<Claim> claimedAgain(JdbcLedger ledger, Subject subject, String worker) {
    return ledger.work().claim(ClaimRequest.about(worker, List.of(subject), Samples.LEASE)).stream()
        .findFirst();
  }

  /** The log has one order: what is durable makes durable what came before. */
  @Test
  void aClaimOutlivesACrashIfAnythingAcknowledgedCameAfterIt() throws Exception {
    Claim claim;
    try (HikariDataSource pool = pool();
        JdbcLedger ledger = calm(pool)) {
      AssetId asset = Samples.admit(ledger, "claimed", "claimed").id();
      claim = Samples.claim(ledger, "first", Subject.inspect(asset));
      Samples.admit(ledger, "later", "later");
      crash();
    }

    try (HikariDataSource pool = pool();
        JdbcLedger ledger = calm(pool)) {
      assertThat(claimedAgain(ledger, claim.lease().subject(), "second")).isEmpty();
      assertThat(ledger.reader().asset(Samples.asset("later"))).isPresent();
      ledger.work().advance(claim.lease(), AssetEvent.FINGERPRINTED, Facts.NONE);
    }
  }
}
