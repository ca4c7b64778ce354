package dev.hfsm.imaging;

import dev.hfsm.transform.Budget;
import java.io.IOException;

/**
 * What decoders that are not our own read: a rectangle of the stored canvas from top to bottom, in
 * as many bands as the memory granted makes necessary; where the frame does not cover the canvas
 * there is transparency. The result does not depend on the bands.
 */
final class Rows implements PixelRows {

  private final Decoder decoder;
  private final Budget budget;

  Rows(Decoder decoder, Budget budget) {
    this.decoder = decoder;
    this.budget = budget;
  }

  @Override
  public Header header() {
    return decoder.header();
  }

  @Override
  public boolean covers(Rectangle region) {
    return decoder.covered(region).equals(region);
  }

  @Override
  public long fixedBytes() {
    return decoder.fixedBytes();
  }

  @Override
  public long rowBytes(int width) {
    return decoder.rowBytes(width);
  }

  @Override
  public boolean alreadyConverted() {
    return decoder.alreadyConverted();
  }

  /** The rows of a band, so that the bands of a region that wide take no more than that. */
  @Override
  public int bandHeight(Rectangle region, long bytes) {
    Rectangle covered = decoder.covered(region);
    if (!decoder.banded() || covered.isEmpty()) {
      return Math.max(1, region.height());
    }
    long rows = (bytes - decoder.fixedBytes()) / Math.max(1, decoder.rowBytes(covered.width()));
    return (int) Math.max(16, Math.min(region.height(), rows));
  }

  /** What the samples of a region are; decodes its first band, which the decoder then keeps. */
  @Override
  public Format format(Rectangle region, int bandHeight) throws IOException {
    Rectangle covered = decoder.covered(region);
    Rectangle first =
        decoder.covered(
            new Rectangle(
                region.x(), region.y(), region.width(), Math.min(bandHeight, region.height())));
    if (first.isEmpty()) {
      Rectangle anywhere = decoder.covered(everything());
      first = new Rectangle(anywhere.x(), anywhere.y(), 1, 1);
    }
    Strip strip = decoder.decode(first);
    return new Format(strip.model(), strip.max(), !covered.equals(region));
  }

  private Rectangle everything() {
    return new Rectangle(decoder.header().width(), decoder.header().height());
  }

  @Override
  public void read(Rectangle region, int bandHeight, Format format, Sink sink) throws IOException {
    int[] row = new int[region.width() * format.channels()];
    int end = region.y() + region.height();
    for (int y = region.y(); y < end; y += bandHeight) {
      budget.check();
      Rectangle band = new Rectangle(region.x(), y, region.width(), Math.min(bandHeight, end - y));
      band(band, format, row, sink);
    }
  }

  private void band(Rectangle band, Format format, int[] row, Sink sink) throws IOException {
    Rectangle covered = decoder.covered(band);
    Strip strip = covered.isEmpty() ? null : decoder.decode(covered);
    for (int y = band.y(); y < band.y() + band.height(); y++) {
      if ((y & 63) == 0) {
        budget.check();
      }
      if (format.padded()) {
        java.util.Arrays.fill(row, 0);
      }
      if (strip != null && y >= covered.y() && y < covered.y() + covered.height()) {
        int at = (covered.x() - band.x()) * format.channels();
        strip.row(y - covered.y(), row, at);
        if (format.padded()) {
          widen(format, row, at, covered.width());
        }
      }
      sink.row(y, row);
    }
  }

  /** Grey or RGB samples become RGB and alpha, in place and from the end. */
  private static void widen(Format format, int[] row, int at, int width) {
    int from = format.decoded().channels;
    if (from == 4) {
      return;
    }
    for (int x = width - 1; x >= 0; x--) {
      int source = at + x * from;
      int target = at + x * 4;
      int first = row[source];
      int second = from == 3 ? row[source + 1] : first;
      int third = from == 3 ? row[source + 2] : first;
      row[target] = first;
      row[target + 1] = second;
      row[target + 2] = third;
      row[target + 3] = format.max();
    }
  }
}
