package dev.hfsm.imaging.png;

import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What a PNG says of itself before its pixels. Immutable; byte arrays are copies. */
public final class PngInfo {

  private final PngHeader header;
  private final int channels;
  private final Metadata metadata;

  PngInfo(PngHeader header, int channels, Metadata metadata) {
    this.header = header;
    this.channels = channels;
    this.metadata = metadata;
  }

  /** The chunks that say how samples are meant; each absent if missing or broken. */
  static final class Metadata {
    int gamma;
    int intent = -1;
    int frames = 1;
    byte @Nullable [] icc;
    byte @Nullable [] exif;
    byte @Nullable [] cicp;
    int @Nullable [] chromaticities;
  }

  /** Pixels. */
  public int width() {
    return header.width();
  }

  /** Pixels. */
  public int height() {
    return header.height();
  }

  /** Bits of a stored sample, or of a palette's index: 1, 2, 4, 8 or 16. */
  public int bitDepth() {
    return header.depth();
  }

  /** Whether pixels are stored as indices into a palette. */
  public boolean paletted() {
    return header.color() == 3;
  }

  /** Whether the pixels come in seven passes, so that the whole picture has to be kept. */
  public boolean interlaced() {
    return header.interlaced();
  }

  /** Samples of a pixel in the rows: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  public int channels() {
    return channels;
  }

  /** Whether the last channel is alpha. */
  public boolean alpha() {
    return channels == 2 || channels == 4;
  }

  /** The exponent that samples were encoded with, times 100000 (gAMA). */
  public OptionalInt gamma() {
    return metadata.gamma > 0 ? OptionalInt.of(metadata.gamma) : OptionalInt.empty();
  }

  /** The rendering intent, if the file says that it is sRGB. */
  public OptionalInt srgbIntent() {
    return metadata.intent >= 0 ? OptionalInt.of(metadata.intent) : OptionalInt.empty();
  }

  /** White, red, green, blue, each as x and y times 100000 (cHRM). */
  public Optional<int[]> chromaticities() {
    return Optional.ofNullable(metadata.chromaticities).map(int[]::clone);
  }

  /** The ICC profile, expanded. */
  public Optional<byte[]> profile() {
    return Optional.ofNullable(metadata.icc).map(byte[]::clone);
  }

  /** The four bytes of cICP: primaries, transfer function, matrix, full range. */
  public Optional<byte[]> codingPoints() {
    return Optional.ofNullable(metadata.cicp).map(byte[]::clone);
  }

  /** The EXIF block, from its byte order mark on, if it stands before the pixels. */
  public Optional<byte[]> exif() {
    return Optional.ofNullable(metadata.exif).map(byte[]::clone);
  }

  /** Frames of an animation as declared, at least 1; the reader reads the still picture. */
  public int frames() {
    return metadata.frames;
  }
}
