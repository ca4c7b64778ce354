package dev.hfsm.imaging.jpegenc;

import java.io.IOException;

/**
 * Feeds an encoder from rows of interleaved bytes: grey, or red, green, blue, converted as JFIF
 * says; colour that is to be written at a lower resolution is the mean of the pixels that share it.
 *
 * <p>For use by one thread.
 */
public final class RgbRows {

  private final JpegEncoder encoder;
  private final int width;
  private final int height;
  private final Sampling sampling;
  private final float[] y;
  private final float[] cb;
  private final float[] cr;
  private final float[] sumCb;
  private final float[] sumCr;
  private int rows;

  /**
   * @param encoder made for {@code spec}, and fed by nobody else
   */
  public RgbRows(JpegEncoder encoder, JpegSpec spec) {
    this.encoder = encoder;
    this.width = spec.width();
    this.height = spec.height();
    this.sampling = spec.sampling();
    int colored = sampling == Sampling.GREY ? 0 : width + 1;
    this.y = new float[colored];
    this.cb = new float[colored];
    this.cr = new float[colored];
    this.sumCb = new float[colored];
    this.sumCr = new float[colored];
  }

  /**
   * The next row.
   *
   * @param samples from {@code offset} on one byte per pixel if the picture is {@link
   *     Sampling#GREY}, else three
   */
  public void row(byte[] samples, int offset) throws IOException {
    rows++;
    if (sampling == Sampling.GREY) {
      encoder.row(0, samples, offset);
      return;
    }
    convert(samples, offset);
    encoder.row(0, y, 0);
    int down = sampling.down();
    if (sampling.across() == 2) {
      halve(cb, sumCb, down);
      halve(cr, sumCr, down);
    } else {
      System.arraycopy(cb, 0, sumCb, 0, width);
      System.arraycopy(cr, 0, sumCr, 0, width);
    }
    boolean second = (rows & 1) == 0;
    if (down == 2 && !second && rows == height) {
      // The last row of an odd number stands for the one that is missing, too.
      halve(cb, sumCb, down);
      halve(cr, sumCr, down);
    }
    if (down == 1 || second || rows == height) {
      encoder.row(1, sumCb, 0);
      encoder.row(2, sumCr, 0);
      java.util.Arrays.fill(sumCb, 0f);
      java.util.Arrays.fill(sumCr, 0f);
    }
  }

  /** Adds the pairs of a row, weighted so that all rows of a sample add up to their mean. */
  private void halve(float[] row, float[] sum, int down) {
    row[width] = row[width - 1];
    float weight = 0.5f / down;
    for (int x = 0; x < (width + 1) / 2; x++) {
      sum[x] += (row[2 * x] + row[2 * x + 1]) * weight;
    }
  }

  private void convert(byte[] samples, int offset) {
    int p = offset;
    for (int x = 0; x < width; x++) {
      float r = samples[p] & 0xFF;
      float g = samples[p + 1] & 0xFF;
      float b = samples[p + 2] & 0xFF;
      p += 3;
      y[x] = 0.299f * r + 0.587f * g + 0.114f * b;
      cb[x] = -0.168735892f * r - 0.331264108f * g + 0.5f * b + 128;
      cr[x] = 0.5f * r - 0.418687589f * g - 0.081312411f * b + 128;
    }
  }
}
