package dev.hfsm.imaging.jpeg;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import org.junit.jupiter.api.Assumptions;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** JPEGs written and read by the JDK, which uses libjpeg, and those of the corpus. */
final class JpegFiles {

  private static final String FORMAT = "javax_imageio_jpeg_image_1.0";

  private JpegFiles() {}

  /** The regular files below some folders of the shared corpus. */
  static List<Path> corpus(String... folders) throws IOException {
    String told = System.getProperty("HFSM_CORPUS", System.getenv("HFSM_CORPUS"));
    Path path =
        told != null ? Path.of(told) : Path.of("").toAbsolutePath().resolve("../../shared/corpus");
    Optional<Path> root =
        Files.isRegularFile(path.resolve("MANIFEST.csv")) ? Optional.of(path) : Optional.empty();
    if (root.isEmpty()) {
      System.out.println("SKIPPED: no test corpus beside the project, and HFSM_CORPUS is not set");
    }
    Assumptions.assumeTrue(root.isPresent(), "no test corpus");
    List<Path> all = new java.util.ArrayList<>();
    for (String folder : folders) {
      try (var files = Files.walk(root.get().resolve(folder))) {
        files.filter(Files::isRegularFile).sorted().forEach(all::add);
      }
    }
    return all;
  }

  static boolean looksLikeJpeg(byte[] bytes) {
    return bytes.length > 2 && bytes[0] == -1 && bytes[1] == (byte) 0xD8 && bytes[2] == -1;
  }

  /** The samples as they are coded, colour differences brought to size. */
  static Raster raster(byte[] jpeg) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
    try (var in = ImageIO.createImageInputStream(new ByteArrayInputStream(jpeg))) {
      reader.setInput(in, false, true);
      return reader.readRaster(0, null);
    } finally {
      reader.dispose();
    }
  }

  /** Smooth patches, edges and noise. */
  static BufferedImage picture(SplittableRandom random, int width, int height, int type) {
    BufferedImage image = new BufferedImage(width, height, type);
    WritableRaster raster = image.getRaster();
    double fx = random.nextDouble(0.5);
    double fy = random.nextDouble(0.5);
    int noise = random.nextInt(4) == 0 ? 120 : 6;
    int edge = random.nextInt(1 + width);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int b = 0; b < raster.getNumBands(); b++) {
          double value = 128 + 100 * Math.sin(x * fx + b) * Math.cos(y * fy - b);
          value += (x > edge ? 40 : -40) + random.nextInt(-noise, noise + 1);
          raster.setSample(x, y, b, (int) Math.max(0, Math.min(255, value)));
        }
      }
    }
    return image;
  }

  /**
   * Writes with libjpeg.
   *
   * @param across of the luma
   * @param down of the luma
   * @param interval MCUs between restart markers, 0 for none
   */
  static byte[] written(
      BufferedImage image, float quality, int across, int down, int interval, boolean progressive)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(quality);
      if (progressive) {
        param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      }
      IIOMetadata meta = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), param);
      Element tree = (Element) meta.getAsTree(FORMAT);
      NodeList specs = tree.getElementsByTagName("componentSpec");
      if (specs.getLength() == 3) {
        ((Element) specs.item(0)).setAttribute("HsamplingFactor", "" + across);
        ((Element) specs.item(0)).setAttribute("VsamplingFactor", "" + down);
      }
      if (interval > 0) {
        IIOMetadataNode dri = new IIOMetadataNode("dri");
        dri.setAttribute("interval", "" + interval);
        tree.getElementsByTagName("markerSequence").item(0).appendChild(dri);
      }
      meta.setFromTree(FORMAT, tree);
      writer.write(null, new IIOImage(image, null, meta), param);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }
}
