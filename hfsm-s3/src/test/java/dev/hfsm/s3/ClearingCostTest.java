package dev.hfsm.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.custody.CollectOptions;
import dev.hfsm.custody.CollectReport;
import dev.hfsm.custody.Mode;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** How many requests it takes to clear garbage away. No chore runs: the pipeline is not started. */
@Timeout(300)
class ClearingCostTest {

  private static final int OBJECTS = 500;

  private static TestServer server;
  @TempDir Path spool;
  private final Map<String, Integer> sent = new ConcurrentHashMap<>();

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.inMemory();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /** Counts what is asked; that a request is repeated on a slow machine is no matter. */
  private final class Count implements ExecutionInterceptor {
    @Override
    public void beforeExecution(Context.BeforeExecution request, ExecutionAttributes attributes) {
      sent.merge(attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME), 1, Integer::sum);
    }
  }

  private S3Client counted(S3Config config) {
    return S3Client.builder()
        .endpointOverride(config.endpoint())
        .region(Region.of(TestServer.REGION))
        .credentialsProvider(TestServer.credentials())
        .forcePathStyle(true)
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .overrideConfiguration(o -> o.addExecutionInterceptor(new Count()))
        .build();
  }

  @Test
  void fiveHundredObjectsAreClearedByOneRequestAndAPurgeByAnother() {
    S3Config config = server.freshBucket();
    try (S3Client client = counted(config);
        S3BlobStore store = S3BlobStore.over(client, config);
        AssetPipeline assets =
            AssetPipeline.builder()
                .ledger(new InMemoryLedger(InstantSource.system()))
                .blobs(store)
                .spool(spool)
                .build()) {
      long bytes = 0;
      for (int i = 0; i < OBJECTS; i++) {
        byte[] content = ("content " + i).getBytes(StandardCharsets.UTF_8);
        bytes += content.length;
        assets.releaseAll(assets.ingest(Upload.of(content)).id());
      }
      AssetId kept = assets.ingest(Upload.of(new byte[] {1, 2, 3})).id();
      CollectOptions all = new CollectOptions(Duration.ZERO, Mode.REAL);

      sent.clear();
      CollectReport report = assets.maintenance().collect(all, each -> {});
      assertThat(report.garbage().objects()).isEqualTo(OBJECTS);
      assertThat(report.garbage().bytes()).isEqualTo(bytes);
      assertThat(sent).containsEntry("DeleteObjects", 1);
      assertThat(sent).doesNotContainKeys("HeadObject", "DeleteObject");
      assertThat(store.list("raw/", Cursor.START, 10).items())
          .containsExactly(assets.find(kept).orElseThrow().key());

      sent.clear();
      assertThat(assets.maintenance().purge(kept).deleted()).isEqualTo(1);
      assertThat(sent).isEqualTo(Map.of("DeleteObjects", 1));
      assertThat(store.list("raw/", Cursor.START, 10).items()).isEmpty();
    }
  }
}
