package dev.hfsm.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Pictures that differ by seed. */
final class Pictures {

  private Pictures() {}

  static Path jpeg(Path file, int width, int height, int seed) throws IOException {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        picture.setRGB(x, y, (x * 7 + seed * 31) << 16 | (y * 5) << 8 | ((x ^ y) + seed & 0xFF));
      }
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    ImageIO.write(picture, "jpg", file.toFile());
    return file;
  }
}
