package dev.hfsm.transform;

/** What a variant may keep of its source's metadata; of everything else it keeps nothing. */
public enum Keep {
  /**
   * The embedded colour profile, with the colours as they are, where it is one of RGB pictures;
   * others become sRGB all the same.
   */
  ICC,
  /** The copyright notice and the artist that EXIF names. */
  COPYRIGHT
}
