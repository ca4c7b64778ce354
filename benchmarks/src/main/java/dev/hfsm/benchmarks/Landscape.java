package dev.hfsm.benchmarks;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** A picture of 12 megapixels with large shapes, fine texture and sensor noise, as a 4:2:0 JPEG. */
final class Landscape {

  static final int WIDTH = 4000;
  static final int HEIGHT = 3000;

  private static final long SEED = 20261123;
  private static final float QUALITY = 0.9f;

  private Landscape() {}

  /** Paints it into a file. */
  static void paint(Path file) throws IOException {
    BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(SEED);
    int[] row = new int[WIDTH];
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        double shape = Math.sin(x / 410.0) * Math.cos(y / 330.0) + Math.sin((x + 2 * y) / 900.0);
        double texture = Math.sin(x * y / 90_000.0) * Math.sin(x / 7.0 + y / 11.0);
        double light = 128 + 45 * shape + 14 * texture + 4 * random.nextGaussian();
        row[x] = rgb(light + 30.0 * y / HEIGHT, light, light + 40 - 60.0 * x / WIDTH);
      }
      picture.setRGB(0, y, WIDTH, 1, row, 0, WIDTH);
    }
    Files.write(file, jpeg(picture, QUALITY));
  }

  private static int rgb(double red, double green, double blue) {
    return clamp(red) << 16 | clamp(green) << 8 | clamp(blue);
  }

  private static int clamp(double value) {
    return (int) Math.max(0, Math.min(255, value));
  }

  /** The picture as the JDK writes JPEG. */
  static byte[] jpeg(BufferedImage picture, float quality) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam how = writer.getDefaultWriteParam();
      how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      how.setCompressionQuality(quality);
      writer.setOutput(out);
      writer.write(null, new IIOImage(picture, null, null), how);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** Refuses a result that is not the picture asked for. */
  static void check(byte[] jpeg, int width, int height) throws IOException {
    BufferedImage made = ImageIO.read(new ByteArrayInputStream(jpeg));
    if (made == null || made.getWidth() != width || made.getHeight() != height) {
      throw new IllegalStateException("expected a picture of " + width + "x" + height);
    }
  }
}
