package dev.hfsm.imaging;

import org.jspecify.annotations.Nullable;

/**
 * What is written into a file besides the picture.
 *
 * @param icc the profile that its colours are in; sRGB if there is none
 * @param exif a TIFF structure
 */
record Tags(byte @Nullable [] icc, byte @Nullable [] exif) {

  static final Tags NONE = new Tags(null, null);

  boolean isEmpty() {
    return icc == null && exif == null;
  }

  /** Bytes of both. */
  long bytes() {
    return (icc == null ? 0 : icc.length) + (exif == null ? 0 : exif.length);
  }
}
