package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.imaging.jpeg.JpegColor;
import dev.hfsm.imaging.jpeg.JpegDecoder;
import dev.hfsm.imaging.jpeg.JpegFrame;
import dev.hfsm.imaging.jpeg.JpegInput;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Keep;
import dev.hfsm.transform.Orient;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.Test;

/** Whole variants of JPEGs, as an engine makes them, against libjpeg's accurate decode. */
class JpegFidelityTest extends EngineFixture {

  /** Of large photos a part from the middle is looked at. */
  private static final int SIDE = 1200;

  /** At the edge of a crop colour is enlarged from what lies inside of it alone. */
  private static final int EDGE = 4;

  private final Transformation whole =
      Transformation.image().orient(Orient.OFF).keep(Keep.ICC).format(Format.PNG);

  @Test
  void pixelsOfTheCorpusAreThoseOfLibjpegWithinThreeOf255() throws Exception {
    Path root = Corpus.rootOrSkip();
    int compared = 0;
    for (Map<String, String> row : Corpus.table(root.resolve("MANIFEST.csv"))) {
      Path file = root.resolve(row.get("path"));
      boolean wanted =
          row.get("path").matches("(photos|formats|orientation)/.*")
              && row.get("mime").equals("image/jpeg")
              && !row.get("path").matches(".*(arith|_ls).*");
      if (wanted && compare(file)) {
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(45);
  }

  private boolean compare(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    JpegFrame frame = JpegDecoder.open(JpegInput.of(bytes), 100).frame();
    if (frame.color() != JpegColor.YCBCR && frame.color() != JpegColor.GREY) {
      return false;
    }
    int width = Math.min(SIDE, frame.width());
    int height = Math.min(SIDE, frame.height());
    int left = (frame.width() - width) / 2 & ~1;
    int top = (frame.height() - height) / 2 & ~1;
    Source source = new Source(MediaType.JPEG, Facts.NONE, file);
    BufferedImage made = variant(source, whole.crop(left, top, width, height));
    Raster raster = raster(bytes);
    boolean cut = width < frame.width() || height < frame.height();
    int edge = cut ? EDGE : 0;
    int worst = 0;
    int[] pixel = new int[frame.components().size()];
    for (int y = edge; y < height - edge; y++) {
      for (int x = edge; x < width - edge; x++) {
        int expected = rgb(raster.getPixel(left + x, top + y, pixel));
        worst = Math.max(worst, difference(made.getRGB(x, y), expected));
      }
    }
    assertThat(worst).as(file + " " + frame.components()).isLessThanOrEqualTo(3);
    return true;
  }

  private static Raster raster(byte[] jpeg) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
    try (var in = ImageIO.createImageInputStream(new ByteArrayInputStream(jpeg))) {
      reader.setInput(in, false, true);
      return reader.readRaster(0, null);
    } finally {
      reader.dispose();
    }
  }

  /** JFIF's matrix in double precision. */
  private static int rgb(int[] pixel) {
    if (pixel.length == 1) {
      return pixel[0] * 0x010101;
    }
    double cb = pixel[1] - 128;
    double cr = pixel[2] - 128;
    return rounded(pixel[0] + 1.402 * cr) << 16
        | rounded(pixel[0] - 0.344136286 * cb - 0.714136286 * cr) << 8
        | rounded(pixel[0] + 1.772 * cb);
  }

  private static int rounded(double value) {
    return (int) Math.max(0, Math.min(255, Math.rint(value)));
  }

  private static int difference(int a, int b) {
    int worst = 0;
    for (int shift = 0; shift < 24; shift += 8) {
      worst = Math.max(worst, Math.abs((a >> shift & 0xFF) - (b >> shift & 0xFF)));
    }
    return worst;
  }
}
