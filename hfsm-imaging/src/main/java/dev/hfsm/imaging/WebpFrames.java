package dev.hfsm.imaging;

import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Budget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Those of an animated WebP (RFC 9649). Each frame's bitmap is decoded as a still picture, and
 * blended and disposed of here. What no frame covers is transparent, as in browsers, whatever the
 * file calls its background.
 */
final class WebpFrames implements Frames {

  /**
   * One frame.
   *
   * @param at where it lies on the canvas
   * @param blends whether what is there shines through
   * @param clears whether its place is transparent afterwards
   * @param pieces a still picture of its own
   */
  private record Frame(
      Rectangle at, int millis, boolean blends, boolean clears, List<Piece> pieces) {}

  private final Bytes in;
  private final Budget budget;
  private final int width;
  private final int height;
  private final List<Frame> frames = new ArrayList<>();
  private int plays = 1;
  private int[] canvas = {};
  private int shown;

  private WebpFrames(Bytes in, Header header, Budget budget) {
    this.in = in;
    this.budget = budget;
    this.width = header.width();
    this.height = header.height();
  }

  /** Opens an animation of which that many frames are used at most. */
  static WebpFrames open(Bytes in, Header header, int most, Budget budget) throws Malformed {
    WebpFrames frames = new WebpFrames(in, header, budget);
    frames.walk(most);
    return frames;
  }

  private void walk(int most) throws Malformed {
    long end = Math.min(in.size(), 8 + in.u32le(4));
    for (long at = 12; at + 8 <= end && frames.size() < most; ) {
      budget.check();
      long length = in.u32le(at + 4);
      if (at + 8 + length > in.size()) {
        throw new Malformed("a chunk is longer than the file");
      }
      if (in.has(at, "ANIM") && length >= 6) {
        plays = in.u16le(at + 12);
      } else if (in.has(at, "ANMF") && length >= 16) {
        frames.add(frame(at + 8, length));
      }
      at += 8 + length + (length & 1);
    }
    if (frames.isEmpty()) {
      throw new Malformed("it holds no frame");
    }
  }

  private Frame frame(long body, long length) throws Malformed {
    Rectangle at =
        new Rectangle(
            2 * in.u24le(body),
            2 * in.u24le(body + 3),
            in.u24le(body + 6) + 1,
            in.u24le(body + 9) + 1);
    if (!new Rectangle(width, height).intersection(at).equals(at)) {
      throw new Malformed("a frame lies outside of the canvas");
    }
    int flags = in.u8(body + 15);
    List<Piece> pieces = WebpHeader.still(in, budget.limits(), body + 16, body + length, at);
    return new Frame(at, in.u24le(body + 12), (flags & 2) == 0, (flags & 1) != 0, pieces);
  }

  @Override
  public int count() {
    return frames.size();
  }

  @Override
  public OptionalInt loops() {
    return plays == 0
        ? OptionalInt.of(0)
        : plays == 1 ? OptionalInt.empty() : OptionalInt.of(plays - 1);
  }

  /** The canvas, and a frame as large as it with what its decoder takes. */
  @Override
  public long bytes() {
    return 20L * width * height + (1 << 18);
  }

  @Override
  public int[] canvas() {
    return canvas;
  }

  @Override
  public int millis() {
    return frames.get(shown - 1).millis();
  }

  @Override
  public boolean next() throws IOException {
    if (shown == frames.size()) {
      return false;
    }
    if (shown == 0) {
      canvas = new int[Math.multiplyExact(width, height)];
    } else if (frames.get(shown - 1).clears()) {
      Rectangle gone = frames.get(shown - 1).at();
      for (int y = gone.y(); y < gone.y() + gone.height(); y++) {
        Arrays.fill(canvas, y * width + gone.x(), y * width + gone.x() + gone.width(), 0);
      }
    }
    draw(frames.get(shown++));
    return true;
  }

  private void draw(Frame frame) throws IOException {
    Rectangle at = frame.at();
    Rectangle whole = new Rectangle(at.width(), at.height());
    Header.Encoded encoded =
        new Header.Encoded(
            Header.Codec.WEBP, frame.pieces(), whole, 4, 8L * at.width() * at.height(), false);
    Header still = new Header(MediaType.WEBP, at.width(), at.height(), 1, 0, null, null, encoded);
    Strip strip = new Decoder(in, still).decode(whole);
    int channels = strip.model().channels;
    boolean alpha = strip.model() == Strip.Model.RGBA;
    int[] row = new int[channels * at.width()];
    for (int y = 0; y < at.height(); y++) {
      budget.check();
      strip.row(y, row, 0);
      int to = (at.y() + y) * width + at.x();
      for (int x = 0, p = 0; x < at.width(); x++, p += channels) {
        int rgb = row[p] << 16 | row[p + 1] << 8 | row[p + 2];
        int color = (alpha ? row[p + 3] << 24 : 0xFF000000) | rgb;
        canvas[to + x] = frame.blends() ? over(color, canvas[to + x]) : color;
      }
    }
  }

  /** One colour over another, neither premultiplied. */
  private static int over(int color, int under) {
    int a = color >>> 24;
    if (a == 255 || under >>> 24 == 0) {
      return color;
    }
    int rest = (under >>> 24) * (255 - a);
    int total = 255 * a + rest;
    int result = (total + 127) / 255 << 24;
    for (int shift = 0; shift < 24 && total > 0; shift += 8) {
      int sum = (color >> shift & 0xFF) * 255 * a + (under >> shift & 0xFF) * rest;
      result |= (sum + total / 2) / total << shift;
    }
    return result;
  }
}
