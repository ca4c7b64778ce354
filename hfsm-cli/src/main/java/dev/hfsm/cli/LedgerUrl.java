package dev.hfsm.cli;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.error.LedgerException;
import dev.hfsm.jdbc.JdbcLedger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Where the ledger is, as it is said on the command line. */
sealed interface LedgerUrl {

  /** Settings of a pool of connections to it. */
  HikariConfig connections();

  /** Why there is nothing to look at; empty if there may be. Nothing is made for the answer. */
  Optional<String> absent();

  /**
   * Opens a pool of connections.
   *
   * @throws LedgerException if there is no database, or it does not let us in
   */
  default HikariDataSource open() {
    try {
      return new HikariDataSource(connections());
    } catch (RuntimeException e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      String advice = JdbcLedger.tlsAdvice(e).map("; "::concat).orElse("");
      throw new LedgerException(
          "cannot open the ledger " + this + ": " + root.getMessage() + advice, e, false);
    }
  }

  /** {@code jdbc:sqlite:PATH}: a file of this machine. */
  record Sqlite(Path file) implements LedgerUrl {

    private static final int CONNECTIONS = 14;
    private static final int BUSY_MILLIS = 30_000;

    @Override
    public HikariConfig connections() {
      HikariConfig config = new HikariConfig();
      config.setPoolName("hfsm-sqlite");
      config.setJdbcUrl("jdbc:sqlite:" + file);
      config.setMaximumPoolSize(CONNECTIONS);
      config.setMinimumIdle(1);
      config.addDataSourceProperty("journal_mode", "WAL");
      config.addDataSourceProperty("synchronous", "FULL");
      config.addDataSourceProperty("busy_timeout", BUSY_MILLIS);
      return config;
    }

    @Override
    public Optional<String> absent() {
      return Files.isRegularFile(file)
          ? Optional.empty()
          : Optional.of("there is no ledger " + file.toAbsolutePath());
    }

    @Override
    public String toString() {
      return "jdbc:sqlite:" + file;
    }
  }

  /** {@code jdbc:postgresql://...}: a server; who we are comes from the environment. */
  record Postgres(String url) implements LedgerUrl {

    private static final int CONNECTIONS = 14;
    private static final int CONNECTION_MILLIS = 10_000;

    @Override
    public HikariConfig connections() {
      HikariConfig config = new HikariConfig();
      config.setPoolName("hfsm-postgresql");
      config.setJdbcUrl(url);
      config.setMaximumPoolSize(CONNECTIONS);
      config.setMinimumIdle(1);
      config.setConnectionTimeout(CONNECTION_MILLIS);
      // Without them the driver looks into the URL and ~/.pgpass.
      Optional.ofNullable(System.getenv("PGUSER")).ifPresent(config::setUsername);
      Optional.ofNullable(System.getenv("PGPASSWORD")).ifPresent(config::setPassword);
      // What the URL says wins over these.
      config.addDataSourceProperty("connectTimeout", "5");
      config.addDataSourceProperty("tcpKeepAlive", "true");
      config.addDataSourceProperty("ApplicationName", "hfsm");
      return config;
    }

    @Override
    public Optional<String> absent() {
      return Optional.empty();
    }

    /** Without parameters, which are nobody's business. */
    @Override
    public String toString() {
      return url.replaceFirst("\\?.*", "");
    }
  }

  /** Reads a URL; never says what was found, which may hold a secret. */
  final class Converter implements ITypeConverter<LedgerUrl> {

    private static final String SQLITE = "jdbc:sqlite:";

    @Override
    public LedgerUrl convert(String text) {
      Urls.refuseSecret(text, "set PGUSER and PGPASSWORD, or write a .pgpass file");
      if (text.startsWith(SQLITE)) {
        if (text.contains("?")) {
          throw new TypeConversionException("expected jdbc:sqlite:PATH, found parameters as well");
        }
        return new Sqlite(Urls.path(text.substring(SQLITE.length()), "jdbc:sqlite:PATH"));
      }
      if (text.startsWith("jdbc:postgresql://")) {
        return new Postgres(text);
      }
      throw new TypeConversionException(
          "expected jdbc:sqlite:PATH or jdbc:postgresql://HOST[:PORT]/DATABASE, found something"
              + " else");
    }
  }
}
