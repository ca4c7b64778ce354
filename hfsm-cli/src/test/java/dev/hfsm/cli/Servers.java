package dev.hfsm.cli;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import redis.embedded.RedisServer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A real PostgreSQL, a real S3 server and a real Redis on this machine. */
final class Servers implements AutoCloseable {

  static final String ACCESS_KEY = "test-access-key";
  static final String SECRET_KEY = "test-secret-key";
  static final String REDIS_PASSWORD = "p@ss:w/rd %+#?";

  private static final AtomicInteger NAMES = new AtomicInteger();

  /** A busy machine needs longer than the ten seconds that are usual. */
  private static final Duration STARTING = Duration.ofMinutes(1);

  private static final int TRIES = 5;

  private final EmbeddedPostgres postgres = startedPostgres();
  private final S3Proxy s3 =
      S3Proxy.builder()
          .endpoint(URI.create("http://127.0.0.1:0"))
          .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
          .blobStore(new TransientNio2BlobStore())
          .build();
  private final RedisServer redis;
  private final S3Client admin;

  /** A port that was free a moment ago may be taken by whoever was faster: then another one. */
  static EmbeddedPostgres startedPostgres() throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        return EmbeddedPostgres.builder().setPGStartupWait(STARTING).start();
      } catch (IOException e) {
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }

  Servers() throws Exception {
    s3.start();
    redis = startedRedis();
    admin =
        S3Client.builder()
            .endpointOverride(endpoint())
            .region(Region.EU_CENTRAL_1)
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
            .build();
  }

  /** As above. */
  private static RedisServer startedRedis() throws IOException {
    for (int tries = 1; ; tries++) {
      RedisServer server =
          RedisServer.newRedisServer()
              .port(freePort())
              .setting("bind 127.0.0.1")
              .setting("save \"\"")
              .setting("requirepass \"" + REDIS_PASSWORD + "\"")
              .build();
      try {
        server.start();
        return server;
      } catch (IOException e) {
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** An empty database of its own. */
  String database() throws SQLException {
    String name = "hfsm_" + NAMES.incrementAndGet();
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + name;
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + s3.getPort());
  }

  /** An empty bucket of its own. */
  String bucket() {
    String name = "bucket-" + NAMES.incrementAndGet();
    admin.createBucket(r -> r.bucket(name));
    return name;
  }

  List<String> objects(String bucket) {
    return admin.listObjectsV2(r -> r.bucket(bucket)).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  String redis() {
    return "redis://127.0.0.1:" + redis.ports().get(0);
  }

  void stopRedis() throws IOException {
    redis.stop();
  }

  @Override
  public void close() throws Exception {
    admin.close();
    redis.stop();
    s3.stop();
    postgres.close();
  }
}
