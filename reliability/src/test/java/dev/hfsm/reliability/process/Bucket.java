package dev.hfsm.reliability.process;

import dev.hfsm.s3.S3BlobStore;
import dev.hfsm.s3.S3Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** A bucket of a real S3 server in this process; other processes reach it by its endpoint. */
final class Bucket implements AutoCloseable {

  private static final String NAME = "proof";
  private static final String ACCESS_KEY = "proof-access-key";
  private static final String SECRET_KEY = "proof-secret-key";

  private final S3Proxy server;

  private Bucket(S3Proxy server) {
    this.server = server;
  }

  /** An empty one, whose objects are files under {@code folder}. */
  static Bucket create(Path folder) {
    try {
      Files.createDirectories(folder.resolve(NAME));
      S3Proxy server =
          S3Proxy.builder()
              .endpoint(URI.create("http://127.0.0.1:0"))
              .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
              .blobStore(new WholeObjects(new FilesystemNio2BlobStore(folder.toString())))
              .build();
      server.start();
      return new Bucket(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException("the S3 server did not start", e);
    }
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  /** A store over the bucket at an endpoint, in this or another process. */
  static S3BlobStore store(URI endpoint) {
    AwsCredentialsProvider credentials =
        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY));
    S3Config config = S3Config.of(NAME).prefix("assets").endpoint(endpoint).region("eu-central-1");
    return S3BlobStore.open(config, credentials);
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the S3 server did not stop", e);
    }
  }
}
