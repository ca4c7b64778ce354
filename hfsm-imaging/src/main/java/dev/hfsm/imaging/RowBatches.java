package dev.hfsm.imaging;

import dev.hfsm.imaging.jpeg.JpegFrame;
import dev.hfsm.imaging.jpeg.JpegPlane;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Hands rows on from the decoder to those who take them on threads of their own: copies some rows
 * of MCUs at a time, so that decoding can go on. A bounded number of copies is there at a time; the
 * thread that decodes helps when it is ahead.
 */
final class RowBatches {

  /** Rows of the picture that are copied at a time, at least. */
  private static final int ROWS = 64;

  /** Copies that are there at a time. */
  private static final int BATCHES = 3;

  /** Rows of one component. */
  private record Rows(JpegPlane plane, int y, int count, float[] samples) {}

  /** Some rows of all components on their way to those who want them. */
  private static final class Batch {
    private final List<List<Rows>> byTaker = new ArrayList<>();

    Batch(int takers) {
      for (int i = 0; i < takers; i++) {
        byTaker.add(new ArrayList<>());
      }
    }
  }

  private final Lines lines;
  private final List<JpegBurst.Taker> takers;
  private final int groups;
  private Batch batch;
  private int collected;

  RowBatches(Lines lines, List<JpegBurst.Taker> takers, JpegFrame frame) {
    this.lines = lines;
    this.takers = takers;
    this.groups = groups(frame);
    this.batch = new Batch(takers.size());
  }

  private static int groups(JpegFrame frame) {
    return Math.max(1, ROWS / (8 * frame.down()));
  }

  /** Bytes of all copies of a component's rows, at most. */
  static long bytes(JpegFrame frame, JpegPlane plane) {
    int rows = plane.scale().samples() * frame.components().get(plane.component()).down();
    return (BATCHES + 1L) * groups(frame) * (4L * rows * plane.width() + 128);
  }

  /**
   * The next rows of one component.
   *
   * @param wanted by whom
   */
  void rows(List<Integer> wanted, JpegPlane plane, int y, int rows, float[] samples, int stride) {
    int width = plane.width();
    float[] copy = new float[rows * width];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(samples, r * stride, copy, r * width, width);
    }
    Rows one = new Rows(plane, y, rows, copy);
    for (int taker : wanted) {
      batch.byTaker.get(taker).add(one);
    }
  }

  /** Says that a row of MCUs begins. */
  void group() throws IOException {
    if (++collected > groups) {
      send();
      collected = 1;
      lines.await(BATCHES - 1);
    }
  }

  /** Sends what there is. */
  void send() {
    Batch full = batch;
    batch = new Batch(takers.size());
    for (int i = 0; i < takers.size(); i++) {
      List<Rows> rows = full.byTaker.get(i);
      JpegBurst.Taker taker = takers.get(i);
      if (!rows.isEmpty()) {
        lines.add(i, () -> give(rows, taker));
      }
    }
  }

  private static void give(List<Rows> rows, JpegBurst.Taker taker) throws IOException {
    for (Rows one : rows) {
      taker.rows(one.plane(), one.y(), one.count(), one.samples(), one.plane().width());
    }
  }
}
