package dev.hfsm.imaging.jpegenc;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.plugins.jpeg.JPEGImageWriteParam;
import javax.imageio.plugins.jpeg.JPEGQTable;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** The encoder beside libjpeg's, as the JDK wraps it, both read by the JDK. */
class JpegEncoderLibjpegTest {

  private static final String FORMAT = "javax_imageio_jpeg_image_1.0";

  @Test
  void anyPictureAtAnyQualityIsAsGoodAsLibjpegsAndNotLarger() throws IOException {
    long seed = System.nanoTime();
    System.out.println("encoder seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    List<Double> leadsOfSmallOnes = new ArrayList<>();
    for (int round = 0; round < 120; round++) {
      Sampling sampling =
          List.of(Sampling.GREY, Sampling.YCC_444, Sampling.YCC_420).get(random.nextInt(3));
      int shape = random.nextInt(4);
      int width = 1 + random.nextInt(shape == 0 ? 5000 : shape == 1 ? 3 : 200);
      int height = 1 + random.nextInt(shape == 0 ? 3 : shape == 1 ? 5000 : 200);
      int quality = 1 + random.nextInt(100);
      BufferedImage picture = picture(random, width, height, sampling.planes());
      String what =
          "seed %d round %d: %d × %d %s q%d"
              .formatted(seed, round, width, height, sampling, quality);
      byte[] ours = ours(picture, JpegSpec.of(width, height, sampling, quality));
      byte[] theirs = libjpeg(picture, sampling, quality);
      double lead = psnr(picture, ours) - psnr(picture, theirs);
      // Of few samples chance decides, so those pictures are judged together.
      int blocks = (width + 7) / 8 * ((height + 7) / 8);
      if (width < 16 || height < 16 || blocks < 64) {
        leadsOfSmallOnes.add(lead);
      } else {
        assertThat(lead).as(what + ": decibels ahead").isGreaterThan(-0.4);
      }
      assertThat(ours.length)
          .as(what + ": bytes, libjpeg's are " + theirs.length)
          .isLessThan((int) (theirs.length * 1.03) + 64);
    }
    assertThat(leadsOfSmallOnes.stream().mapToDouble(lead -> lead).average().orElseThrow())
        .as("decibels ahead, mean of %d small pictures", leadsOfSmallOnes.size())
        .isGreaterThan(-0.3);
  }

  @Test
  void qualityMeansTheTablesThatItMeansToLibjpeg() throws IOException {
    BufferedImage picture = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    for (int quality = 1; quality <= 100; quality++) {
      byte[] jpeg = ours(picture, JpegSpec.of(8, 8, Sampling.YCC_420, quality));
      assertThat(tables(jpeg))
          .as("q%d", quality)
          .containsExactly(
              scaled(JPEGQTable.K1Luminance, quality), scaled(JPEGQTable.K2Chrominance, quality));
    }
  }

  /** jpeg_quality_scaling and jpeg_add_quant_table of libjpeg; diagonal by diagonal. */
  private static List<Integer> scaled(JPEGQTable table, int quality) {
    int percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
    List<Integer> scaled = new ArrayList<>();
    for (int diagonal = 0; diagonal < 15; diagonal++) {
      for (int i = 0; i <= diagonal; i++) {
        int x = diagonal % 2 == 1 ? diagonal - i : i;
        int y = diagonal - x;
        if (x < 8 && y < 8) {
          int value = (table.getTable()[8 * y + x] * percent + 50) / 100;
          scaled.add(Math.max(1, Math.min(255, value)));
        }
      }
    }
    return scaled;
  }

  /** Waves, an edge, and grain in some of them. */
  private static BufferedImage picture(SplittableRandom random, int width, int height, int bands) {
    int type = bands == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
    BufferedImage image = new BufferedImage(width, height, type);
    double fast = random.nextDouble(0.01, 0.2);
    int grain = random.nextInt(3) * 9 + 1;
    int edge = random.nextInt(1 + width);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int b = 0; b < bands; b++) {
          double value = 128 + 70 * Math.sin(x * fast + b) * Math.cos(y * fast / 2 - b);
          value += (x > edge ? 30 : -30) + random.nextInt(-grain, grain + 1);
          image.getRaster().setSample(x, y, b, (int) Math.max(0, Math.min(255, value)));
        }
      }
    }
    return image;
  }

  private static byte[] ours(BufferedImage picture, JpegSpec spec) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JpegEncoder encoder = new JpegEncoder(spec, out, () -> {});
    RgbRows rows = new RgbRows(encoder, spec);
    int bands = spec.sampling().planes();
    int[] samples = new int[spec.width() * bands];
    byte[] row = new byte[samples.length];
    for (int y = 0; y < spec.height(); y++) {
      picture.getRaster().getPixels(0, y, spec.width(), 1, samples);
      for (int i = 0; i < row.length; i++) {
        row[i] = (byte) samples[i];
      }
      rows.row(row, 0);
    }
    encoder.finish();
    return out.toByteArray();
  }

  private static byte[] libjpeg(BufferedImage picture, Sampling sampling, int quality)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    JPEGImageWriteParam param = new JPEGImageWriteParam(null);
    param.setCompressionMode(JPEGImageWriteParam.MODE_EXPLICIT);
    param.setCompressionQuality(quality / 100f);
    param.setOptimizeHuffmanTables(true);
    IIOMetadata meta = writer.getDefaultImageMetadata(new ImageTypeSpecifier(picture), param);
    if (sampling != Sampling.GREY) {
      Node tree = meta.getAsTree(FORMAT);
      Element light = (Element) ((Element) tree).getElementsByTagName("componentSpec").item(0);
      String factor = sampling == Sampling.YCC_420 ? "2" : "1";
      light.setAttribute("HsamplingFactor", factor);
      light.setAttribute("VsamplingFactor", factor);
      meta.setFromTree(FORMAT, tree);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(picture, null, meta), param);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  /** The quantisation tables that are used, in the order of their numbers. */
  private static List<List<Integer>> tables(byte[] jpeg) {
    List<List<Integer>> tables = new ArrayList<>(List.of(List.of(), List.of()));
    for (int at = 2; (jpeg[at + 1] & 0xFF) != 0xDA; ) {
      int length = (jpeg[at + 2] & 0xFF) << 8 | jpeg[at + 3] & 0xFF;
      if ((jpeg[at + 1] & 0xFF) == 0xDB) {
        for (int p = at + 4; p < at + 2 + length; p += 65) {
          List<Integer> table = new ArrayList<>();
          for (int i = 1; i <= 64; i++) {
            table.add(jpeg[p + i] & 0xFF);
          }
          tables.set(jpeg[p] & 1, table);
        }
      }
      at += 2 + length;
    }
    return tables;
  }

  private static double psnr(BufferedImage wanted, byte[] jpeg) throws IOException {
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(jpeg));
    assertThat(read.getWidth()).isEqualTo(wanted.getWidth());
    assertThat(read.getHeight()).isEqualTo(wanted.getHeight());
    int bands = wanted.getRaster().getNumBands();
    double sum = 0;
    long count = 0;
    for (int y = 0; y < wanted.getHeight(); y++) {
      for (int x = 0; x < wanted.getWidth(); x++) {
        int argb = read.getRGB(x, y);
        for (int b = 0; b < bands; b++) {
          int found = bands == 1 ? read.getRaster().getSample(x, y, 0) : argb >> 16 - 8 * b & 0xFF;
          double difference = found - wanted.getRaster().getSample(x, y, b);
          sum += difference * difference;
          count++;
        }
      }
    }
    return sum == 0 ? 99 : 10 * Math.log10(255.0 * 255 * count / sum);
  }
}
