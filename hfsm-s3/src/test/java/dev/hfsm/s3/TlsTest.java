package dev.hfsm.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.MediaType;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Presentation;
import dev.hfsm.storage.Presigner;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A server of one's own behind TLS, with a certificate that no authority has signed. */
@Timeout(600)
class TlsTest {

  private static final String PASSWORD = "changeit";
  private static final String STORE = "javax.net.ssl.trustStore";
  private static final String STORE_PASSWORD = "javax.net.ssl.trustStorePassword";
  private static final AwsCredentialsProvider CREDENTIALS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret"));

  @TempDir static Path folder;
  private static KeyStore trusted;
  private static Path trustStore;
  private static S3Proxy server;

  @BeforeAll
  static void start() throws Exception {
    KeyStore own = ownKey();
    trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", own.getCertificate("server"));
    trustStore = folder.resolve("trusted.p12");
    try (OutputStream out = Files.newOutputStream(trustStore)) {
      trusted.store(out, PASSWORD.toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    server =
        S3Proxy.builder()
            .endpoint(URI.create("http://127.0.0.1:0"))
            .secureEndpoint(URI.create("https://127.0.0.1:0"))
            .sslContext(context)
            .awsAuthentication(AuthenticationType.AWS_V4, "key", "secret")
            .blobStore(new TransientNio2BlobStore())
            .build();
    server.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.stop();
  }

  /** Of localhost, and of no address. */
  private static KeyStore ownKey() throws Exception {
    Path file = folder.resolve("server.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
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
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor()).as(Files.readString(folder.resolve("keytool.log"))).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  private static S3Config freshBucket(String host) {
    String bucket = "bucket-" + UUID.randomUUID();
    S3Config plain =
        S3Config.of(bucket)
            .region(TestServer.REGION)
            .endpoint(URI.create("http://127.0.0.1:" + server.getPort()));
    try (S3Connection admin = S3Connection.open(plain, CREDENTIALS)) {
      admin.client().createBucket(r -> r.bucket(bucket));
    }
    return plain
        .endpoint(URI.create("https://" + host + ":" + server.getSecurePort()))
        .multipartAbove(S3Config.SMALLEST_PART)
        .attempts(2);
  }

  private interface Trial {
    void run() throws IOException;
  }

  /** As a JVM that was started with these properties. */
  private static void trusting(Trial test) throws IOException {
    assertThat(System.getProperty(STORE)).isNull();
    System.setProperty(STORE, trustStore.toString());
    System.setProperty(STORE_PASSWORD, PASSWORD);
    try {
      test.run();
    } finally {
      System.clearProperty(STORE);
      System.clearProperty(STORE_PASSWORD);
    }
  }

  private static StorageKey putAndRead(BlobStore store, int size) throws IOException {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    BlobRef blob = new BlobRef(Digest.ofContent(bytes), size);
    StorageKey key = StorageKey.raw(AssetId.of(blob.digest()), new Stamp(Instant.EPOCH, size));
    store.put(key, blob, ByteSource.of(bytes));
    try (InputStream in = store.open(key, ByteRange.ALL)) {
      assertThat(in.readAllBytes()).isEqualTo(bytes);
    }
    return key;
  }

  @Test
  void aStoreTrustsWhomTheJvmTrusts() throws IOException {
    trusting(
        () -> {
          try (S3BlobStore store = S3BlobStore.open(freshBucket("localhost"), CREDENTIALS)) {
            StorageKey key = putAndRead(store, 1_000);
            putAndRead(store, (int) S3Config.SMALLEST_PART + 1);
            URI signed =
                store
                    .capability(Presigner.class)
                    .orElseThrow()
                    .get(key, Duration.ofMinutes(1), Presentation.attachment(MediaType.PNG));
            assertThat(signed).hasScheme("https");
          }
        });
  }

  @Test
  void aStoreTrustsWhomTheClientOfTheHostTrusts() throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    S3Config config = freshBucket("localhost");
    try (S3Client client =
            S3Client.builder()
                .endpointOverride(config.endpoint())
                .region(Region.of(TestServer.REGION))
                .credentialsProvider(CREDENTIALS)
                .forcePathStyle(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .httpClientBuilder(
                    Apache5HttpClient.builder().tlsTrustManagersProvider(trust::getTrustManagers))
                .build();
        S3BlobStore store = S3BlobStore.over(client, config)) {
      putAndRead(store, 1_000);
    }
  }

  @Test
  void aCertificateThatNobodyTrustsIsToldOnceAndForAll() {
    try (S3BlobStore store = S3BlobStore.open(freshBucket("localhost"), CREDENTIALS)) {
      assertThatItIsRefused(store, "javax.net.ssl.trustStore");
    }
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() throws IOException {
    trusting(
        () -> {
          try (S3BlobStore store = S3BlobStore.open(freshBucket("127.0.0.1"), CREDENTIALS)) {
            assertThatItIsRefused(store, "of that host");
          }
        });
  }

  @Test
  void aServerThatSpeaksNoTlsIsRefused() {
    S3Config config =
        freshBucket("localhost").endpoint(URI.create("https://127.0.0.1:" + server.getPort()));
    try (S3BlobStore store = S3BlobStore.open(config, CREDENTIALS)) {
      assertThatItIsRefused(store, "https asks for TLS");
    }
  }

  private static void assertThatItIsRefused(S3BlobStore store, String advice) {
    BlobStoreException put =
        catchThrowableOfType(BlobStoreException.class, () -> putAndRead(store, 1_000));
    assertThat(put).hasMessageContainingAll("check the setting endpoint", advice);
    assertThat(put.retryable()).isFalse();
    BlobStoreException look =
        catchThrowableOfType(
            BlobStoreException.class, () -> store.stat(new StorageKey("raw/00/key-1")));
    assertThat(look).hasMessageContainingAll("check the setting endpoint", advice);
    assertThat(look.retryable()).isFalse();
  }
}
