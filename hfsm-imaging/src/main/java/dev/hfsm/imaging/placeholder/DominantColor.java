package dev.hfsm.imaging.placeholder;

/**
 * The colour that most of a picture has: colours are sorted into 16 × 16 × 16 boxes of equal size,
 * every pixel counting as much as it is opaque; the result is the mean of the fullest box, of
 * equals the darkest.
 */
public final class DominantColor {

  private DominantColor() {}

  /** Red, green and blue as 0xRRGGBB; black if the picture is wholly transparent. */
  public static int of(Thumbnail picture) {
    long[] weight = new long[4096];
    long[][] sum = new long[3][4096];
    for (int i = 0; i < picture.pixels(); i++) {
      int alpha = picture.sample(i, 3);
      int box = 0;
      for (int c = 0; c < 3; c++) {
        box = box << 4 | picture.sample(i, c) >> 4;
      }
      weight[box] += alpha;
      for (int c = 0; c < 3; c++) {
        sum[c][box] += (long) alpha * picture.sample(i, c);
      }
    }
    int fullest = 0;
    for (int box = 1; box < weight.length; box++) {
      fullest = weight[box] > weight[fullest] ? box : fullest;
    }
    if (weight[fullest] == 0) {
      return 0;
    }
    int color = 0;
    for (int c = 0; c < 3; c++) {
      color = color << 8 | (int) ((sum[c][fullest] + weight[fullest] / 2) / weight[fullest]);
    }
    return color;
  }
}
