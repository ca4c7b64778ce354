package dev.hfsm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** How objects are kept in a bucket, said on the command line, on a real S3 server. */
@Timeout(300)
class BucketKeepingTest {

  private static final String KEPT = "storage-class=STANDARD_IA&encryption=kms:alias/assets";
  private static S3Proxy server;
  private static S3Client admin;
  private static int buckets;

  @TempDir Path folder;
  private String bucket;
  private Path photo;
  private String ledger;

  @BeforeAll
  static void start() throws Exception {
    System.setProperty("aws.accessKeyId", Servers.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", Servers.SECRET_KEY);
    server =
        S3Proxy.builder()
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, Servers.ACCESS_KEY, Servers.SECRET_KEY)
            .blobStore(new TransientNio2BlobStore())
            .build();
    server.start();
    admin =
        S3Client.builder()
            .endpointOverride(endpoint())
            .region(Region.EU_CENTRAL_1)
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(Servers.ACCESS_KEY, Servers.SECRET_KEY)))
            .build();
  }

  @AfterAll
  static void stop() throws Exception {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
    admin.close();
    server.stop();
  }

  private static URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  @BeforeEach
  void places() throws IOException {
    bucket = "bucket-" + ++buckets;
    admin.createBucket(r -> r.bucket(bucket));
    photo = Pictures.jpeg(folder.resolve("one.jpg"), 200, 150, 1);
    ledger = "jdbc:sqlite:" + folder.resolve("ledger.db");
  }

  private String store(String settings) {
    return "s3://%s/assets?region=eu-central-1&endpoint=%s&%s"
        .formatted(bucket, endpoint(), settings);
  }

  private List<HeadObjectResponse> blobs() {
    return admin.listObjectsV2(r -> r.bucket(bucket)).contents().stream()
        .map(S3Object::key)
        .filter(key -> key.contains("/raw/") || key.contains("/var/"))
        .map(key -> admin.headObject(r -> r.bucket(bucket).key(key)))
        .toList();
  }

  @Test
  void originalsAndVariantsAreKeptAsTheUrlSays() {
    Command done =
        Command.run("--store", store(KEPT), "--ledger", ledger, "--json", "ingest", photo);
    assertThat(done.exitCode()).as(done.err()).isZero();
    String id = done.json().get("assets").at(0).get("id").text();
    Path out = folder.resolve("v.jpg");
    Command made =
        Command.run("--store", store(KEPT), "--ledger", ledger, "variant", id, "w=20", "-o", out);
    assertThat(made.exitCode()).as(made.err()).isZero();
    assertThat(blobs()).hasSize(2).allSatisfy(BucketKeepingTest::assertKept);
  }

  @Test
  void aMigrationKeepsWhatItCopiesAsTheUrlSays() {
    Path data = folder.resolve("data");
    assertThat(Command.run("--data", data, "ingest", photo).exitCode()).isZero();
    Command there = Command.run("--data", data, "migrate", "--to", store(KEPT));
    assertThat(there.exitCode()).as(there.err()).isZero();
    assertThat(blobs()).hasSize(1).allSatisfy(BucketKeepingTest::assertKept);

    Command itself =
        Command.run(
            "--store", store(KEPT), "--ledger", ledger, "migrate", "--to", store("tag.a=b"));
    assertThat(itself.exitCode()).isEqualTo(2);
    assertThat(itself.err()).contains("another store");
  }

  private static void assertKept(HeadObjectResponse object) {
    assertThat(object.storageClassAsString()).isEqualTo("STANDARD_IA");
    assertThat(object.serverSideEncryptionAsString()).isEqualTo("aws:kms");
  }

  @Test
  void whatTheServerRefusesNamesTheSettingsOfTheUrl() {
    // This server knows no tags, and says so by 501.
    Command done =
        Command.run("--store", store("tag.team=media"), "--ledger", ledger, "ingest", photo);
    assertThat(done.exitCode()).isEqualTo(1);
    assertThat(done.out()).contains("tag.NAME", "of the store's URL").doesNotContain("keeping");
  }

  @Test
  void helpNamesEverySetting() {
    String help = Command.run("--help").out().replaceAll("\\s+", " ");
    assertThat(help).contains("storage-class=CLASS").contains("tag.NAME=VALUE");
    assertThat(Command.run("migrate", "--help").out().replaceAll("\\s+", " "))
        .contains("encryption=managed|kms:KEY");
    Command misspelt = Command.run("--store", store("class=X"), "--ledger", ledger, "stats");
    assertThat(misspelt.exitCode()).isEqualTo(2);
    assertThat(misspelt.err()).contains("storage-class=CLASS").contains("found class");
    Command target = Command.run("--data", folder, "migrate", "--to", store("class=X"));
    assertThat(target.exitCode()).isEqualTo(2);
    assertThat(target.err()).contains("'--to'").contains("found class");
  }
}
