package dev.hfsm.imaging.jpegenc;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What JPEG is to be written. Immutable; arrays are not copied and must not change.
 *
 * <p>Nothing but the picture is written, unless a profile or EXIF is given.
 */
public final class JpegSpec {

  /** The order in which the picture's data come. */
  public enum Scans {
    /** From top to bottom. */
    BASELINE,
    /**
     * Coarse first; usually a little smaller, slower to write and to read, and needs more memory.
     */
    PROGRESSIVE
  }

  static final int MAX_SIDE = 65_535;
  private static final int MAX_PROFILE = 255 * Markers.PROFILE_PART;
  private static final int MAX_EXIF = 65_535 - 2 - 6;

  private final int width;
  private final int height;
  private final Sampling sampling;
  private final int quality;
  private final Scans scans;
  private final byte @Nullable [] profile;
  private final byte @Nullable [] exif;

  private JpegSpec(
      int width,
      int height,
      Sampling sampling,
      int quality,
      Scans scans,
      byte @Nullable [] profile,
      byte @Nullable [] exif) {
    this.width = width;
    this.height = height;
    this.sampling = sampling;
    this.quality = quality;
    this.scans = scans;
    this.profile = profile;
    this.exif = exif;
  }

  /**
   * A baseline JPEG with no metadata.
   *
   * @param width 1 to 65535
   * @param height 1 to 65535
   * @param quality 1 to 100, which libjpeg's scale of quantisation tables gives a meaning
   */
  public static JpegSpec of(int width, int height, Sampling sampling, int quality) {
    if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
      throw new IllegalArgumentException(
          "jpeg: expected sides of 1 to %d pixels, found %d × %d"
              .formatted(MAX_SIDE, width, height));
    }
    if (quality < 1 || quality > 100) {
      throw new IllegalArgumentException("jpeg: expected quality 1 to 100, found " + quality);
    }
    return new JpegSpec(width, height, sampling, quality, Scans.BASELINE, null, null);
  }

  /** The same with the data in that order. */
  public JpegSpec with(Scans order) {
    return new JpegSpec(width, height, sampling, quality, order, profile, exif);
  }

  /** The same with an ICC profile. */
  public JpegSpec withProfile(byte[] icc) {
    if (icc.length == 0 || icc.length > MAX_PROFILE) {
      throw new IllegalArgumentException(
          "jpeg: expected a profile of 1 to %d bytes, found %d".formatted(MAX_PROFILE, icc.length));
    }
    return new JpegSpec(width, height, sampling, quality, scans, icc, exif);
  }

  /** The same with EXIF: a TIFF structure of at most 65527 bytes. */
  public JpegSpec withExif(byte[] tiff) {
    if (tiff.length == 0 || tiff.length > MAX_EXIF) {
      throw new IllegalArgumentException(
          "jpeg: expected EXIF of 1 to %d bytes, found %d".formatted(MAX_EXIF, tiff.length));
    }
    return new JpegSpec(width, height, sampling, quality, scans, profile, tiff);
  }

  /** Pixels. */
  public int width() {
    return width;
  }

  /** Pixels. */
  public int height() {
    return height;
  }

  /** The planes that rows are expected for. */
  public Sampling sampling() {
    return sampling;
  }

  /** 1 to 100. */
  public int quality() {
    return quality;
  }

  /** The order of the data. */
  public Scans scans() {
    return scans;
  }

  /** The ICC profile; not a copy. */
  public Optional<byte[]> profile() {
    return Optional.ofNullable(profile);
  }

  /** EXIF; not a copy. */
  public Optional<byte[]> exif() {
    return Optional.ofNullable(exif);
  }
}
