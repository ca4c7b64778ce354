package dev.hfsm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.DeliveryBody;
import dev.hfsm.delivery.DeliveryRequest;
import dev.hfsm.delivery.DeliveryResponse;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.filesystem.FileSystemBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in a file is handed on as a file. */
class DeliveredFilesTest {

  private static final SigningKeys KEYS = SigningKeys.of("k1", new byte[32]);

  @TempDir Path folder;
  private FileSystemBlobStore store;
  private AssetPipeline assets;
  private Delivery delivery;
  private AssetId id;
  private String url;
  private Path file;

  @BeforeEach
  void build() {
    store = FileSystemBlobStore.open(folder.resolve("blobs"));
    assets =
        AssetPipeline.builder()
            .ledger(new InMemoryLedger(InstantSource.system()))
            .blobs(store)
            .spool(folder.resolve("spool"))
            .build();
    delivery = Delivery.of(assets, KEYS).build();
    id = assets.ingest(Upload.of("0123456789".getBytes(StandardCharsets.UTF_8))).id();
    url = AssetUrls.of(assets, KEYS, "").original(id, "txt");
    file = assets.open(id).file().orElseThrow();
  }

  @AfterEach
  void close() {
    assets.close();
    store.close();
  }

  private DeliveryResponse get(String range) {
    return delivery.handle(new DeliveryRequest("GET", url, Map.of("Range", List.of(range))));
  }

  private static String written(DeliveryResponse response) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    response.body().writeTo(out);
    assertThat(response.body().size()).isEqualTo(out.size());
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aPartOfAFileIsThatFileOpenWithAnOffset() throws IOException {
    try (DeliveryResponse response = get("bytes=2-5")) {
      DeliveryBody.FilePart part = response.body().file().orElseThrow();
      assertThat(part.offset()).isEqualTo(2);
      assertThat(part.length()).isEqualTo(4);
      assertThat(part.name()).isEqualTo(file);
      ByteBuffer read = ByteBuffer.allocate(4);
      part.channel().read(read, part.offset());
      assertThat(new String(read.array(), StandardCharsets.UTF_8)).isEqualTo("2345");
      assertThat(written(response)).isEqualTo("2345");
    }
    try (DeliveryResponse several = get("bytes=0-1,8-9")) {
      assertThat(several.body().file()).isEmpty();
      assertThat(written(several)).contains("\r\n01\r\n").contains("\r\n89\r\n");
    }
  }

  @Test
  void itIsServedThoughItsNameIsTakenAwayMeanwhile() throws IOException {
    try (DeliveryResponse response = get("bytes=0-")) {
      Files.delete(file);
      assertThat(written(response)).isEqualTo("0123456789");
    }
  }

  @Test
  void itIsClosedWithTheAnswer() {
    DeliveryResponse response = get("bytes=0-");
    DeliveryBody.FilePart part = response.body().file().orElseThrow();
    response.close();
    assertThat(part.channel().isOpen()).isFalse();
  }

  @Test
  void aFileThatIsNotThereIsToldAsBefore() throws IOException {
    Files.delete(file);
    assertThat(get("bytes=0-").status()).as("the store knows it is damage").isEqualTo(500);
  }

  @Test
  void aFileOfAnotherSizeIsDamage() throws IOException {
    file.toFile().setWritable(true);
    Files.writeString(file, "01234");
    assertThat(get("bytes=0-").status()).isEqualTo(500);
    Failure damage = assets.find(id).orElseThrow().damage();
    assertThat(damage).isNotNull();
    assertThat(damage.message()).isEqualTo("expected 10 bytes, found 5");
    assets.ingest(Upload.of("0123456789".getBytes(StandardCharsets.UTF_8)));
    assertThat(written(get("bytes=0-"))).isEqualTo("0123456789");
  }
}
