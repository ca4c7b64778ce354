package dev.hfsm.imaging.jpeg;

/**
 * What the components mean, decided from the JFIF and Adobe markers and the component ids as
 * libjpeg decides it.
 */
public enum JpegColor {
  /** One component. */
  GREY,
  /** Luma and two colour differences, full range, with the matrix of BT.601. */
  YCBCR,
  /** Red, green, blue. */
  RGB,
  /** Four inks; see {@link JpegFrame#inverted()}. */
  CMYK,
  /** Inks of which three are stored as YCbCr; see {@link JpegFrame#inverted()}. */
  YCCK
}
