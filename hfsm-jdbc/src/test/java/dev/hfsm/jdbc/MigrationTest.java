package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.Discarded;
import dev.hfsm.model.Failure;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MigrationTest {

  /** What the version before had, in order. */
  private static final List<String> V004 =
      List.of(
          "V001__ledger.sql", "V002__durable_core.sql", "V003__delivery.sql", "V004__costs.sql");

  @ParameterizedTest
  @EnumSource
  void migratesOnceAndRecordsIt(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open()) {
      JdbcLedger.create(database.pool()).close();
      JdbcLedger.create(database.pool()).close();

      assertThat(database.query("SELECT version || ' ' || name FROM hfsm_schema"))
          .containsExactly(
              "1 V001__ledger.sql",
              "2 V002__durable_core.sql",
              "3 V003__delivery.sql",
              "4 V004__costs.sql",
              "5 V005__garbage_sizes.sql");
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsWhatIsThereWhenOpenedAgain(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open()) {
      try (JdbcLedger first = JdbcLedger.create(database.pool())) {
        Samples.admit(first, "kept", "name");
      }
      try (JdbcLedger second = JdbcLedger.create(database.pool())) {
        assertThat(second.reader().asset(Samples.asset("kept"))).isPresent();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void garbageOfTheVersionBeforeIsKeptWithoutASizeAndWhatFollowsHasOne(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open()) {
      leaveAsOf(database, V004);
      database.execute("INSERT INTO hfsm_garbage (storage_key, at) VALUES ('raw/old', 1)");

      try (JdbcLedger ledger = JdbcLedger.create(database.pool())) {
        assertThat(ledger.collector().garbage(10))
            .containsExactly(new Discarded(new StorageKey("raw/old"), null));
        // As a node of the version before does that is still running.
        database.execute("INSERT INTO hfsm_garbage (storage_key, at) VALUES ('raw/older', 0)");
        StorageKey purged = Samples.admit(ledger, "purged", "one").key();
        ledger.custody().purge(Samples.asset("purged"));
        StorageKey replaced = Samples.admit(ledger, "replaced", "two").key();
        ledger
            .custody()
            .markDamaged(
                Samples.asset("replaced"),
                replaced,
                new Failure("bit-rot", "a bit", false, Instant.EPOCH));
        Samples.admit(ledger, "replaced", "two");

        assertThat(ledger.collector().garbage(10))
            .containsExactlyInAnyOrder(
                new Discarded(new StorageKey("raw/old"), null),
                new Discarded(new StorageKey("raw/older"), null),
                new Discarded(purged, 10L),
                new Discarded(replaced, 10L));
        assertThat(ledger.collector().named(List.of(new StorageKey("raw/old")))).hasSize(1);
        ledger.collector().forget(List.of(new StorageKey("raw/old"), purged));
        assertThat(ledger.collector().garbage(10)).hasSize(2);
      }
    }
  }

  /** Migrated by the version that had these files. */
  private static void leaveAsOf(TestDatabase database, List<String> files) {
    database.execute(Statements.CREATE_SCHEMA_TABLE);
    String folder = database.kind.name().toLowerCase(Locale.ROOT) + "/";
    for (int i = 0; i < files.size(); i++) {
      String file = files.get(i);
      database.execute(read(folder + file).split("\n--;;\n"));
      database.execute("INSERT INTO hfsm_schema VALUES (" + (i + 1) + ", '" + file + "', 0)");
    }
  }

  private static String read(String resource) {
    try (InputStream in = Migrator.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesASchemaThatIsNewerThanTheCode(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open()) {
      JdbcLedger.create(database.pool()).close();
      database.execute("INSERT INTO hfsm_schema VALUES (6, 'V006__from_the_future.sql', 0)");

      assertThatThrownBy(() -> JdbcLedger.create(database.pool()))
          .isInstanceOfSatisfying(LedgerException.class, e -> assertThat(e.retryable()).isFalse())
          .hasMessageContaining("expected version 5 or older, found version 6");
    }
  }

  @ParameterizedTest
  @EnumSource
  void letsManyMigrateAtOnce(TestDatabase.Kind kind) throws Exception {
    int threads = 4;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try (TestDatabase database = kind.open()) {
      CyclicBarrier start = new CyclicBarrier(threads);
      List<Future<?>> opened = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        opened.add(
            executor.submit(
                () -> {
                  start.await(2, TimeUnit.MINUTES);
                  JdbcLedger.create(database.pool()).close();
                  return null;
                }));
      }
      for (Future<?> one : opened) {
        one.get(5, TimeUnit.MINUTES);
      }
      assertThat(database.query("SELECT version FROM hfsm_schema"))
          .containsExactly("1", "2", "3", "4", "5");
    } finally {
      executor.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void leavesNothingBehindWhenAMigrationFails(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open()) {
      database.execute("CREATE TABLE hfsm_chore (mine text)");

      assertThatThrownBy(() -> JdbcLedger.create(database.pool()))
          .isInstanceOf(LedgerException.class)
          .hasMessageContaining("migrate the ledger's schema")
          .hasMessageContaining("hfsm_chore");
      database.execute("DROP TABLE hfsm_chore");
      JdbcLedger.create(database.pool()).close();
    }
  }
}
