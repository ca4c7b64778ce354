package dev.hfsm.imaging.placeholder;

/**
 * BlurHash as its authors define it (github.com/woltapp/blurhash, Algorithm.md and the encoder in
 * C): the lowest terms of a cosine transform in linear light, in base 83. What is transparent is
 * taken as lying on white, because BlurHash knows no alpha.
 */
public final class BlurHash {

  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

  private BlurHash() {}

  /**
   * The text form.
   *
   * @param across terms from left to right, 1 to 9; usual is 4
   * @param down terms from top to bottom, 1 to 9; usual is 3
   */
  public static String of(Thumbnail picture, int across, int down) {
    if (across < 1 || across > 9 || down < 1 || down > 9) {
      throw new IllegalArgumentException(
          "blurhash: expected 1 to 9 terms, found %d and %d".formatted(across, down));
    }
    double[][] terms = terms(picture, across, down);
    StringBuilder text = new StringBuilder();
    append(text, across - 1 + (down - 1) * 9, 1);
    double most = 0;
    for (int t = 1; t < terms.length; t++) {
      for (double value : terms[t]) {
        most = Math.max(most, Math.abs(value));
      }
    }
    int quantised = (int) Math.max(0, Math.min(82, Math.floor(most * 166 - 0.5)));
    append(text, terms.length > 1 ? quantised : 0, 1);
    double scale = terms.length > 1 ? (quantised + 1) / 166.0 : 1;
    int average = 0;
    for (double value : terms[0]) {
      average = average << 8 | encoded(value);
    }
    append(text, average, 4);
    for (int t = 1; t < terms.length; t++) {
      int packed = 0;
      for (double value : terms[t]) {
        double root = Math.copySign(Math.sqrt(Math.abs(value / scale)), value);
        packed = packed * 19 + (int) Math.max(0, Math.min(18, Math.floor(root * 9 + 9.5)));
      }
      append(text, packed, 2);
    }
    return text.toString();
  }

  private static double[][] terms(Thumbnail picture, int across, int down) {
    double[][] linear = linear(picture);
    double[][] terms = new double[across * down][3];
    for (int j = 0; j < down; j++) {
      for (int i = 0; i < across; i++) {
        double[] term = terms[j * across + i];
        double[] alongX = cosines(picture.width(), i);
        double[] alongY = cosines(picture.height(), j);
        for (int y = 0; y < picture.height(); y++) {
          for (int x = 0; x < picture.width(); x++) {
            double basis = alongX[x] * alongY[y];
            for (int c = 0; c < 3; c++) {
              term[c] += basis * linear[c][y * picture.width() + x];
            }
          }
        }
        double factor = (i == 0 && j == 0 ? 1.0 : 2.0) / picture.pixels();
        for (int c = 0; c < 3; c++) {
          term[c] *= factor;
        }
      }
    }
    return terms;
  }

  private static double[] cosines(int length, int frequency) {
    double[] cosines = new double[length];
    for (int x = 0; x < length; x++) {
      cosines[x] = StrictMath.cos(Math.PI * frequency * x / length);
    }
    return cosines;
  }

  private static double[][] linear(Thumbnail picture) {
    double[] decoded = new double[256];
    for (int i = 0; i < 256; i++) {
      double v = i / 255.0;
      decoded[i] = v <= 0.04045 ? v / 12.92 : StrictMath.pow((v + 0.055) / 1.055, 2.4);
    }
    double[][] linear = new double[3][picture.pixels()];
    for (int i = 0; i < picture.pixels(); i++) {
      int alpha = picture.sample(i, 3);
      for (int c = 0; c < 3; c++) {
        int over = (picture.sample(i, c) * alpha + 255 * (255 - alpha) + 127) / 255;
        linear[c][i] = decoded[over];
      }
    }
    return linear;
  }

  private static int encoded(double linear) {
    double v = Math.max(0, Math.min(1, linear));
    double srgb = v <= 0.0031308 ? v * 12.92 : 1.055 * StrictMath.pow(v, 1 / 2.4) - 0.055;
    return (int) (srgb * 255 + 0.5);
  }

  private static void append(StringBuilder text, int value, int digits) {
    int divisor = 1;
    for (int i = 1; i < digits; i++) {
      divisor *= 83;
    }
    for (; divisor > 0; divisor /= 83) {
      text.append(DIGITS.charAt(value / divisor % 83));
    }
  }
}
