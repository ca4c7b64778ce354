package dev.hfsm.imaging.jpegenc;

/** Which planes a JPEG has, and at what resolution. */
public enum Sampling {
  /** One plane of brightness. */
  GREY(1, 1, 1),
  /** Colour at half the width and half the height of brightness. */
  YCC_420(3, 2, 2),
  /** Colour at half the width of brightness. */
  YCC_422(3, 2, 1),
  /** Colour at the resolution of brightness. */
  YCC_444(3, 1, 1);

  private final int planes;
  private final int across;
  private final int down;

  Sampling(int planes, int across, int down) {
    this.planes = planes;
    this.across = across;
    this.down = down;
  }

  /** 1, or 3: Y, Cb, Cr. */
  public int planes() {
    return planes;
  }

  /** The samples in a row of a plane, for a picture of that width. */
  public int width(int plane, int pictureWidth) {
    return plane == 0 ? pictureWidth : (pictureWidth + across - 1) / across;
  }

  /** The rows of a plane, for a picture of that height. */
  public int height(int plane, int pictureHeight) {
    return plane == 0 ? pictureHeight : (pictureHeight + down - 1) / down;
  }

  /** Columns of pixels that share a sample of colour. */
  int across() {
    return across;
  }

  /** Rows of pixels that share a sample of colour. */
  int down() {
    return down;
  }

  /** Blocks of a plane side by side in one coding unit. */
  int blocksAcross(int plane) {
    return plane == 0 ? across : 1;
  }

  /** Blocks of a plane one below the other in one coding unit. */
  int blocksDown(int plane) {
    return plane == 0 ? down : 1;
  }
}
