package dev.hfsm.imaging.color;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Profiles of look-up tables, made for tests. */
public final class MadeProfiles {

  private MadeProfiles() {}

  /** Of a printer with four inks. */
  public static byte[] inks() {
    return profile("prtr", "CMYK", "Lab ", "A2B1", mft(4, 5, 2, MadeProfiles::smooth));
  }

  /** Of a screen, in bytes. */
  public static byte[] bytes() {
    return profile("mntr", "RGB ", "Lab ", "A2B0", mft(3, 5, 1, MadeProfiles::smooth));
  }

  /** Of a scanner, in elements of version 4. */
  public static byte[] elements() {
    return profile("scnr", "RGB ", "Lab ", "A2B0", mab(3, 5, 1));
  }

  /** What a point of a table is, each of 0 to 1. */
  interface Point {
    double at(double[] color, int output);
  }

  /** Something like light of three colours, or of what four inks leave, in Lab or XYZ. */
  static double smooth(double[] color, int output) {
    double black = color.length == 4 ? 1 - color[3] : 1;
    double[] light = new double[3];
    for (int c = 0; c < 3; c++) {
      double value = color[Math.min(c, color.length - 1)];
      light[c] = (color.length == 4 ? 1 - value : value) * black;
    }
    double y = 0.3 * light[0] + 0.5 * light[1] + 0.2 * light[2];
    return switch (output) {
      case 0 -> 0.05 + 0.9 * y;
      case 1 -> 0.5 + 0.2 * (light[0] - light[1]);
      default -> 0.5 + 0.2 * (light[1] - light[2]);
    };
  }

  static double light(double[] color, int output) {
    double y = 0.3 * color[0] + 0.5 * color[1] + 0.2 * color[2];
    return 0.45 * (0.8 * y + 0.2 * color[output]);
  }

  static byte[] profile(String kind, String space, String pcs, String tag, byte[] table) {
    int at = 128 + 4 + 12;
    ByteBuffer icc = ByteBuffer.allocate(at + table.length);
    boolean four = table[1] == 'A';
    icc.putInt(icc.capacity()).putInt(0).putInt(four ? 0x04200000 : 0x02100000);
    icc.put((kind + space + pcs).getBytes(StandardCharsets.US_ASCII));
    icc.put(36, "acsp".getBytes(StandardCharsets.US_ASCII));
    icc.putInt(68, 0xF6D6).putInt(72, 0x10000).putInt(76, 0xD32D);
    icc.position(128).putInt(1).put(tag.getBytes(StandardCharsets.US_ASCII));
    icc.putInt(at).putInt(table.length).put(table);
    return icc.array();
  }

  private static void grid(ByteBuffer out, int channels, int points, int width, Point point) {
    int count = (int) Math.pow(points, channels);
    double[] color = new double[channels];
    for (int i = 0; i < count; i++) {
      for (int c = channels - 1, rest = i; c >= 0; c--, rest /= points) {
        color[c] = rest % points / (points - 1.0);
      }
      for (int o = 0; o < 3; o++) {
        sample(out, width, point.at(color, o));
      }
    }
  }

  private static void sample(ByteBuffer out, int width, double value) {
    if (width == 1) {
      out.put((byte) Math.round(255 * value));
    } else {
      out.putShort((short) Math.round(65535 * value));
    }
  }

  static byte[] mft(int channels, int points, int width, Point point) {
    int inputs = width == 1 ? 256 : 64;
    int outputs = width == 1 ? 256 : 2;
    int length =
        52 + width * (channels * inputs + 3 * outputs + 3 * (int) Math.pow(points, channels));
    ByteBuffer out = ByteBuffer.allocate(length);
    out.put(("mft" + width).getBytes(StandardCharsets.US_ASCII)).putInt(0);
    out.put((byte) channels).put((byte) 3).put((byte) points).put((byte) 0);
    for (int i = 0; i < 9; i++) {
      out.putInt(i % 4 == 0 ? 0x10000 : 0);
    }
    if (width == 2) {
      out.putShort((short) inputs).putShort((short) outputs);
    }
    for (int i = 0; i < channels * inputs; i++) {
      sample(out, width, Math.pow(i % inputs / (inputs - 1.0), 1.2));
    }
    grid(out, channels, points, width, point);
    for (int i = 0; i < 3 * outputs; i++) {
      sample(out, width, i % outputs / (outputs - 1.0));
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  static byte[] mab(int channels, int points, int width) {
    ByteBuffer out = ByteBuffer.allocate(1 << 18);
    out.put("mAB ".getBytes(StandardCharsets.US_ASCII)).putInt(0);
    out.put((byte) channels).put((byte) 3).putShort((short) 0);
    out.position(32);
    int[] at = new int[5];
    at[0] = out.position();
    gammas(out, 3, 1);
    at[1] = out.position();
    double[] matrix = {0.9, 0.05, 0, 0, 1, 0, 0, 0, 1, 0.02, 0, 0};
    for (double value : matrix) {
      out.putInt((int) Math.round(65536 * value));
    }
    at[2] = out.position();
    gammas(out, 3, 1.1);
    at[3] = out.position();
    byte[] sides = new byte[16];
    Arrays.fill(sides, 0, channels, (byte) points);
    out.put(sides).putInt(width << 24);
    grid(out, channels, points, width, MadeProfiles::smooth);
    out.position(out.position() + 3 & ~3);
    at[4] = out.position();
    gammas(out, channels, 1.3);
    for (int i = 0; i < 5; i++) {
      out.putInt(12 + 4 * i, at[i]);
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  private static void gammas(ByteBuffer out, int count, double gamma) {
    for (int i = 0; i < count; i++) {
      out.put("para".getBytes(StandardCharsets.US_ASCII)).putInt(0).putInt(0);
      out.putInt((int) Math.round(65536 * gamma));
    }
  }
}
