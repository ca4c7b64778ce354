package dev.hfsm.embedded;

import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.DeliveryRequest;
import dev.hfsm.delivery.DeliveryResponse;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Public originals as a preset: the picture that was uploaded, without what was said around it. */
class PublicOriginalTest {

  private static final SigningKeys KEYS = SigningKeys.of("k1", new byte[32]);

  @TempDir Path folder;
  private AssetPipeline assets;
  private Delivery delivery;
  private AssetUrls urls;

  @BeforeEach
  void open() {
    assets =
        Hfsm.embedded(folder.resolve("data"))
            .preset("original", image().strip().quality(95))
            .start();
    delivery = Delivery.of(assets, KEYS).build();
    urls = AssetUrls.of(assets, KEYS, "");
  }

  @AfterEach
  void close() {
    assets.close();
  }

  private AssetId shown(byte[] file) {
    return assets.ingest(Upload.of(file).visibility(Visibility.PUBLIC)).id();
  }

  private DeliveryResponse get(String url) {
    return delivery.handle(
        new DeliveryRequest("GET", url, Map.of("Accept", List.of("image/webp,*/*"))));
  }

  private static byte[] body(DeliveryResponse response) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (response) {
      response.body().writeTo(out);
    }
    return out.toByteArray();
  }

  @Test
  void aPhotoIsServedAsItWasUploadedWithoutItsComment() throws IOException {
    byte[] plain = TestPictures.jpeg(300, 200, 1);
    byte[] comment = "\u00ff\u00fe\0\10SECRET".getBytes(StandardCharsets.ISO_8859_1);
    byte[] photo = new byte[plain.length + comment.length];
    System.arraycopy(plain, 0, photo, 0, 2);
    System.arraycopy(comment, 0, photo, 2, comment.length);
    System.arraycopy(plain, 2, photo, 2 + comment.length, plain.length - 2);
    AssetId id = shown(photo);
    DeliveryResponse response = get(urls.preset(id, "original"));
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("Content-Type")).as("not negotiated away").contains("image/jpeg");
    byte[] served = body(response);
    assertThat(new String(served, StandardCharsets.ISO_8859_1)).doesNotContain("SECRET");
    assertThat(served).isEqualTo(plain);
    assertThat(body(get(urls.original(id, "jpg")))).as("by signed link").isEqualTo(photo);
  }

  @Test
  void whatIsNoPictureHasNoPublicOriginal() {
    AssetId text = shown("%PDF-1.4 with names in it".getBytes(StandardCharsets.UTF_8));
    DeliveryResponse response = get(urls.preset(text, "original"));
    assertThat(response.status()).isEqualTo(415);
    assertThat(response.header("Cache-Control")).contains("max-age=5");
  }
}
