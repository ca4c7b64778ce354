package dev.hfsm.transform;

/**
 * What a source may be before anything is decoded. Checked against headers, in {@code long}
 * arithmetic.
 *
 * @param maxPixels width × height
 * @param maxFrames frames that are used of an animation; further ones are left out
 * @param maxFramePixels frames used × width × height
 * @param maxScans scans of a progressive picture
 * @param maxMetadataBytes bytes of one metadata block, expanded
 */
public record Limits(
    long maxPixels, int maxFrames, long maxFramePixels, int maxScans, int maxMetadataBytes) {

  /** 50 megapixels, 100 frames, 50 megapixels over all frames, 100 scans, 1 MB of metadata. */
  public static final Limits DEFAULT = new Limits(50_000_000, 100, 50_000_000, 100, 1_000_000);

  /** Refuses numbers below 1. */
  public Limits {
    if (maxPixels < 1
        || maxFrames < 1
        || maxFramePixels < 1
        || maxScans < 1
        || maxMetadataBytes < 1) {
      throw new IllegalArgumentException("limits: expected numbers of 1 or more");
    }
  }

  /** These limits with another number of pixels, for one frame and for all. */
  public Limits withMaxPixels(long pixels) {
    return new Limits(pixels, maxFrames, pixels, maxScans, maxMetadataBytes);
  }
}
