package dev.hfsm.imaging;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.Random;

/** Pictures drawn by code, for people to look at. */
final class Drawings {

  private Drawings() {}

  static Graphics2D pen(BufferedImage image) {
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    return g;
  }

  /** 1200 × 900: hills under an evening sky, a house, somebody on the left, a sign with letters. */
  static BufferedImage scene() {
    BufferedImage image = new BufferedImage(1200, 900, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = pen(image);
    g.setPaint(new GradientPaint(0, 0, new Color(0x24467E), 0, 560, new Color(0xF6B26B)));
    g.fillRect(0, 0, 1200, 900);
    g.setPaint(
        new RadialGradientPaint(
            900,
            330,
            190,
            new float[] {0, 0.35f, 1},
            new Color[] {new Color(0xFFFFF0), new Color(0xFFE08A), new Color(0x00FFC060, true)}));
    g.fill(new Ellipse2D.Double(710, 140, 380, 380));
    Color[] hills = {new Color(0x6A5A7E), new Color(0x46607A), new Color(0x2F5D46)};
    for (int i = 0; i < hills.length; i++) {
      Path2D hill = new Path2D.Double();
      hill.moveTo(0, 900);
      for (int x = 0; x <= 1200; x += 4) {
        double wave = Math.sin(x / (90.0 + 60 * i) + i * 2) * 40 + Math.sin(x / 37.0 + i) * 9;
        hill.lineTo(x, 470 + 90 * i + wave);
      }
      hill.lineTo(1200, 900);
      hill.closePath();
      g.setColor(hills[i]);
      g.fill(hill);
    }
    grass(g);
    house(g);
    somebody(g);
    sign(g);
    g.dispose();
    return image;
  }

  private static void grass(Graphics2D g) {
    Random random = new Random(1);
    for (int i = 0; i < 9000; i++) {
      int x = random.nextInt(1200);
      int y = 730 + random.nextInt(170);
      g.setColor(new Color(40 + random.nextInt(60), 90 + random.nextInt(90), 40));
      g.drawLine(x, y, x + random.nextInt(7) - 3, y - 6 - random.nextInt(12));
    }
  }

  private static void house(Graphics2D g) {
    g.setColor(new Color(0xE8DCC8));
    g.fillRect(700, 560, 220, 160);
    g.setColor(new Color(0x9C3B2E));
    g.fillPolygon(new int[] {680, 810, 940}, new int[] {560, 460, 560}, 3);
    g.setColor(new Color(0x5B3A22));
    g.fillRect(785, 640, 50, 80);
    g.setColor(new Color(0xFFE9A0));
    g.fillRect(720, 590, 45, 40);
    g.fillRect(855, 590, 45, 40);
    g.setColor(Color.BLACK);
    g.setStroke(new BasicStroke(2));
    g.drawRect(720, 590, 45, 40);
    g.drawRect(855, 590, 45, 40);
  }

  private static void somebody(Graphics2D g) {
    g.setColor(new Color(0x1D4F91));
    g.fillRoundRect(190, 640, 120, 190, 50, 50);
    g.setColor(new Color(0xD9A07A));
    g.fillOval(200, 530, 100, 120);
    g.setColor(new Color(0x3A2416));
    g.fillArc(196, 518, 108, 90, 0, 180);
    g.fillOval(225, 580, 10, 12);
    g.fillOval(265, 580, 10, 12);
    g.setStroke(new BasicStroke(4));
    g.drawArc(228, 595, 44, 30, 200, 140);
  }

  private static void sign(Graphics2D g) {
    g.setColor(new Color(0x7A5A36));
    g.fillRect(505, 700, 12, 150);
    g.setColor(Color.WHITE);
    g.fillRect(420, 640, 180, 80);
    g.setColor(Color.BLACK);
    g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 44));
    g.drawString("HFSM", 443, 695);
    g.setStroke(new BasicStroke(1));
    for (int x = 430; x < 592; x += 4) {
      g.drawLine(x, 646, x, 655);
    }
  }

  /** 400 × 300, on a transparent ground: a ring that fades out, and a letter. */
  static BufferedImage logo() {
    BufferedImage image = new BufferedImage(400, 300, BufferedImage.TYPE_INT_ARGB);
    Graphics2D g = pen(image);
    g.setPaint(new GradientPaint(80, 0, new Color(0xE0208C), 320, 0, new Color(0x3020C0E0, true)));
    g.setStroke(new BasicStroke(36));
    g.drawOval(90, 40, 220, 220);
    g.setColor(new Color(0x202020));
    g.setFont(new Font(Font.SERIF, Font.BOLD, 150));
    g.drawString("h", 158, 200);
    g.dispose();
    return image;
  }

  /**
   * 640 × 480: the scene as on a scanned page, with a wide white border that is not quite white.
   */
  static BufferedImage page() {
    BufferedImage image = new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(2);
    for (int y = 0; y < 480; y++) {
      for (int x = 0; x < 640; x++) {
        image.setRGB(x, y, 0xF8F8F8 + random.nextInt(7) * 0x010101);
      }
    }
    Graphics2D g = pen(image);
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    g.drawImage(scene(), 150, 60, 300, 225, null);
    g.dispose();
    return image;
  }
}
