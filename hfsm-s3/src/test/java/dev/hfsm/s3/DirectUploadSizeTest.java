package dev.hfsm.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.AssetPipeline;
import dev.hfsm.DirectUpload;
import dev.hfsm.PreparedUpload.Transfer;
import dev.hfsm.Upload;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Scope;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that names the right digest and the wrong size. */
class DirectUploadSizeTest {

  private static final byte[] BYTES = "x".repeat(3000).getBytes(StandardCharsets.UTF_8);
  private static final Digest DIGEST = Digest.ofContent(BYTES);
  private static final Scope OURS = Scope.of("ours");

  @TempDir Path folder;
  private TestServer server;
  private S3BlobStore store;
  private AssetPipeline assets;

  @BeforeEach
  void open() throws Exception {
    server = TestServer.onDisk(Files.createDirectory(folder.resolve("server")));
    store = S3BlobStore.open(server.freshBucket(), TestServer.credentials());
    assets =
        AssetPipeline.builder()
            .ledger(new InMemoryLedger(InstantSource.system()))
            .blobs(store)
            .spool(folder.resolve("spool"))
            .build();
  }

  @AfterEach
  void close() throws Exception {
    assets.close();
    store.close();
    server.close();
  }

  @Test
  void isToldSoByTheScopeThatOwnsTheAssetAndClaimsNothing() {
    AssetId id = assets.ingest(Upload.of(BYTES).in(OURS)).id();
    DirectUpload wrong =
        DirectUpload.of(DIGEST, 2999).in(OURS).as("hero").visibility(Visibility.PUBLIC);
    assertThatThrownBy(() -> assets.prepareUpload(wrong))
        .isInstanceOf(IntegrityException.class)
        .hasMessage("upload: expected the 3000 bytes of " + DIGEST + ", found 2999");
    assertThat(assets.references(id)).as("no claim under the name hero").hasSize(1);
    assertThat(assets.find(id).orElseThrow().visibility()).isEqualTo(Visibility.PRIVATE);
    assertThat(assets.prepareUpload(DirectUpload.of(DIGEST, 3000).in(OURS)).transfer()).isEmpty();
  }

  @Test
  void learnsNothingAboutTheAssetsOfOthers() {
    assets.ingest(Upload.of(BYTES).in(Scope.of("theirs")));
    DirectUpload known = DirectUpload.of(DIGEST, 2999).in(OURS);
    DirectUpload unknown = DirectUpload.of(Digest.ofContent(new byte[] {9}), 2999).in(OURS);
    Transfer first = assets.prepareUpload(known).transfer().orElseThrow();
    Transfer second = assets.prepareUpload(unknown).transfer().orElseThrow();
    assertThat(first.request().headers().keySet()).isEqualTo(second.request().headers().keySet());
    assertThat(first.ticket()).hasSameSizeAs(second.ticket());
  }
}
