package dev.hfsm.imaging.color;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;

/** What the JDK makes of the colours of a profile, to compare with. */
public final class JdkColors {

  private JdkColors() {}

  /** The samples of pixels as those of sRGB. */
  public static byte[] toSrgb(byte[] icc, byte[] samples, int channels) {
    int n = samples.length / channels;
    var in = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, n, 1, channels, null);
    var out = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, n, 1, 3, null);
    System.arraycopy(
        samples, 0, ((DataBufferByte) in.getDataBuffer()).getData(), 0, samples.length);
    new ColorConvertOp(
            new ICC_Profile[] {
              ICC_Profile.getInstance(icc), ICC_Profile.getInstance(ColorSpace.CS_sRGB)
            },
            null)
        .filter(in, out);
    return ((DataBufferByte) out.getDataBuffer()).getData();
  }
}
