package dev.hfsm.cli;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/** Paints a few landscapes, so that the demo has pictures nobody has to bring. */
final class DemoPictures {

  private static final int WIDTH = 1000;
  private static final int HEIGHT = 750;
  private static final int HILLS = 5;

  private DemoPictures() {}

  /** Three pictures, and one of them once more under another name. */
  static List<Path> paint(Path folder) throws IOException {
    ImageIO.setUseCache(false);
    Files.createDirectories(folder);
    Path morning =
        paint(folder.resolve("morning.jpg"), "jpg", new Color(0x8EC5FC), new Color(0xFFF1C1), 1);
    Path evening =
        paint(folder.resolve("evening.jpg"), "jpg", new Color(0x3A1C71), new Color(0xFFAF7B), 2);
    Path night =
        paint(folder.resolve("night.png"), "png", new Color(0x0F2027), new Color(0x2C5364), 3);
    Path again = folder.resolve("evening-uploaded-again.jpg");
    Files.copy(evening, again, StandardCopyOption.REPLACE_EXISTING);
    return List.of(morning, evening, night, again);
  }

  private static Path paint(Path file, String format, Color sky, Color horizon, int seed)
      throws IOException {
    BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = picture.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setPaint(new GradientPaint(0, 0, sky, 0, HEIGHT * 0.7f, horizon));
    g.fillRect(0, 0, WIDTH, HEIGHT);
    Random random = new Random(seed);
    g.setColor(new Color(255, 250, 230, 230));
    double sun = 90 + random.nextInt(60);
    g.fill(new Ellipse2D.Double(WIDTH * (0.2 + 0.15 * seed), HEIGHT * 0.2, sun * 2, sun * 2));
    for (int i = 0; i < HILLS; i++) {
      g.setColor(blend(horizon, new Color(0x14251A), (i + 1.0) / HILLS));
      g.fill(hill(random, HEIGHT * (0.5 + 0.1 * i)));
    }
    g.dispose();
    ImageIO.write(picture, format, file.toFile());
    return file;
  }

  private static Path2D hill(Random random, double top) {
    Path2D hill = new Path2D.Double();
    hill.moveTo(0, HEIGHT);
    double phase = random.nextDouble() * Math.PI * 2;
    double length = 250 + random.nextInt(200);
    for (int x = 0; x <= WIDTH; x += 4) {
      hill.lineTo(
          x, top + 60 * Math.sin(x / length + phase) + 22 * Math.sin(x / (length / 3) + phase * 2));
    }
    hill.lineTo(WIDTH, HEIGHT);
    hill.closePath();
    return hill;
  }

  private static Color blend(Color from, Color to, double share) {
    return new Color(
        (int) (from.getRed() + share * (to.getRed() - from.getRed())),
        (int) (from.getGreen() + share * (to.getGreen() - from.getGreen())),
        (int) (from.getBlue() + share * (to.getBlue() - from.getBlue())));
  }
}
