package dev.hfsm.imaging.jpeg;

import java.util.List;

/**
 * What the headers say. Immutable.
 *
 * @param width in pixels, 1 to 65535
 * @param height in pixels, 1 to 65535
 * @param components 1, 3 or 4 of them
 * @param progressive whether the picture is coded progressively
 * @param scans scans that decoding has to go through
 * @param color what the components mean
 * @param inverted whether an Adobe marker is there: with it, by convention, inks are stored as 255
 *     for none and 0 for full
 */
public record JpegFrame(
    int width,
    int height,
    List<JpegComponent> components,
    boolean progressive,
    int scans,
    JpegColor color,
    boolean inverted) {

  /** Copies the list. */
  public JpegFrame {
    components = List.copyOf(components);
  }

  /** The whole picture. */
  public JpegRegion everything() {
    return new JpegRegion(0, 0, width, height);
  }

  /** The largest horizontal sampling factor. */
  public int across() {
    return components.stream().mapToInt(JpegComponent::across).max().orElseThrow();
  }

  /** The largest vertical sampling factor. */
  public int down() {
    return components.stream().mapToInt(JpegComponent::down).max().orElseThrow();
  }

  /**
   * Where the samples of a component lie that a region needs, at a scale.
   *
   * @throws IllegalArgumentException if the region is not inside of the picture
   */
  public JpegPlane plane(int component, JpegScale scale, JpegRegion region) {
    Blocks blocks = blocks(component, region);
    JpegComponent c = components.get(component);
    int n = scale.samples();
    int x = blocks.left() * n;
    int y = blocks.top() * n;
    int right = Math.min(blocks.right() * n, scaled(width, c.across() * n, 8 * across()));
    int bottom = Math.min(blocks.bottom() * n, scaled(height, c.down() * n, 8 * down()));
    return new JpegPlane(component, scale, x, y, right - x, bottom - y);
  }

  private static int scaled(int pixels, int factor, int divisor) {
    return (int) (((long) pixels * factor + divisor - 1) / divisor);
  }

  /** The blocks of a component that a region needs. */
  Blocks blocks(int component, JpegRegion region) {
    if (region.width() > width - region.x() || region.height() > height - region.y()) {
      throw new IllegalArgumentException(
          "expected a region inside of %d × %d pixels, got %s".formatted(width, height, region));
    }
    JpegComponent c = components.get(component);
    int unitX = 8 * across();
    int unitY = 8 * down();
    return new Blocks(
        region.x() * c.across() / unitX,
        region.y() * c.down() / unitY,
        scaled(region.x() + region.width(), c.across(), unitX),
        scaled(region.y() + region.height(), c.down(), unitY));
  }

  int mcusAcross() {
    return scaled(width, 1, 8 * across());
  }

  int mcusDown() {
    return scaled(height, 1, 8 * down());
  }

  /** A rectangle of blocks; right and bottom are exclusive. */
  record Blocks(int left, int top, int right, int bottom) {

    int across() {
      return right - left;
    }

    int down() {
      return bottom - top;
    }
  }
}
