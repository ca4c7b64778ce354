package dev.hfsm.imaging;

import dev.hfsm.transform.Budget;
import java.io.IOException;

/**
 * The rows of a stored picture, from top to bottom, and what reading them takes. What is read does
 * not depend on how much memory there is. For use by one thread.
 */
interface PixelRows {

  /** Takes one row of samples; the array is reused. */
  interface Sink {
    void row(int y, int[] samples) throws IOException;

    /**
     * A row of RGB by channels, in whole numbers of 0 to 255.
     *
     * @param spare for a row of all samples, overwritten
     */
    default void rgb(int y, float[] r, float[] g, float[] b, int[] spare) throws IOException {
      for (int x = 0, p = 0; x < r.length; x++, p += 3) {
        spare[p] = (int) r[x];
        spare[p + 1] = (int) g[x];
        spare[p + 2] = (int) b[x];
      }
      row(y, spare);
    }
  }

  /**
   * What rows are made of.
   *
   * @param decoded what the decoder gives
   * @param max the value of a full sample
   * @param padded whether transparency was added around the frame
   */
  record Format(Strip.Model decoded, int max, boolean padded) {
    Strip.Model model() {
      return padded ? Strip.Model.RGBA : decoded;
    }

    int channels() {
      return model().channels;
    }
  }

  /** Those of a file; by code of our own where there is some. */
  static PixelRows of(Bytes in, Header header, Budget budget) throws IOException {
    Header.Encoded encoded = header.encoded();
    if (encoded == null) {
      throw new Malformed("its kind of pixels is not supported");
    }
    return switch (encoded.codec()) {
      case JPEG -> JpegRows.open(in, header, budget);
      case PNG -> PngRows.open(in, header, encoded, budget);
      case GIF -> GifRows.open(in, header, budget);
      default -> new Rows(new Decoder(in, header), budget);
    };
  }

  Header header();

  /** Whether the frame has pixels for all of that part of the canvas. */
  boolean covers(Rectangle region);

  /** Bytes that reading takes, whatever is read. */
  long fixedBytes();

  /** Bytes that each row of a band of that width takes besides. */
  long rowBytes(int width);

  /** Whether the decoder has turned the samples into sRGB; known once some were read. */
  default boolean alreadyConverted() {
    return false;
  }

  /** How many rows are decoded at once, so that they take no more than that many bytes in all. */
  default int bandHeight(Rectangle region, long bytes) {
    return region.height();
  }

  /** What the samples of a region are. */
  Format format(Rectangle region, int bandHeight) throws IOException;

  /** Reads a region of the canvas. */
  void read(Rectangle region, int bandHeight, Format format, Sink sink) throws IOException;
}
