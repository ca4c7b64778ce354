package dev.hfsm.benchmarks;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.s3.S3BlobStore;
import dev.hfsm.s3.S3Config;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Puts and gets through the store, beside the same requests made with the plain SDK: the same
 * client, the same server, the same checksums, in turns.
 */
public final class S3Throughput {

  private static final int MIB = 1 << 20;
  private static final int[] SIZES = {MIB, 64 * MIB};
  private static final int[] CALLS = {300, 20};
  private static final int WARM_UP = 4;
  private static final long MOST_NANOS = 25_000_000_000L;

  private final SplittableRandom random = new SplittableRandom(1);
  private final S3Client client;
  private final S3BlobStore store;

  private S3Throughput(S3Client client) {
    this.client = client;
    this.store =
        S3BlobStore.over(
            client, S3Config.of(S3Server.BUCKET).multipartAbove(SIZES[SIZES.length - 1]));
  }

  /** No arguments. */
  public static void main(String[] args) throws IOException {
    try (S3Server server = S3Server.start();
        S3Client client =
            S3Client.builder()
                .endpointOverride(server.endpoint())
                .region(Region.of(S3Server.REGION))
                .credentialsProvider(S3Server.credentials())
                .forcePathStyle(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .build()) {
      S3Throughput throughput = new S3Throughput(client);
      System.out.println(
          "| | store / plain SDK, medians | sums | store, MiB/s | plain SDK, MiB/s |");
      System.out.println("|---|---|---|---|---|");
      for (int i = 0; i < SIZES.length; i++) {
        throughput.measure(SIZES[i], CALLS[i]);
      }
    }
  }

  private void measure(int size, int calls) throws IOException {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    BlobRef blob = new BlobRef(Digest.ofContent(bytes), size);
    Path file = Files.createTempFile("hfsm-s3-benchmark", "");
    try {
      Files.write(file, bytes);
      // As the spool hands over what has this size.
      ByteSource source = new ByteSource.SpooledFile(file, blob);
      RequestBody body = RequestBody.fromFile(file);
      compare(
          "put " + size / MIB + " MiB",
          size,
          calls,
          () -> store.put(key(blob), blob, source),
          () -> plainPut(key(blob), blob, body));
      StorageKey key = key(blob);
      store.put(key, blob, source);
      compare(
          "get " + size / MIB + " MiB",
          size,
          calls,
          () -> drain(store.open(key, ByteRange.ALL)),
          () -> drain(plainGet(key)));
    } finally {
      Files.delete(file);
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void drain(InputStream in) throws IOException {
    byte[] block = new byte[64 * 1024];
    try (in) {
      while (in.read(block) >= 0) {
        // nobody looks at it
      }
    }
  }

  private StorageKey key(BlobRef blob) {
    return StorageKey.raw(AssetId.of(blob.digest()), Stamp.of(Instant.now(), random));
  }

  /** What the store sends, written down by hand. */
  private void plainPut(StorageKey key, BlobRef blob, RequestBody body) {
    client.putObject(
        r ->
            r.bucket(S3Server.BUCKET)
                .key(key.text())
                .contentLength(blob.size())
                .contentType("application/octet-stream")
                .checksumSHA256(
                    Base64.getEncoder()
                        .encodeToString(HexFormat.of().parseHex(blob.digest().hex())))
                .ifNoneMatch("*")
                .metadata(
                    Map.of(
                        "asset-id",
                        blob.digest().toString(),
                        "content-hash",
                        blob.digest().toString())),
        body);
  }

  private InputStream plainGet(StorageKey key) {
    return client.getObject(r -> r.bucket(S3Server.BUCKET).key(key.text()));
  }

  /** Single calls take turns, and who goes first; the medians of both are compared. */
  private static void compare(String name, int bytes, int calls, Step ours, Step plain)
      throws IOException {
    double[] mine = new double[calls];
    double[] theirs = new double[calls];
    for (int i = 0; i < WARM_UP; i++) {
      ours.run();
      plain.run();
    }
    int done = 0;
    long end = System.nanoTime() + MOST_NANOS;
    for (int i = 0; i < calls && System.nanoTime() < end; i++, done++) {
      if (i % 2 == 0) {
        mine[i] = time(ours);
        theirs[i] = time(plain);
      } else {
        theirs[i] = time(plain);
        mine[i] = time(ours);
      }
    }
    mine = Arrays.copyOf(mine, done);
    theirs = Arrays.copyOf(theirs, done);
    double total = Arrays.stream(theirs).sum() / Arrays.stream(mine).sum();
    double fast = bytes / median(mine) / MIB;
    double slow = bytes / median(theirs) / MIB;
    System.out.printf("| %s | %.2f | %.2f | %.0f | %.0f |%n", name, fast / slow, total, fast, slow);
  }

  private static double time(Step step) throws IOException {
    long start = System.nanoTime();
    step.run();
    return (System.nanoTime() - start) / 1e9;
  }

  /** Sorts {@code values}. */
  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
