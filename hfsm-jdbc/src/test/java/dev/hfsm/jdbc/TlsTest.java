package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.AssetPipeline;
import dev.hfsm.Ingested;
import dev.hfsm.Upload;
import dev.hfsm.error.LedgerException;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.model.AssetId;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A server of PostgreSQL behind TLS, with a certificate of localhost alone that no authority has
 * signed.
 */
@Timeout(600)
class TlsTest {

  private static final String PASSWORD = "changeit";
  private static final String NAME = "over-tls";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir static Path folder;
  private static Path trusted;
  private static Path another;
  private static EmbeddedPostgres server;

  @BeforeAll
  static void start() throws Exception {
    KeyStore own = key("server");
    trusted = pem("server.crt", "CERTIFICATE", own.getCertificate("server").getEncoded());
    another = pem("other.crt", "CERTIFICATE", key("other").getCertificate("other").getEncoded());
    Path key =
        pem("server.key", "PRIVATE KEY", own.getKey("server", PASSWORD.toCharArray()).getEncoded());
    if (Files.getFileStore(key).supportsFileAttributeView("posix")) {
      // Or the server refuses to read it.
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }
    server =
        TestDatabase.server(
            builder ->
                builder
                    .setServerConfig("ssl", "on")
                    .setServerConfig("ssl_cert_file", trusted.toString())
                    .setServerConfig("ssl_key_file", key.toString()));
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private static KeyStore key(String alias) throws Exception {
    Path file = folder.resolve(alias + ".p12");
    Path log = folder.resolve("keytool.log");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-keystore",
                file.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(keytool.waitFor()).as(Files.readString(log)).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  private static Path pem(String name, String what, byte[] content) throws IOException {
    String text =
        "-----BEGIN %s-----%n%s%n-----END %s-----%n"
            .formatted(
                what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content), what);
    return Files.write(folder.resolve(name), text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String url(String host, Path rootCertificate) {
    return "jdbc:postgresql://%s:%d/postgres?user=postgres&sslmode=verify-full&sslrootcert=%s"
        .formatted(host, server.getPort(), rootCertificate);
  }

  private static PGSimpleDataSource plain(String url) {
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(url);
    return database;
  }

  private static LedgerException refused(String url) {
    LedgerException e =
        catchThrowableOfType(LedgerException.class, () -> JdbcLedger.create(plain(url)).close());
    assertThat(e).isNotNull();
    return e;
  }

  @Test
  void anAssetComesInOverTls() throws Exception {
    HikariConfig config = TestDatabase.pool(url("localhost", trusted) + "&ApplicationName=" + NAME);
    try (HikariDataSource pool = new HikariDataSource(config);
        JdbcLedger ledger = JdbcLedger.create(pool);
        AssetPipeline assets =
            AssetPipeline.builder()
                .ledger(ledger)
                .blobs(new InMemoryBlobStore())
                .spool(folder.resolve("spool"))
                .workers(2)
                .start()) {
      Ingested first = assets.ingest(Upload.of(new byte[] {1, 2, 3}).as("a/name"));
      assertThat(first.outcome()).isEqualTo(Ingested.Outcome.CREATED);
      AssetId id = first.id();
      assets.awaitInspected(id, PATIENCE);
      assertThat(assets.ingest(Upload.of(new byte[] {1, 2, 3})).outcome())
          .isEqualTo(Ingested.Outcome.DUPLICATE);
      assertThat(assets.find(id)).isPresent();
      assertThat(encryptions(pool)).as("connections in the clear").isNotEmpty().doesNotContain("f");
    }
  }

  /** Of each connection of the pool, whoever holds it: t or f. */
  private static List<String> encryptions(HikariDataSource pool) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT s.ssl FROM pg_stat_ssl AS s JOIN pg_stat_activity AS a USING (pid)"
                    + " WHERE a.application_name = '"
                    + NAME
                    + "'")) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }

  @Test
  void aCertificateThatNobodyTrustsIsRefusedOnceAndForAll() {
    LedgerException e = refused(url("localhost", another));
    assertThat(e).hasMessageContainingAll("ledger database", "check the parameter sslrootcert");
    assertThat(e.retryable()).isFalse();
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() {
    LedgerException e = refused(url("127.0.0.1", trusted));
    assertThat(e).hasMessageContainingAll("127.0.0.1", "check the host in the JDBC URL");
    assertThat(e.retryable()).isFalse();
  }

  @Test
  void aRootCertificateThatIsNotThereIsTold() {
    LedgerException e = refused(url("localhost", folder.resolve("nowhere.crt")));
    assertThat(e).hasMessageContainingAll("nowhere.crt", "check the parameter sslrootcert");
    assertThat(e.retryable()).isFalse();
  }

  @Test
  void aServerThatSpeaksNoTlsIsRefused() {
    try (TestDatabase clear = TestDatabase.postgres()) {
      LedgerException e =
          refused(
              clear.config.getJdbcUrl() + "&sslmode=verify-full&sslrootcert=" + trusted.toString());
      assertThat(e).hasMessageContaining("check the parameter sslmode of the JDBC URL");
      assertThat(e.retryable()).isFalse();
    }
  }

  /** A pool that connects when it is made fails before the ledger is asked. */
  @Test
  void theHostOfAPoolCanAskWhatToChange() {
    HikariConfig config = TestDatabase.pool(url("localhost", another));
    RuntimeException e =
        catchThrowableOfType(RuntimeException.class, () -> new HikariDataSource(config).close());
    assertThat(JdbcLedger.tlsAdvice(e)).get().asString().contains("sslrootcert");
    assertThat(JdbcLedger.tlsAdvice(new IllegalStateException("something else"))).isEmpty();
  }

  /** A pool tries again until its patience is over, and gives the reason as a cause. */
  @Test
  void whatAPoolMetWithIsToldAsWell() {
    LedgerException direct = refused(url("localhost", another));
    SQLException pooled =
        new SQLTransientConnectionException("request timed out", direct.getCause());
    LedgerException first = SqlErrors.atFirst("examine the database", pooled);
    assertThat(first).hasMessageContainingAll("request timed out", "sslrootcert");
    assertThat(first.retryable()).isFalse();
    LedgerException later = SqlErrors.translate("claim work", pooled);
    assertThat(later).hasMessageContainingAll("request timed out", "sslrootcert");
    assertThat(later.retryable()).isTrue();
  }

  /** As when certificates are replaced one after the other while nodes run. */
  @Test
  void aCertificateThatDoesNotHoldForAWhilePassesOnceTheLedgerIsOpen() {
    AtomicReference<DataSource> way = new AtomicReference<>(plain(url("localhost", trusted)));
    try (JdbcLedger ledger = JdbcLedger.create(changing(way))) {
      way.set(plain(url("localhost", another)));
      LedgerException e =
          catchThrowableOfType(
              LedgerException.class, () -> Samples.admit(ledger, "renewed", "renewed"));
      assertThat(e).hasMessageContaining("check the parameter sslrootcert");
      assertThat(e.retryable()).isTrue();

      way.set(plain(url("localhost", trusted)));
      assertThat(Samples.admit(ledger, "renewed", "renewed").id())
          .isEqualTo(Samples.asset("renewed"));
    }
  }

  private static DataSource changing(AtomicReference<DataSource> way) {
    return (DataSource)
        Proxy.newProxyInstance(
            DataSource.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> {
              try {
                return method.invoke(way.get(), arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
