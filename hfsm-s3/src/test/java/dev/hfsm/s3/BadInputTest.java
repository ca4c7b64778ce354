package dev.hfsm.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hfsm.AssetPipeline;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.StorageKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;

/** What is set up wrongly is told by one error that names the setting. */
class BadInputTest {

  private static final StorageKey KEY = new StorageKey("raw/00/key-1");
  private static final byte[] BYTES = {1, 2, 3};

  @TempDir static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.inMemory();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static void put(BlobStore store) {
    store.put(KEY, new BlobRef(Digest.ofContent(BYTES), BYTES.length), ByteSource.of(BYTES));
  }

  /** Everything a store can be asked for. */
  private static List<Callable<Object>> calls(BlobStore store) {
    return List.of(
        () -> {
          put(store);
          return true;
        },
        () -> store.stat(KEY),
        () -> store.open(KEY, ByteRange.ALL),
        () -> store.open(KEY, new ByteRange(0, 0)),
        () -> store.delete(KEY),
        () -> store.list("", Cursor.START, 10));
  }

  private static void assertEveryCallNames(BlobStore store, String setting, Lasting lasting) {
    for (Callable<Object> call : calls(store)) {
      assertThatThrownBy(call::call)
          .isInstanceOf(BlobStoreException.class)
          .hasMessageContaining(setting)
          .matches(
              e -> ((BlobStoreException) e).retryable() == (lasting == Lasting.PASSES),
              "retryable as " + lasting);
    }
  }

  private enum Lasting {
    LASTS,
    PASSES
  }

  @Test
  void aBucketThatIsNotThere() {
    S3Config config = S3Config.of("no-such-bucket").endpoint(server.endpoint()).region("eu-west-1");
    try (S3BlobStore store = S3BlobStore.open(config, TestServer.credentials())) {
      assertEveryCallNames(store, "bucket", Lasting.LASTS);
    }
  }

  @Test
  void aPipelineOverABucketThatIsNotThereDoesNotStart() {
    S3Config config = S3Config.of("no-such-bucket").endpoint(server.endpoint()).region("eu-west-1");
    try (S3BlobStore store = S3BlobStore.open(config, TestServer.credentials())) {
      assertThatThrownBy(
              () ->
                  AssetPipeline.builder()
                      .ledger(new InMemoryLedger(InstantSource.system()))
                      .blobs(store)
                      .start())
          .isInstanceOf(BlobStoreException.class)
          .hasMessageContaining("check the setting bucket");
    }
  }

  @Test
  void aWrongSecretKey() {
    try (S3BlobStore store =
        S3BlobStore.open(server.freshBucket(), TestServer.credentials("wrong"))) {
      assertEveryCallNames(store, "credentials", Lasting.LASTS);
      assertThatThrownBy(() -> put(store)).hasMessageContaining("the secret key");
    }
  }

  @Test
  void anAccessKeyNobodyKnows() {
    try (S3BlobStore store =
        S3BlobStore.open(server.freshBucket(), TestServer.strangersCredentials())) {
      assertEveryCallNames(store, "credentials", Lasting.LASTS);
      assertThatThrownBy(() -> put(store)).hasMessageContaining("the access key");
    }
  }

  @Test
  void anEndpointWhereNobodyListens() throws Exception {
    // Bound, so that nobody else takes the port, and not listening.
    try (Socket nobody = new Socket()) {
      nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      S3Config config =
          S3Config.of("bucket")
              .endpoint(URI.create("http://127.0.0.1:" + nobody.getLocalPort()))
              .region("eu-west-1")
              .attempts(1);
      try (S3BlobStore store = S3BlobStore.open(config, TestServer.credentials())) {
        assertEveryCallNames(store, "endpoint", Lasting.PASSES);
      }
    }
  }

  @Test
  void aServerThatDoesNotAnswer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      S3Config config =
          S3Config.of("bucket")
              .endpoint(URI.create("http://127.0.0.1:" + silent.getLocalPort()))
              .region("eu-west-1")
              .attempts(1)
              .timeout(Duration.ofMillis(50));
      try (S3BlobStore store = S3BlobStore.open(config, TestServer.credentials())) {
        assertEveryCallNames(store, "s3://bucket/", Lasting.PASSES);
      }
    }
  }

  @Test
  void aServerThatRefusesByAName() throws Exception {
    record Refusal(int status, String code, String header, String setting, Lasting lasting) {}
    List<Refusal> refusals =
        List.of(
            new Refusal(403, "AccessDenied", "", "s3:PutObject", Lasting.LASTS),
            new Refusal(
                301,
                "PermanentRedirect",
                "x-amz-bucket-region: eu-west-3\r\n",
                "region: the bucket is in eu-west-3",
                Lasting.LASTS),
            new Refusal(400, "AuthorizationHeaderMalformed", "", "region", Lasting.LASTS),
            new Refusal(403, "RequestTimeTooSkewed", "", "clock", Lasting.PASSES),
            new Refusal(400, "ExpiredToken", "", "the session is over", Lasting.LASTS),
            new Refusal(400, "InvalidStorageClass", "", "storage class", Lasting.LASTS),
            new Refusal(400, "KMS.NotFoundException", "", "encryption key", Lasting.LASTS),
            new Refusal(503, "SlowDown", "", "SlowDown", Lasting.PASSES),
            new Refusal(500, "InternalError", "", "InternalError", Lasting.PASSES),
            new Refusal(400, "BadDigest", "", "BadDigest", Lasting.PASSES));
    for (Refusal refusal : refusals) {
      try (CannedServer canned =
              new CannedServer(refusal.status(), refusal.code(), refusal.header());
          S3BlobStore store =
              S3BlobStore.open(
                  S3Config.of("bucket").endpoint(canned.endpoint()).region("eu-west-1").attempts(1),
                  TestServer.credentials())) {
        assertThatThrownBy(() -> put(store))
            .as(refusal.code())
            .isInstanceOf(BlobStoreException.class)
            .hasMessageContaining(refusal.setting())
            .matches(
                e -> ((BlobStoreException) e).retryable() == (refusal.lasting() == Lasting.PASSES),
                "retryable as " + refusal.lasting());
      }
    }
  }

  /** The refusal of a HEAD has no body; only its status comes over. */
  @Test
  void aServerThatRefusesALookIsAskedForItsWords() throws Exception {
    record Refusal(int status, String code, String setting, Lasting lasting) {}
    List<Refusal> refusals =
        List.of(
            new Refusal(400, "ExpiredToken", "the session is over", Lasting.LASTS),
            new Refusal(400, "AuthorizationHeaderMalformed", "setting region", Lasting.LASTS),
            new Refusal(403, "RequestTimeTooSkewed", "clock of this machine", Lasting.PASSES),
            new Refusal(403, "SignatureDoesNotMatch", "the secret key", Lasting.LASTS),
            new Refusal(403, "AccessDenied", "s3:GetObject and s3:ListBucket", Lasting.LASTS));
    for (Refusal refusal : refusals) {
      try (CannedServer canned = new CannedServer(refusal.status(), refusal.code(), "");
          S3BlobStore store =
              S3BlobStore.open(
                  S3Config.of("bucket").endpoint(canned.endpoint()).region("eu-west-1").attempts(1),
                  TestServer.credentials())) {
        for (Callable<Object> look :
            List.<Callable<Object>>of(
                () -> store.stat(KEY),
                () -> store.delete(KEY),
                () -> store.open(KEY, new ByteRange(0, 0)))) {
          assertThatThrownBy(look::call)
              .as(refusal.code())
              .isInstanceOf(BlobStoreException.class)
              .hasMessageContainingAll(refusal.code(), refusal.setting())
              .matches(
                  e ->
                      ((BlobStoreException) e).retryable() == (refusal.lasting() == Lasting.PASSES),
                  "retryable as " + refusal.lasting());
        }
      }
    }
  }

  @Test
  void whatIsDeniedIsToldWithWhatTagsAndKeysNeedAsWell() throws Exception {
    Keeping keeping = Keeping.DEFAULT.tag("team", "assets").encryption(Encryption.kms("key"));
    try (CannedServer canned = new CannedServer(403, "AccessDenied", "");
        S3BlobStore store =
            S3BlobStore.open(
                S3Config.of("bucket")
                    .endpoint(canned.endpoint())
                    .region("eu-west-1")
                    .keeping(keeping),
                TestServer.credentials())) {
      assertThatThrownBy(() -> put(store))
          .hasMessageContainingAll("s3:PutObjectTagging", "kms:GenerateDataKey", "kms:Decrypt");
    }
  }

  @Test
  void whoHasNoCredentialsIsToldHowToGiveThemInAFewWords() {
    AwsCredentialsProvider nobody =
        () -> {
          throw SdkClientException.create("none here");
        };
    S3Config config = S3Config.of("bucket").region("eu-west-1").endpoint(server.endpoint());
    try (S3BlobStore store = S3BlobStore.open(config, AwsCredentialsProviderChain.of(nobody))) {
      assertEveryCallNames(store, "AWS_ACCESS_KEY_ID", Lasting.LASTS);
      assertThatThrownBy(() -> put(store)).message().hasSizeLessThan(300);
    }
  }

  @Test
  void aHostThatNobodyKnowsIsNamedInAFewWords() {
    assumeTrue(isUnknown("no-such.invalid"), "a resolver that answers everything");
    assumeFalse(isBehindProxy(), "a proxy, which would be asked instead");
    S3Config config =
        S3Config.of("bucket")
            .region("eu-west-1")
            .endpoint(URI.create("http://no-such.invalid"))
            .timeout(Duration.ofMinutes(2));
    try (S3BlobStore store = S3BlobStore.open(config.attempts(1), TestServer.credentials())) {
      assertThatThrownBy(() -> put(store))
          .hasMessageContainingAll("host no-such.invalid;", "settings endpoint")
          .message()
          .hasSizeLessThan(250);
    }
  }

  /** No name below invalid exists (RFC 6761), but resolvers of some networks know better. */
  private static boolean isUnknown(String host) {
    try {
      InetAddress.getByName(host);
      return false;
    } catch (UnknownHostException e) {
      return true;
    }
  }

  private static boolean isBehindProxy() {
    return System.getProperty("http.proxyHost") != null
        || System.getenv().keySet().stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .anyMatch(name -> name.equals("http_proxy") || name.equals("all_proxy"));
  }

  @Test
  void foreignObjectsInTheBucketAreLeftAloneAndPassedOver() {
    S3Config config = server.freshBucket();
    List<String> foreign =
        List.of("README.txt", "Photos/Ä 1.jpg", "raw/UPPER", "zz/space here", "~x");
    for (String name : foreign) {
      server
          .admin()
          .putObject(r -> r.bucket(config.bucket()).key(name), RequestBody.fromBytes(BYTES));
    }
    try (S3BlobStore store = S3BlobStore.open(config, TestServer.credentials())) {
      put(store);
      for (int limit = 1; limit <= 8; limit++) {
        assertThat(scan(store, limit)).as("pages of %s", limit).containsExactly(KEY);
      }
      store.delete(KEY);
      assertThat(scan(store, 2)).isEmpty();
      assertThat(server.admin().listObjectsV2(r -> r.bucket(config.bucket())).contents())
          .hasSameSizeAs(foreign);
    }
  }

  private static List<StorageKey> scan(BlobStore store, int limit) {
    List<StorageKey> keys = new ArrayList<>();
    Cursor after = Cursor.START;
    while (after != null) {
      Page<StorageKey> page = store.list("", after, limit);
      keys.addAll(page.items());
      after = page.next();
    }
    return keys;
  }

  @Test
  void aKeyUnderWhichOtherBytesLieIsNotWrittenOver() throws Exception {
    S3Config config = server.freshBucket();
    byte[] others = {9, 9, 9, 9};
    server
        .admin()
        .putObject(r -> r.bucket(config.bucket()).key(KEY.text()), RequestBody.fromBytes(others));
    try (S3BlobStore store = S3BlobStore.open(config, TestServer.credentials())) {
      assertThatThrownBy(() -> put(store))
          .isInstanceOf(BlobStoreException.class)
          .hasMessageContaining("never used");
      assertThat(store.open(KEY, ByteRange.ALL).readAllBytes()).isEqualTo(others);
    }
  }

  @Test
  void aSpooledFileThatRottedSinceItWasMeasuredIsRefused() throws Exception {
    Path file = Files.createTempFile(folder, "spooled", "");
    Files.write(file, new byte[] {1, 2, 4});
    BlobRef measured = new BlobRef(Digest.ofContent(BYTES), BYTES.length);
    try (S3BlobStore store = S3BlobStore.open(server.freshBucket(), TestServer.credentials())) {
      assertThatThrownBy(() -> store.put(KEY, measured, new ByteSource.SpooledFile(file, measured)))
          .isInstanceOf(IntegrityException.class);
      assertThat(store.stat(KEY)).isEmpty();
    }
  }

  @Test
  void aClientOfTheHostStaysOpenAndOneOfTheStoreDoesNot() {
    S3Config config = server.freshBucket();
    S3BlobStore over = S3BlobStore.over(server.admin(), config);
    put(over);
    over.close();
    over.close();
    assertThat(server.admin().listBuckets().buckets()).isNotEmpty();
    S3BlobStore own = S3BlobStore.open(config, TestServer.credentials());
    assertThat(own.stat(KEY)).isPresent();
    own.close();
    assertThatThrownBy(() -> own.stat(KEY)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void settingsThatCannotWorkAreRefusedAtOnce() {
    List<Callable<Object>> wrong =
        List.of(
            () -> S3Config.of("No Bucket"),
            () -> S3Config.of("b"),
            () -> S3Config.of("bucket").prefix("/absolute"),
            () -> S3Config.of("bucket").prefix("two//slashes"),
            () -> S3Config.of("bucket").region("EU"),
            () -> S3Config.of("bucket").endpoint(URI.create("ftp://host")),
            () -> S3Config.of("bucket").endpoint(URI.create("http://user@host")),
            () -> S3Config.of("bucket").timeout(Duration.ZERO),
            () -> S3Config.of("bucket").attempts(0),
            () -> S3Config.of("bucket").multipartAbove(1),
            () -> Keeping.DEFAULT.storageClass("GLACIER"),
            () -> Keeping.DEFAULT.storageClass("standard"),
            () -> Keeping.DEFAULT.tag("", "x"),
            () -> Encryption.kms(" "));
    for (Callable<Object> setting : wrong) {
      assertThatThrownBy(setting::call)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected");
    }
    assertThat(S3Config.of("bucket").prefix("a/b").prefix()).isEqualTo("a/b/");
  }

  @Test
  void objectsAreKeptAsTheSettingsSay() {
    S3Config config = server.freshBucket();
    Keeping keeping = Keeping.DEFAULT.storageClass("STANDARD_IA").encryption(Encryption.kms("key"));
    try (S3BlobStore store = S3BlobStore.open(config.keeping(keeping), TestServer.credentials())) {
      put(store);
      var head = server.admin().headObject(r -> r.bucket(config.bucket()).key(KEY.text()));
      assertThat(head.storageClassAsString()).isEqualTo("STANDARD_IA");
      assertThat(head.serverSideEncryptionAsString()).isEqualTo("aws:kms");
    }
  }

  @Test
  void whatTheServerCannotDoNamesTheSetting() {
    Keeping keeping = Keeping.DEFAULT.tag("team", "assets & more");
    try (S3BlobStore store =
        S3BlobStore.open(server.freshBucket().keeping(keeping), TestServer.credentials())) {
      assertThatThrownBy(() -> put(store))
          .isInstanceOf(BlobStoreException.class)
          .hasMessageContaining("keeping");
      assertThat(store.stat(KEY)).isEmpty();
    }
  }
}
