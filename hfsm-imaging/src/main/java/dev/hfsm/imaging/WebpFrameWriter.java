package dev.hfsm.imaging;

import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Writes an animated WebP (RFC 9649) from whole pictures. Of each only the rectangle that changes
 * is stored, and replaces what is there; nothing is blended and nothing disposed of, so that every
 * viewer shows the same.
 */
final class WebpFrameWriter implements FrameWriter {

  private static final int LONGEST = (1 << 24) - 1;
  private static final int MOST_PLAYS = 65_535;

  /** Do not blend with what is there; leave it there. */
  private static final int REPLACE = 0x02;

  private final int width;
  private final int height;
  private final Transformation recipe;
  private final Tags tags;
  private final CappedOutput out;
  private final Budget budget;
  private final int plays;

  /** What is seen before the next picture. */
  private final byte[] seen;

  private boolean begun;
  private boolean alpha;

  /**
   * @param recipe says the quality; it must not choose one
   */
  WebpFrameWriter(
      int width,
      int height,
      OptionalInt loops,
      Transformation recipe,
      Tags tags,
      CappedOutput out,
      Budget budget) {
    this.width = width;
    this.height = height;
    this.recipe = recipe;
    this.tags = tags;
    this.out = out;
    this.budget = budget;
    this.seen = new byte[Math.multiplyExact(4 * width, height)];
    // GIF counts repetitions, WebP how often all is shown.
    int again = loops.orElse(0);
    this.plays = loops.isEmpty() ? 1 : again == 0 ? 0 : Math.min(MOST_PLAYS, again + 1);
  }

  /** Bytes that a writer takes besides the encoder, without what the stream keeps. */
  static long bytes(int width, int height) {
    return 8L * width * height + (1 << 16);
  }

  private record Area(int left, int top, int right, int bottom) {
    /** Offsets are stored halved. */
    Area even() {
      return new Area(left & ~1, top & ~1, right, bottom);
    }
  }

  @Override
  public void frame(Canvas canvas, int millis) throws IOException {
    budget.check();
    Area area = (begun ? changed(canvas) : new Area(0, 0, width, height)).even();
    begun = true;
    byte[] file = WebpNative.encode(part(canvas, area), recipe);
    WebpChunks chunks = new WebpChunks(file);
    alpha |= chunks.hasAlpha();
    WebpChunks.Writer body = new WebpChunks.Writer();
    body.u24(area.left / 2);
    body.u24(area.top / 2);
    body.u24(area.right - area.left - 1);
    body.u24(area.bottom - area.top - 1);
    body.u24(Math.min(LONGEST, millis));
    body.u8(REPLACE);
    chunks.copyPicture(body);
    byte[] frame = body.bytes();
    WebpChunks.chunk(out, "ANMF", frame, 0, frame.length);
    System.arraycopy(canvas.data, 0, seen, 0, seen.length);
    budget.check();
  }

  /** A picture that changes nothing still takes its time, and one pixel. */
  private Area changed(Canvas canvas) {
    int left = width;
    int top = height;
    int right = 0;
    int bottom = 0;
    int row = 4 * width;
    for (int y = 0; y < height; y++) {
      int at = y * row;
      int first = Arrays.mismatch(canvas.data, at, at + row, seen, at, at + row);
      if (first >= 0) {
        int last = row - 1;
        while (canvas.data[at + last] == seen[at + last]) {
          last--;
        }
        left = Math.min(left, first / 4);
        right = Math.max(right, last / 4 + 1);
        top = Math.min(top, y);
        bottom = y + 1;
      }
    }
    return right == 0 ? new Area(0, 0, 1, 1) : new Area(left, top, right, bottom);
  }

  private static Canvas part(Canvas canvas, Area area) {
    int w = area.right - area.left;
    int h = area.bottom - area.top;
    if (w == canvas.width && h == canvas.height) {
      return canvas;
    }
    Canvas part = new Canvas(w, h, 4);
    for (int y = 0; y < h; y++) {
      int from = 4 * ((area.top + y) * canvas.width + area.left);
      System.arraycopy(canvas.data, from, part.data, 4 * y * w, 4 * w);
    }
    return part;
  }

  @Override
  public byte[] finish() {
    if (!begun) {
      throw new IllegalStateException("webp: expected a frame, found none");
    }
    WebpChunks.Writer animation = new WebpChunks.Writer();
    animation.u32(0);
    animation.u8(plays);
    animation.u8(plays >> 8);
    WebpChunks.Writer head = new WebpChunks.Writer();
    head.extended(width, height, alpha, true, tags);
    head.chunk("ANIM", animation.bytes());
    return WebpChunks.file(head, out.toByteArray(), tags.exif());
  }
}
