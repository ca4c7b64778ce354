package dev.hfsm.imaging;

import dev.hfsm.transform.Budget;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** How bright the pixels are of a WebP that was made here. */
final class WebpLight {

  private WebpLight() {}

  /** One value a pixel, over white. */
  static byte[] of(byte[] file, int width, int height, Budget budget) throws IOException {
    ImageReader reader = Readers.of(Header.Codec.WEBP, false);
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(in);
      BufferedImage image = reader.read(0);
      byte[] light = new byte[width * height];
      int[] row = new int[width];
      for (int y = 0; y < height; y++) {
        budget.check();
        image.getRGB(0, y, width, 1, row, 0, width);
        for (int x = 0; x < width; x++) {
          light[y * width + x] = (byte) overWhite(row[x]);
        }
      }
      return light;
    } finally {
      reader.dispose();
    }
  }

  private static int overWhite(int argb) {
    int a = argb >>> 24;
    int light = Overlay.light(argb >> 16 & 0xFF, argb >> 8 & 0xFF, argb & 0xFF);
    return (light * a + 255 * (255 - a) + 127) / 255;
  }
}
