package dev.hfsm.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.DirectUpload;
import dev.hfsm.PreparedUpload;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of docs/s3.md, which are compiled here. */
class DocumentationTest {

  private static final Path SOURCE =
      Path.of("src/test/java/dev/hfsm/s3/DocumentationTest.java").toAbsolutePath();

  static AssetPipeline settings(AssetLedger ledger, byte[] secret) {
    S3BlobStore blobs =
        S3BlobStore.open(
            S3Config.of("photos")
                .prefix("assets")
                .region("eu-central-1")
                .keeping(Keeping.DEFAULT.encryption(Encryption.managed())));

    AssetPipeline pipeline =
        AssetPipeline.builder()
            .ledger(ledger)
            .blobs(blobs)
            .closing(blobs)
            .uploadSecret(secret)
            .start();
    return pipeline;
  }

  static PreparedUpload directUpload(
      AssetPipeline pipeline, Digest digest, long size, Scope scope) {
    PreparedUpload prepared =
        pipeline.prepareUpload(DirectUpload.of(digest, size).in(scope).as("product/42/hero"));
    return prepared;
  }

  @Test
  void everyExampleIsCompiled() throws IOException {
    String source = squeezed(Files.readString(SOURCE));
    Matcher blocks =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("../docs/s3.md")));
    int examples = 0;
    while (blocks.find()) {
      examples++;
      assertThat(source).contains(squeezed(blocks.group(1)));
    }
    assertThat(examples).isEqualTo(2);
  }

  private static String squeezed(String code) {
    return code.replaceAll("\\s+", " ").trim();
  }
}
