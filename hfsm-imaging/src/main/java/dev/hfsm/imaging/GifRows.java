package dev.hfsm.imaging;

import dev.hfsm.imaging.gif.GifFile;
import dev.hfsm.imaging.gif.GifPlayer;
import dev.hfsm.transform.Budget;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows of a GIF's first frame on its canvas; what it does not cover is transparent. */
final class GifRows implements PixelRows {

  private final GifFile file;
  private final Header header;
  private final Budget budget;
  private int @Nullable [] canvas;
  private boolean opaque;

  private GifRows(GifFile file, Header header, Budget budget) {
    this.file = file;
    this.header = header;
    this.budget = budget;
  }

  static GifRows open(Bytes in, Header header, Budget budget) throws IOException {
    return new GifRows(GifFrames.file(in, header, 1, budget), header, budget);
  }

  @Override
  public Header header() {
    return header;
  }

  @Override
  public boolean covers(Rectangle region) {
    return true;
  }

  @Override
  public long fixedBytes() {
    return GifPlayer.bytes(file) + 32L * header.width() + (1 << 16);
  }

  @Override
  public long rowBytes(int width) {
    return 0;
  }

  private int[] pixels() throws IOException {
    int[] known = canvas;
    if (known == null) {
      GifPlayer player = new GifPlayer(file, budget::check);
      player.next();
      known = player.canvas();
      canvas = known;
      opaque = true;
      for (int argb : known) {
        opaque &= argb < 0;
      }
    }
    return known;
  }

  @Override
  public Format format(Rectangle region, int bandHeight) throws IOException {
    pixels();
    return new Format(opaque ? Strip.Model.RGB : Strip.Model.RGBA, 255, false);
  }

  @Override
  public void read(Rectangle region, int bandHeight, Format format, Sink sink) throws IOException {
    int[] pixels = pixels();
    int channels = format.channels();
    int[] row = new int[region.width() * channels];
    for (int y = region.y(); y < region.y() + region.height(); y++) {
      int from = y * header.width() + region.x();
      for (int x = 0, p = 0; x < region.width(); x++, p += channels) {
        int argb = pixels[from + x];
        row[p] = argb >> 16 & 0xFF;
        row[p + 1] = argb >> 8 & 0xFF;
        row[p + 2] = argb & 0xFF;
        if (channels == 4) {
          row[p + 3] = argb >>> 24;
        }
      }
      sink.row(y, row);
    }
  }
}
