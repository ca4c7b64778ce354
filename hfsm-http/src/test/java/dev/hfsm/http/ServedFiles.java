package dev.hfsm.http;

import static dev.hfsm.transform.Transformation.image;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.filesystem.FileSystemBlobStore;
import dev.hfsm.imaging.ImageTransformer;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.transform.Format;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** A server with some files to serve. */
final class ServedFiles implements AutoCloseable {

  static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
  static final Instant MODIFIED = Instant.parse("2024-05-06T07:08:09.5Z");

  /** Larger than all that systems keep for a client that does not read. */
  static final int LARGE = 48 << 20;

  /** A variant that a busy machine makes late is not what these tests are about. */
  static final Duration PATIENCE = Duration.ofSeconds(120);

  final Path folder;
  final WatchedStore store;
  final AssetPipeline assets;
  final AssetUrls urls;
  final int port;
  private final TestServer.Running server;

  /** With a store whose streams are watched, so that none is served as the file it is. */
  ServedFiles(TestServer kind) throws Exception {
    this(kind::start, WatchedStore::new);
  }

  /** Begins to serve. */
  @FunctionalInterface
  interface Start {
    TestServer.Running of(AssetPipeline assets, Delivery delivery) throws Exception;
  }

  /**
   * @param front what stands before the store
   */
  ServedFiles(Start kind, Function<BlobStore, BlobStore> front) throws Exception {
    folder = Files.createTempDirectory("hfsm-served-").toRealPath();
    BlobStore served = front.apply(FileSystemBlobStore.open(folder.resolve("blobs")));
    store = served instanceof WatchedStore watched ? watched : new WatchedStore(served);
    assets =
        AssetPipeline.builder()
            .ledger(new InMemoryLedger(() -> MODIFIED))
            .blobs(served)
            .spool(folder.resolve("spool"))
            .transformer(new ImageTransformer())
            .start();
    SigningKeys keys = SigningKeys.of("k1", new byte[32]);
    urls = AssetUrls.of(assets, keys, "/assets");
    server = kind.of(assets, Delivery.of(assets, keys).patience(PATIENCE).build());
    port = server.port();
  }

  /** The path of an original that is the letters of the alphabet. */
  String letters() {
    return original(LETTERS.getBytes(StandardCharsets.US_ASCII), "txt", "letters.txt");
  }

  String original(byte[] bytes, String extension, String name) {
    return urls.original(assets.ingest(Upload.of(bytes).named(name)).id(), extension);
  }

  /** The path of a variant whose format follows from what a client takes. */
  String negotiated() throws IOException {
    return urls.variant(photo(64, 48), image().width(32));
  }

  /** The path of a variant of a few megabytes, if the photo is large enough. */
  String largeVariant(AssetId photo) {
    return urls.variant(photo, image().format(Format.PNG));
  }

  AssetId photo(int width, int height) throws IOException {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(5);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        picture.setRGB(x, y, x * 3 << 16 | y * 4 << 8 | random.nextInt(60));
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(picture, "jpg", out);
    return assets.ingest(Upload.of(out.toByteArray())).id();
  }

  /** The path of a large original. */
  String large() {
    byte[] bytes = new byte[LARGE];
    new Random(6).nextBytes(bytes);
    return original(bytes, "bin", "large.bin");
  }

  @Override
  public void close() throws Exception {
    server.close();
    assets.close();
    store.close();
    deleteAll(folder);
  }

  static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
