package dev.hfsm.imaging.png;

/**
 * What is accepted, checked before memory is taken for it.
 *
 * @param maxPixels width × height
 * @param maxMetadataBytes bytes of one metadata block, expanded; larger ones are left out
 */
public record PngLimits(long maxPixels, int maxMetadataBytes) {

  /** Refuses numbers below 1. */
  public PngLimits {
    if (maxPixels < 1 || maxMetadataBytes < 1) {
      throw new IllegalArgumentException("png: expected limits of 1 or more");
    }
  }
}
