package dev.hfsm.imaging.png;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What PNG is to be written. Immutable; arrays are not copied and must not change. */
public final class PngSpec {

  private final int width;
  private final int height;
  private final int channels;
  private final int level;
  private final byte @Nullable [] profile;
  private final byte @Nullable [] exif;

  private PngSpec(
      int width,
      int height,
      int channels,
      int level,
      byte @Nullable [] profile,
      byte @Nullable [] exif) {
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.level = level;
    this.profile = profile;
    this.exif = exif;
  }

  /**
   * A picture without metadata.
   *
   * @param width pixels, at least 1
   * @param height pixels, at least 1
   * @param channels of the rows: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha
   * @param level of compression, 0 to 9
   */
  public static PngSpec of(int width, int height, int channels, int level) {
    if (width < 1 || height < 1 || (long) width * channels > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException(
          "png: expected a size that can be written, found %d × %d".formatted(width, height));
    }
    if (channels < 1 || channels > 4 || level < 0 || level > 9) {
      throw new IllegalArgumentException(
          "png: expected 1 to 4 channels and level 0 to 9, found %d and %d"
              .formatted(channels, level));
    }
    return new PngSpec(width, height, channels, level, null, null);
  }

  /** The same with an ICC profile, of grey for 1 or 2 channels and of RGB for more. */
  public PngSpec withProfile(byte[] icc) {
    return new PngSpec(width, height, channels, level, icc, exif);
  }

  /** The same with EXIF: a TIFF structure. */
  public PngSpec withExif(byte[] tiff) {
    return new PngSpec(width, height, channels, level, profile, tiff);
  }

  /** EXIF; not a copy. */
  public Optional<byte[]> exif() {
    return Optional.ofNullable(exif);
  }

  /** Pixels. */
  public int width() {
    return width;
  }

  /** Pixels. */
  public int height() {
    return height;
  }

  /** Samples of a pixel in the rows given. */
  public int channels() {
    return channels;
  }

  /** Of compression. */
  public int level() {
    return level;
  }

  /** The ICC profile; not a copy. */
  public Optional<byte[]> profile() {
    return Optional.ofNullable(profile);
  }
}
