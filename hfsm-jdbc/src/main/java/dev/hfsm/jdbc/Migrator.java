package dev.hfsm.jdbc;

import dev.hfsm.error.LedgerException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a database's tables to the version this code was written for, in one transaction under a
 * lock, so that processes starting together do it once. The numbered files are never edited after a
 * release; a database that is ahead of the code is refused.
 */
final class Migrator {

  private static final Logger LOG = LoggerFactory.getLogger(Migrator.class);

  /** Files in order; the position in the list, counted from 1, is the version. */
  private static final List<String> FILES =
      List.of(
          "V001__ledger.sql",
          "V002__durable_core.sql",
          "V003__delivery.sql",
          "V004__costs.sql",
          "V005__garbage_sizes.sql");

  /** Between statements; a semicolon would not do, as triggers have some inside. */
  private static final String SEPARATOR = "\n--;;\n";

  private final Transactions transactions;
  private final Sql sql;

  Migrator(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    this.sql = sql;
  }

  void migrate() {
    // Asked without a lock and without writing, so that a user who may not create tables can start
    // once somebody else has created them.
    if (transactions.read("look for the ledger's schema", this::isThere)
        && transactions.read("read the schema's version", this::version) == FILES.size()) {
      return;
    }
    transactions.write("migrate the ledger's schema", this::migrate);
  }

  private Void migrate(Handle handle) {
    String lock = sql.migrationLock();
    if (lock != null) {
      execute(handle, lock);
    }
    if (!isThere(handle)) {
      execute(handle, Statements.CREATE_SCHEMA_TABLE);
    }
    int found = version(handle);
    if (found > FILES.size()) {
      throw new LedgerException(
          "ledger schema: expected version "
              + FILES.size()
              + " or older, found version "
              + found
              + "; it was written by a newer HFSM",
          null,
          false);
    }
    for (int version = found + 1; version <= FILES.size(); version++) {
      apply(handle, version, FILES.get(version - 1));
    }
    return null;
  }

  private void apply(Handle handle, int version, String file) {
    for (String statement : read(file).split(SEPARATOR)) {
      execute(handle, statement);
    }
    handle
        .createUpdate(sql.of(Statements.RECORD_VERSION))
        .bind("version", version)
        .bind("name", file)
        .execute();
    LOG.info("migrated the ledger's schema to version {}", version);
  }

  private boolean isThere(Handle handle) {
    return handle.createQuery(sql.schemaIsThere()).mapTo(Boolean.class).one();
  }

  private int version(Handle handle) {
    return handle.createQuery(Statements.SCHEMA_VERSION).mapTo(Integer.class).one();
  }

  /** Past Jdbi, which would take colons in a function's body for parameters. */
  private static void execute(Handle handle, String statement) {
    try (Statement s = handle.getConnection().createStatement()) {
      s.execute(statement);
    } catch (SQLException e) {
      throw new UnableToExecuteStatementException("could not execute a migration", e, null);
    }
  }

  private String read(String file) {
    String path = sql.name() + "/" + file;
    try (InputStream in = Migrator.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks its resource " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the jar's resource " + path, e);
    }
  }
}
