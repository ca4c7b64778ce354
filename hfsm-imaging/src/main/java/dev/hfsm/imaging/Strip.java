package dev.hfsm.imaging;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import org.jspecify.annotations.Nullable;

/**
 * A decoded part of the stored picture, read row by row as plain samples: 1 (grey), 3 (RGB), 4 (RGB
 * and alpha, not premultiplied) or 4 (CMYK, 0 is no ink).
 */
final class Strip {

  /** What the samples of a pixel are. */
  enum Model {
    GREY(1),
    RGB(3),
    RGBA(4),
    CMYK(4);

    final int channels;

    Model(int channels) {
      this.channels = channels;
    }
  }

  private enum Kind {
    CMYK_INVERTED,
    INDEXED,
    COMPONENTS,
    GENERIC
  }

  private final Raster raster;
  private final @Nullable ColorModel colors;
  private final Kind kind;
  private final Model model;
  private final int max;
  private final int bands;
  private final int[] palette;
  private @Nullable Object buffer;

  private Strip(Raster raster, @Nullable ColorModel colors, Kind kind, Model model, int max) {
    this.raster = raster;
    this.colors = colors;
    this.kind = kind;
    this.model = model;
    this.max = max;
    this.bands = raster.getNumBands();
    this.palette =
        kind == Kind.INDEXED && colors instanceof IndexColorModel c ? table(c) : new int[0];
  }

  private static int[] table(IndexColorModel colors) {
    int[] table = new int[1 << Math.max(colors.getPixelSize(), 8)];
    int[] known = new int[colors.getMapSize()];
    colors.getRGBs(known);
    java.util.Arrays.fill(table, 0xFF000000);
    System.arraycopy(known, 0, table, 0, known.length);
    return table;
  }

  /** Inks of which 255 is none. */
  static Strip ofInks(Raster raster) {
    return new Strip(raster, null, Kind.CMYK_INVERTED, Model.CMYK, 255);
  }

  static Strip of(BufferedImage image) {
    ColorModel colors = image.getColorModel();
    Raster raster = image.getRaster();
    if (colors instanceof IndexColorModel index) {
      return new Strip(
          raster, colors, Kind.INDEXED, index.hasAlpha() ? Model.RGBA : Model.RGB, 255);
    }
    int type = colors.getTransferType();
    boolean plain =
        colors instanceof ComponentColorModel
            && (type == DataBuffer.TYPE_BYTE || type == DataBuffer.TYPE_USHORT)
            && !colors.isAlphaPremultiplied()
            && fullRange(colors, type);
    int space = colors.getColorSpace().getType();
    boolean alpha = colors.hasAlpha();
    int max = type == DataBuffer.TYPE_USHORT ? 65535 : 255;
    int bands = raster.getNumBands();
    if (plain && space == ColorSpace.TYPE_GRAY && bands == (alpha ? 2 : 1)) {
      return new Strip(raster, colors, Kind.COMPONENTS, alpha ? Model.RGBA : Model.GREY, max);
    }
    if (plain && space == ColorSpace.TYPE_RGB && bands == (alpha ? 4 : 3)) {
      return new Strip(raster, colors, Kind.COMPONENTS, alpha ? Model.RGBA : Model.RGB, max);
    }
    if (isInks(colors)) {
      return new Strip(raster, colors, Kind.COMPONENTS, Model.CMYK, max);
    }
    return new Strip(raster, colors, Kind.GENERIC, alpha ? Model.RGBA : Model.RGB, 255);
  }

  /** Whether samples are inks of which 0 is none. */
  static boolean isInks(ColorModel colors) {
    int type = colors.getTransferType();
    return colors instanceof ComponentColorModel
        && colors.getColorSpace().getType() == ColorSpace.TYPE_CMYK
        && colors.getNumComponents() == 4
        && (type == DataBuffer.TYPE_BYTE || type == DataBuffer.TYPE_USHORT)
        && fullRange(colors, type);
  }

  private static boolean fullRange(ColorModel colors, int type) {
    for (int bits : colors.getComponentSize()) {
      if (bits != (type == DataBuffer.TYPE_BYTE ? 8 : 16)) {
        return false;
      }
    }
    return true;
  }

  /** A part of this one. */
  Strip part(Rectangle part) {
    Raster child =
        raster.createChild(
            raster.getMinX() + part.x(),
            raster.getMinY() + part.y(),
            part.width(),
            part.height(),
            0,
            0,
            null);
    return new Strip(child, colors, kind, model, max);
  }

  Model model() {
    return model;
  }

  /** The value of a full sample: 255 or 65535. */
  int max() {
    return max;
  }

  int height() {
    return raster.getHeight();
  }

  int width() {
    return raster.getWidth();
  }

  /** Writes {@code width × channels} samples of row {@code y} from {@code into[at]} on. */
  void row(int y, int[] into, int at) {
    int w = raster.getWidth();
    Object data = raster.getDataElements(raster.getMinX(), raster.getMinY() + y, w, 1, buffer);
    buffer = data;
    switch (kind) {
      case INDEXED -> indexed(data, w, into, at);
      case GENERIC -> generic(y, w, into, at);
      case CMYK_INVERTED -> inverted((byte[]) data, w, into, at);
      case COMPONENTS -> components(data, w, into, at);
    }
  }

  private void components(Object data, int w, int[] into, int at) {
    int n = w * bands;
    if (bands == 2) {
      for (int i = 0, p = at; i < n; i += 2, p += 4) {
        int grey = sample(data, i);
        into[p] = grey;
        into[p + 1] = grey;
        into[p + 2] = grey;
        into[p + 3] = sample(data, i + 1);
      }
    } else if (data instanceof byte[] bytes) {
      for (int i = 0; i < n; i++) {
        into[at + i] = bytes[i] & 0xFF;
      }
    } else if (data instanceof short[] shorts) {
      for (int i = 0; i < n; i++) {
        into[at + i] = shorts[i] & 0xFFFF;
      }
    }
  }

  private static int sample(Object data, int i) {
    return data instanceof byte[] bytes ? bytes[i] & 0xFF : ((short[]) data)[i] & 0xFFFF;
  }

  private void indexed(Object data, int w, int[] into, int at) {
    int p = at;
    for (int x = 0; x < w; x++) {
      int index = sample(data, x);
      p = argb(index < palette.length ? palette[index] : 0xFF000000, into, p);
    }
  }

  private void generic(int y, int w, int[] into, int at) {
    ColorModel known = colors;
    if (known == null) {
      throw new AssertionError("samples without a colour model");
    }
    int p = at;
    Object pixel = null;
    for (int x = 0; x < w; x++) {
      pixel = raster.getDataElements(raster.getMinX() + x, raster.getMinY() + y, pixel);
      p = argb(known.getRGB(pixel), into, p);
    }
  }

  private int argb(int color, int[] into, int at) {
    into[at] = color >> 16 & 0xFF;
    into[at + 1] = color >> 8 & 0xFF;
    into[at + 2] = color & 0xFF;
    if (model == Model.RGBA) {
      into[at + 3] = color >>> 24;
      return at + 4;
    }
    return at + 3;
  }

  private static void inverted(byte[] data, int w, int[] into, int at) {
    for (int i = 0; i < 4 * w; i++) {
      into[at + i] = 255 - (data[i] & 0xFF);
    }
  }
}
