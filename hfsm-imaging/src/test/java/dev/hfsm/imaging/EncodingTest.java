package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What recipes say of how a variant is written. */
class EncodingTest extends EngineFixture {

  private static BufferedImage noise(int type) {
    Random random = new Random(5);
    return Pictures.image(90, 70, type, (x, y) -> 0xFF000000 | random.nextInt(1 << 24));
  }

  private static boolean has(byte[] jpeg, int marker) {
    String text = new String(jpeg, StandardCharsets.ISO_8859_1);
    return text.contains("\u00FF" + (char) marker);
  }

  @Test
  void aProgressiveJpegShowsTheSamePixels() {
    Transformation baseline = Transformation.image().width(64).format(Format.JPEG);
    byte[] jpeg = Pictures.encoded(noise(RGB), "jpeg");
    for (Source source :
        new Source[] {
          Pictures.source(folder, MediaType.JPEG, Pictures.withExif(jpeg, 6, "secret")),
          Pictures.png(folder, noise(ARGB))
        }) {
      byte[] first = bytes(rendition(source, baseline));
      byte[] second = bytes(rendition(source, baseline.progressive()));
      assertThat(has(first, 0xC2)).isFalse();
      assertThat(has(second, 0xC2)).isTrue();
      assertThat(new String(second, StandardCharsets.ISO_8859_1)).doesNotContain("secret", "Exif");
      assertThat(Pictures.difference(Pictures.decoded(first), Pictures.decoded(second))).isZero();
    }
  }

  @Test
  void losslessWebpIsTheSamePixelByPixel() throws Exception {
    Assumptions.assumeTrue(WebpNative.available(), "no WebP encoder on this platform");
    BufferedImage picture = noise(RGB);
    Source source = Pictures.png(folder, picture);
    byte[] exact = bytes(rendition(source, Transformation.image().losslessWebp()));
    byte[] lossy = bytes(rendition(source, Transformation.image().format(Format.WEBP)));
    assertThat(new String(exact, 12, 4, StandardCharsets.US_ASCII)).isEqualTo("VP8L");
    assertThat(Pictures.difference(webp(exact), picture)).isZero();
    assertThat(Pictures.difference(webp(lossy), picture)).isPositive();
    assertThat(exact.length).isEqualTo(8 + (exact[4] & 0xFF | (exact[5] & 0xFF) << 8));
  }

  private static BufferedImage webp(byte[] file) throws Exception {
    ImageReader reader = new WebPImageReaderSpi().createReaderInstance();
    try (var in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(in);
      return reader.read(0);
    } finally {
      reader.dispose();
    }
  }

  /**
   * Measured: libwebp takes 29 to 36 bytes for a pixel outside of the heap, and there is a file.
   */
  @Test
  void losslessWebpIsGrantedTheMemoryThatItsEncoderTakes() {
    Source source = Pictures.png(folder, Pictures.image(300, 200, RGB, (x, y) -> x * y));
    TestBudget budget = new TestBudget();
    engine.render(source, List.of(Transformation.image().losslessWebp()), budget);
    assertThat(budget.mostReserved.get()).isGreaterThan(40L * 300 * 200);
  }
}
