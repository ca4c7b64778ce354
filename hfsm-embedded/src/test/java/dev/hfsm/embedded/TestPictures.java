package dev.hfsm.embedded;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Pictures that differ by seed. */
final class TestPictures {

  private TestPictures() {}

  static byte[] jpeg(int width, int height, int seed) {
    return encode(paint(width, height, seed), "jpg");
  }

  static byte[] png(int width, int height, int seed) {
    return encode(paint(width, height, seed), "png");
  }

  private static BufferedImage paint(int width, int height, int seed) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int wave =
            (int) (127 + 120 * Math.sin((x + seed * 17) / 23.0) * Math.cos((y - seed * 5) / 31.0));
        picture.setRGB(x, y, wave << 16 | (x * 255 / width) << 8 | (y * 255 / height));
      }
    }
    return picture;
  }

  private static byte[] encode(BufferedImage picture, String format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(picture, format, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
