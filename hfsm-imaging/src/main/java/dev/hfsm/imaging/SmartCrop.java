package dev.hfsm.imaging;

import dev.hfsm.transform.Focal;

/**
 * Finds the part of a picture that has the most to see. Each pixel of a small copy counts for what
 * draws the eye: edges (the Laplacian of brightness), and where there are some, colours of skin
 * (the angle to a mean skin colour) and strong colours; as much as it is opaque. The measures and
 * the weights are those of J. Wagner's smartcrop.js. A table the colour of skin, and a lawn, count
 * for little, because they have no edges. A part is worth the sum over its pixels, those in its
 * middle counting twice as much as those at its ends. Of parts of equal worth the one nearest to
 * the middle wins, so that a flat picture is cut like one with gravity {@code center}.
 */
final class SmartCrop {

  /** The longer side of the copy that is looked at. */
  static final int SIDE = 256;

  private static final double EDGE = 0.2;
  private static final double SKIN = 1.8;
  private static final double STRONG = 0.1;

  /** Edges up to it are grain. */
  private static final double FAINT = 0.05;

  /** What skin and strong colours count for without an edge. */
  private static final double FLAT_SKIN = 0.03;

  private static final double FLAT_STRONG = 0.2;
  private static final double SKIN_FROM = 0.9;
  private static final double[] SKIN_COLOR = {0.78, 0.57, 0.44};

  private final Canvas picture;
  private final double[] light;

  private SmartCrop(Canvas picture) {
    this.picture = picture;
    this.light = new double[picture.width * picture.height];
    for (int i = 0; i < light.length; i++) {
      light[i] = 0.299 * sample(i, 0) + 0.587 * sample(i, 1) + 0.114 * sample(i, 2);
    }
  }

  /** The middle of the best part that has the proportions of a box. */
  static Focal find(Canvas picture, int boxWidth, int boxHeight) {
    boolean across = (long) picture.width * boxHeight > (long) picture.height * boxWidth;
    int length = across ? picture.width : picture.height;
    double part =
        across
            ? picture.height * (double) boxWidth / boxHeight
            : picture.width * (double) boxHeight / boxWidth;
    int count = (int) Math.max(1, Math.min(length, Math.round(part)));
    int offset = best(new SmartCrop(picture).profile(across), count);
    int middle = (int) Math.round((offset + count / 2.0) * Focal.ONE / length);
    return across ? new Focal(middle, Focal.ONE / 2) : new Focal(Focal.ONE / 2, middle);
  }

  /** What each column, or each row, is worth. */
  private double[] profile(boolean across) {
    double[] profile = new double[across ? picture.width : picture.height];
    for (int y = 0; y < picture.height; y++) {
      for (int x = 0; x < picture.width; x++) {
        profile[across ? x : y] += worth(x, y);
      }
    }
    return profile;
  }

  private static int best(double[] profile, int count) {
    int slack = profile.length - count;
    int best = slack / 2;
    double most = worth(profile, best, count);
    for (int distance = 1; distance <= slack; distance++) {
      for (int offset : new int[] {slack / 2 - distance, slack / 2 + distance}) {
        if (offset < 0 || offset > slack) {
          continue;
        }
        double worth = worth(profile, offset, count);
        // Rounding must not move a part away from the middle.
        if (worth > most * (1 + 1e-9)) {
          most = worth;
          best = offset;
        }
      }
    }
    return best;
  }

  private static double worth(double[] profile, int offset, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double fromMiddle = Math.abs(2 * i + 1 - count) / (double) count;
      sum += profile[offset + i] * (1 - fromMiddle / 2);
    }
    return sum;
  }

  private double worth(int x, int y) {
    int i = y * picture.width + x;
    double around =
        light(x - 1, y, i) + light(x + 1, y, i) + light(x, y - 1, i) + light(x, y + 1, i);
    double edge = Math.max(0, Math.min(1, Math.abs(4 * light[i] - around) - FAINT));
    double opacity = picture.channels == 4 ? (picture.data[4 * i + 3] & 0xFF) / 255.0 : 1;
    return opacity
        * (EDGE * edge
            + SKIN * skin(i) * (edge + FLAT_SKIN)
            + STRONG * strong(i) * (edge + FLAT_STRONG));
  }

  /** Beyond the edge of the picture it is as light as at {@code instead}. */
  private double light(int x, int y, int instead) {
    boolean inside = x >= 0 && y >= 0 && x < picture.width && y < picture.height;
    return inside ? light[y * picture.width + x] : light[instead];
  }

  private double skin(int i) {
    double r = sample(i, 0);
    double g = sample(i, 1);
    double b = sample(i, 2);
    double length = Math.sqrt(r * r + g * g + b * b);
    if (light[i] < 0.2 || light[i] > 0.95 || length == 0) {
      return 0;
    }
    double dr = r / length - SKIN_COLOR[0];
    double dg = g / length - SKIN_COLOR[1];
    double db = b / length - SKIN_COLOR[2];
    double near = 1 - Math.sqrt(dr * dr + dg * dg + db * db);
    return near > SKIN_FROM ? (near - SKIN_FROM) / (1 - SKIN_FROM) : 0;
  }

  /** Saturation as in HSL, of what is neither nearly black nor nearly white. */
  private double strong(int i) {
    double most = Math.max(sample(i, 0), Math.max(sample(i, 1), sample(i, 2)));
    double least = Math.min(sample(i, 0), Math.min(sample(i, 1), sample(i, 2)));
    if (most == least || light[i] < 0.05 || light[i] > 0.9) {
      return 0;
    }
    double spread = most - least;
    double sum = most + least;
    double saturation = sum > 1 ? spread / (2 - sum) : spread / sum;
    return saturation > 0.4 ? (saturation - 0.4) / 0.6 : 0;
  }

  private double sample(int i, int channel) {
    int c = picture.channels == 1 ? 0 : channel;
    return (picture.data[i * picture.channels + c] & 0xFF) / 255.0;
  }
}
