package dev.hfsm.s3;

import java.net.URI;
import java.nio.file.Path;
import java.util.UUID;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;

/** A real S3 server in this process, which checks signatures and checksums. */
final class TestServer implements AutoCloseable {

  static final String REGION = "eu-central-1";
  private static final String ACCESS_KEY = "test-access-key";
  private static final String SECRET_KEY = "test-secret-key";

  private final S3Proxy server;
  private final S3Client admin;

  private TestServer(S3Proxy server) throws Exception {
    this.server = server;
    server.start();
    this.admin = client(endpoint());
  }

  /** Whose objects are files. */
  static TestServer onDisk(Path folder) throws Exception {
    return new TestServer(
        settings()
            .blobStore(new WholeObjects(new FilesystemNio2BlobStore(folder.toString())))
            .build());
  }

  /** Whose objects are on the heap; it knows server-side encryption as well. */
  static TestServer inMemory() throws Exception {
    return new TestServer(
        settings().blobStore(new WholeObjects(new TransientNio2BlobStore())).build());
  }

  private static S3Proxy.Builder settings() {
    return S3Proxy.builder()
        .endpoint(URI.create("http://127.0.0.1:0"))
        .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  int port() {
    return server.getPort();
  }

  static AwsCredentialsProvider credentials() {
    return credentials(SECRET_KEY);
  }

  static AwsCredentialsProvider credentials(String secretKey) {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, secretKey));
  }

  static AwsCredentialsProvider strangersCredentials() {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create("stranger", SECRET_KEY));
  }

  /** For what the store does not do: making buckets, looking behind its back. */
  S3Client admin() {
    return admin;
  }

  private static S3Client client(URI endpoint) {
    return S3Connection.open(
            S3Config.of("nothing").endpoint(endpoint).region(REGION), credentials())
        .client();
  }

  /** The settings of a bucket that was just made. */
  S3Config freshBucket() {
    String bucket = "bucket-" + UUID.randomUUID();
    admin.createBucket(r -> r.bucket(bucket));
    return S3Config.of(bucket).endpoint(endpoint()).region(REGION);
  }

  @Override
  public void close() throws Exception {
    admin.close();
    server.stop();
  }
}
