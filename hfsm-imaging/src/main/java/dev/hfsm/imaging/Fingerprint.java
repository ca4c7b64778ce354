package dev.hfsm.imaging;

import dev.hfsm.imaging.resample.Axis;
import dev.hfsm.imaging.resample.Filter;
import dev.hfsm.imaging.resample.Resampler;
import dev.hfsm.model.Digest;
import dev.hfsm.model.PerceptualHash;
import dev.hfsm.transform.Budget;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every pixel of the upright picture once and makes two fingerprints of it.
 *
 * <p>The digest is SHA-256 over width, height and the RGBA samples as decoded (the colour of what
 * is fully transparent does not count), so that a lossless re-encoding has the same one. Samples
 * deeper than 8 bits add a second SHA-256 over what the high bytes do not tell.
 *
 * <p>The perceptual hash is the DCT hash of C. Zauner, "Implementation and Benchmarking of
 * Perceptual Image Hash Functions" (2010): brightness reduced to 32 × 32, its cosine transform, and
 * of the 8 × 8 lowest frequencies without the constant ones whether each is above their median.
 */
final class Fingerprint {

  private static final int SIDE = 32;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  /** For a pixel of a band that is turned in memory. */
  static final long TURNED_BYTES = 8;

  private final PixelRows rows;
  private final Budget budget;
  private final Turn turn;
  private final int width;
  private final int height;
  private final int bandHeight;
  private final PixelRows.Format format;
  private final MessageDigest high = Digest.newHash();
  private final MessageDigest low = Digest.newHash();
  private final float[] grey;
  private final byte[] rgba;
  private final byte[] rest;
  private final Resampler small;
  private final @Nullable SmallPicture seen;
  private final float[][] thumbnail = new float[SIDE][SIDE];
  private final ColorCount colors = new ColorCount();
  private boolean deep;

  /** What was found. */
  record Result(Digest digest, PerceptualHash hash, boolean alpha, boolean graphic) {}

  /**
   * @param wantsSmall whether a small picture is to be made as well
   */
  Fingerprint(PixelRows rows, int orientation, long bytesForRows, boolean wantsSmall, Budget budget)
      throws IOException {
    this.rows = rows;
    this.budget = budget;
    this.turn = Turn.ofOrientation(orientation);
    Header header = rows.header();
    this.width = turn.swaps() ? header.height() : header.width();
    this.height = turn.swaps() ? header.width() : header.height();
    Rectangle canvas = new Rectangle(header.width(), header.height());
    if (turn.equals(Turn.NONE)) {
      this.bandHeight = rows.bandHeight(canvas, bytesForRows);
      this.format = rows.format(canvas, bandHeight);
    } else {
      long perRow = rows.rowBytes(width) + TURNED_BYTES * width;
      long room = (bytesForRows - rows.fixedBytes()) / perRow;
      this.bandHeight = (int) Math.min(height, Math.max(16, room));
      Rectangle first = turn.origin(new Rectangle(width, bandHeight), width, height);
      PixelRows.Format part = rows.format(first, first.height());
      boolean padded = !rows.covers(canvas);
      this.format = new PixelRows.Format(part.decoded(), part.max(), padded);
    }
    this.grey = new float[width];
    this.rgba = new byte[4 * width];
    this.rest = new byte[format.max() > 255 ? 4 * width : 0];
    this.seen = wantsSmall ? new SmallPicture(format.model(), width, height, budget) : null;
    this.small =
        new Resampler(
            1,
            Axis.whole(width, SIDE),
            Axis.whole(height, SIDE),
            Filter.LANCZOS3,
            (y, row) -> System.arraycopy(row, 0, thumbnail[y], 0, SIDE),
            budget::check);
  }

  /** Bytes needed for a picture of that size besides its decoded rows. */
  static long bytes(int width, int height) {
    return 32L * Math.max(width, height)
        + (1 << 19)
        + Resampler.bytes(1, Axis.whole(width, SIDE), Axis.whole(height, SIDE), Filter.LANCZOS3);
  }

  /** The small picture, once all is computed, if it was wanted. */
  Optional<SmallPicture> small() {
    return Optional.ofNullable(seen);
  }

  Result compute() throws IOException {
    high.update(ByteBuffer.allocate(8).putInt(width).putInt(height).array());
    if (turn.equals(Turn.NONE)) {
      Rectangle all = new Rectangle(width, height);
      rows.read(all, bandHeight, format, new Upright());
    } else {
      turned();
    }
    byte[] first = high.digest();
    if (deep) {
      MessageDigest both = Digest.newHash();
      both.update(first);
      first = both.digest(low.digest());
    }
    boolean alpha = format.model() == Strip.Model.RGBA;
    return new Result(Digest.of(first), hash(), alpha, colors.graphic());
  }

  /** Takes rows as they are stored. */
  private final class Upright implements PixelRows.Sink {
    @Override
    public void row(int y, int[] samples) throws IOException {
      Fingerprint.this.row(samples);
    }

    @Override
    public void rgb(int y, float[] r, float[] g, float[] b, int[] spare) throws IOException {
      Fingerprint.this.rgb(r, g, b);
    }
  }

  /** Bands of the upright picture, each decoded from where it comes from and turned in memory. */
  private void turned() throws IOException {
    int channels = format.channels();
    short[] band = new short[Math.multiplyExact(bandHeight, width * channels)];
    int[] row = new int[width * channels];
    for (int top = 0; top < height; top += bandHeight) {
      int h = Math.min(bandHeight, height - top);
      Rectangle origin = turn.origin(new Rectangle(0, top, width, h), width, height);
      rows.read(
          origin,
          origin.height(),
          format,
          (y, samples) -> place(samples, y - origin.y(), origin.width(), h, band));
      for (int y = 0; y < h; y++) {
        for (int i = 0; i < row.length; i++) {
          row[i] = band[y * row.length + i] & 0xFFFF;
        }
        row(row);
      }
    }
  }

  /** Puts a stored row where it belongs in the turned band, which is {@code h} rows high. */
  private void place(int[] samples, int y, int count, int h, short[] band) {
    int channels = format.channels();
    for (int x = 0; x < count; x++) {
      int a = turn.swaps() ? y : x;
      int b = turn.swaps() ? x : y;
      int u = turn.flipX() ? width - 1 - a : a;
      int v = turn.flipY() ? h - 1 - b : b;
      for (int c = 0; c < channels; c++) {
        band[(v * width + u) * channels + c] = (short) samples[x * channels + c];
      }
    }
  }

  private void row(int[] samples) throws IOException {
    switch (format.model()) {
      case GREY -> spread(samples, 1);
      case RGB -> spread(samples, 3);
      case RGBA, CMYK -> spread(samples, 4);
    }
    taken();
  }

  private void taken() throws IOException {
    high.update(rgba);
    colors.pixels(rgba);
    if (rest.length > 0) {
      low.update(rest);
    }
    small.row(grey, 0);
    SmallPicture picture = seen;
    if (picture != null) {
      picture.row(rgba);
    }
  }

  /** A row of the photos that come most often; in loops that become vector code where they can. */
  private void rgb(float[] r, float[] g, float[] b) throws IOException {
    for (int x = 0; x < width; x++) {
      grey[x] = 0.299f * r[x] + 0.587f * g[x] + 0.114f * b[x];
    }
    // Three bytes are not too large for a float.
    for (int x = 0; x < width; x++) {
      r[x] = r[x] * 65536f + g[x] * 256f + b[x];
    }
    for (int x = 0; x < width; x++) {
      INT.set(rgba, 4 * x, (int) r[x] << 8 | 0xFF);
    }
    taken();
  }

  private void spread(int[] samples, int channels) {
    boolean cmyk = format.model() == Strip.Model.CMYK;
    boolean wide = format.max() > 255;
    int shift = wide ? 8 : 0;
    for (int x = 0; x < width; x++) {
      int p = x * channels;
      int r = samples[p];
      int g = channels == 1 ? r : samples[p + 1];
      int b = channels == 1 ? r : samples[p + 2];
      int a = channels == 4 ? samples[p + 3] : format.max();
      if (a == 0 && !cmyk) {
        r = 0;
        g = 0;
        b = 0;
      }
      int q = 4 * x;
      rgba[q] = (byte) (r >> shift);
      rgba[q + 1] = (byte) (g >> shift);
      rgba[q + 2] = (byte) (b >> shift);
      rgba[q + 3] = (byte) (a >> shift);
      if (wide) {
        rest(q, r);
        rest(q + 1, g);
        rest(q + 2, b);
        rest(q + 3, a);
      }
      grey[x] = brightness(r >> shift, g >> shift, b >> shift, a >> shift, cmyk);
    }
  }

  /** A 16-bit sample made from 8 bits has two equal bytes: then there is no rest. */
  private void rest(int at, int sample) {
    int difference = (sample & 0xFF) - (sample >> 8);
    rest[at] = (byte) difference;
    deep |= difference != 0;
  }

  /** Rec. 601, over white; ink is taken for its complement. */
  private static float brightness(int r, int g, int b, int a, boolean cmyk) {
    float light = 0.299f * r + 0.587f * g + 0.114f * b;
    return cmyk ? (255 - light) * (255 - a) / 255 : (light * a + 255f * (255 - a)) / 255;
  }

  private PerceptualHash hash() {
    budget.check();
    double[] low64 = new double[64];
    for (int v = 0; v < 8; v++) {
      for (int u = 0; u < 8; u++) {
        double sum = 0;
        for (int y = 0; y < SIDE; y++) {
          double fy = Math.cos((2 * y + 1) * (v + 1) * Math.PI / (2 * SIDE));
          for (int x = 0; x < SIDE; x++) {
            sum += thumbnail[y][x] * fy * Math.cos((2 * x + 1) * (u + 1) * Math.PI / (2 * SIDE));
          }
        }
        // Rounded, so that a picture of one colour is all zeros and not the noise of arithmetic.
        low64[v * 8 + u] = Math.rint(sum * 16) / 16;
      }
    }
    double[] sorted = low64.clone();
    Arrays.sort(sorted);
    double median = (sorted[31] + sorted[32]) / 2;
    long bits = 0;
    for (double value : low64) {
      bits = bits << 1 | (value > median ? 1 : 0);
    }
    return new PerceptualHash(bits);
  }
}
