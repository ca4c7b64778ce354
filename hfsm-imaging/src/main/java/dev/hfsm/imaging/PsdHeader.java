package dev.hfsm.imaging;

import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Limits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header of a Photoshop file (PSD, and PSB, which is the same with longer lengths) as far
 * as the merged picture at its end needs it. Layers are passed over.
 */
final class PsdHeader {

  /**
   * How the merged picture is stored.
   *
   * @param mode 0 bitmap, 1 grey, 2 palette, 3 RGB, 4 CMYK
   * @param channels stored one after another
   * @param depth bits of a sample: 1, 8 or 16
   * @param alpha whether the channel after the colours is the picture's transparency
   * @param large whether it is a PSB
   * @param paletteAt where 256 reds, greens and blues stand
   * @param dataAt where the kind of compression stands
   */
  record Layout(
      int mode,
      int channels,
      int depth,
      boolean alpha,
      boolean large,
      long paletteAt,
      long dataAt) {

    /** Channels that are colours. */
    int colors() {
      return mode == 3 ? 3 : mode == 4 ? 4 : 1;
    }

    /** Bytes of a decoded pixel. */
    int bytes() {
      return mode == 4 || alpha ? 4 : mode == 2 || mode == 3 ? 3 : 1;
    }
  }

  private static final int ICC = 1039;
  private static final int EXIF = 1058;

  private final Bytes in;
  private final Limits limits;
  private byte @Nullable [] icc;
  private byte @Nullable [] exif;

  private PsdHeader(Bytes in, Limits limits) {
    this.in = in;
    this.limits = limits;
  }

  static Header read(Bytes in, MediaType type, Limits limits) throws Malformed {
    PsdHeader psd = new PsdHeader(in, limits);
    Layout layout = layout(in);
    long w = in.u32(18);
    long h = in.u32(14);
    if (w <= 0 || h <= 0 || w > 300_000 || h > 300_000) {
      throw new Malformed("it is " + w + " × " + h + " pixels");
    }
    Checks.pixels(w, h, limits);
    psd.resources(layout.paletteAt());
    boolean opens =
        layout.mode() <= 4
            && (layout.depth() == 8 || layout.depth() == 16 || layout.depth() == 1)
            && (layout.depth() == 1) == (layout.mode() == 0)
            && layout.channels() >= layout.colors();
    Header.@Nullable Encoded encoded =
        opens
            ? new Header.Encoded(
                Header.Codec.PSD,
                List.of(),
                new Rectangle((int) w, (int) h),
                layout.bytes(),
                4 * h + 16 * w + (1 << 16),
                false)
            : null;
    return new Header(type, (int) w, (int) h, 1, 0, psd.exif, psd.icc, encoded);
  }

  /** Where things are. */
  static Layout layout(Bytes in) throws Malformed {
    int version = in.has(0, "8BPS") ? in.u16(4) : 0;
    if (version != 1 && version != 2) {
      throw new Malformed("it does not start as a Photoshop file");
    }
    boolean large = version == 2;
    int channels = in.u16(12);
    int mode = in.u16(24);
    if (channels < 1 || channels > 56) {
      throw new Malformed("it has " + channels + " channels");
    }
    long resources = 30 + in.u32(26);
    long layers = resources + 4 + in.u32(resources);
    long head = large ? 8 : 4;
    long length = large ? in.u32(layers) << 32 | in.u32(layers + 4) : in.u32(layers);
    long data = layers + head + length;
    if (length < 0 || data < 0 || data + 2 > in.size()) {
      throw new Malformed("the file is truncated");
    }
    // A negative number of layers: the first channel after the colours is transparency.
    boolean layered =
        length >= head + 2 && in.u32(layers + head) + (large ? in.u32(layers + head + 4) : 0) > 0;
    boolean alpha =
        layered
            && (in.u16(layers + 2 * head) & 0x8000) != 0
            && (mode == 3 && channels > 3 || mode == 1 && channels > 1);
    return new Layout(mode, channels, in.u16(22), alpha, large, 30, data);
  }

  private void resources(long palette) throws Malformed {
    long at = palette + in.u32(26);
    long end = Math.min(in.size(), at + 4 + in.u32(at));
    at += 4;
    while (at + 12 <= end && in.has(at, "8BIM")) {
      in.budget().check();
      int id = in.u16(at + 4);
      long name = at + 6 + (in.u8(at + 6) + 2 & ~1);
      long length = in.u32(name);
      if (name + 4 + length > end) {
        return;
      }
      if (length > 0 && length <= limits.maxMetadataBytes()) {
        if (id == ICC) {
          icc = in.copy(name + 4, (int) length);
        } else if (id == EXIF) {
          exif = in.copy(name + 4, (int) length);
        }
      }
      at = name + 4 + (length + 1 & ~1L);
    }
  }
}
