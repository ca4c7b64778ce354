package dev.hfsm.benchmarks;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Makes the pictures that {@link ImageTask}s begin with out of one photo. */
final class TaskInputs {

  private static final int PNG_WIDTH = 1600;
  private static final float QUALITY = 0.92f;

  /** Display P3's primaries, adapted to D50. */
  private static final double[][] P3 = {
    {0.51512, 0.24120, -0.00105}, {0.29198, 0.69225, 0.04189}, {0.15710, 0.06657, 0.78407}
  };

  private static final double[] SRGB_CURVE = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};

  private final Path folder;

  TaskInputs(Path folder) {
    this.folder = folder;
  }

  Path file(ImageTask.Input input) {
    return folder.resolve(input.file);
  }

  /** Writes all of them. */
  void make(Path photo) throws IOException {
    byte[] jpeg = Files.readAllBytes(photo);
    Files.write(file(ImageTask.Input.PHOTO), jpeg);
    Files.write(file(ImageTask.Input.P3), withProfile(jpeg, displayP3()));
    BufferedImage picture = ImageIO.read(photo.toFile());
    if (picture == null) {
      throw new IOException("expected a JPEG, found something else: " + photo);
    }
    Files.write(file(ImageTask.Input.PROGRESSIVE), progressive(picture));
    ImageIO.write(smaller(picture), "png", file(ImageTask.Input.PNG).toFile());
  }

  private static BufferedImage smaller(BufferedImage picture) {
    int height = Math.max(1, picture.getHeight() * PNG_WIDTH / picture.getWidth());
    BufferedImage small = new BufferedImage(PNG_WIDTH, height, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D pen = small.createGraphics();
    pen.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    pen.drawImage(picture, 0, 0, PNG_WIDTH, height, null);
    pen.dispose();
    return small;
  }

  private static byte[] progressive(BufferedImage picture) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam how = writer.getDefaultWriteParam();
      how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      how.setCompressionQuality(QUALITY);
      how.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      writer.setOutput(out);
      writer.write(null, new IIOImage(picture, null, null), how);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** The same picture, said to be in other colours. */
  private static byte[] withProfile(byte[] jpeg, byte[] icc) {
    byte[] label = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer out = ByteBuffer.allocate(jpeg.length + icc.length + label.length + 6);
    out.put(jpeg, 0, 2);
    out.putShort((short) 0xFFE2).putShort((short) (2 + label.length + 2 + icc.length));
    out.put(label).put((byte) 1).put((byte) 1).put(icc);
    int at = 2;
    while ((jpeg[at + 1] & 0xFF) != 0xDA) {
      int length = 2 + ((jpeg[at + 2] & 0xFF) << 8 | jpeg[at + 3] & 0xFF);
      if ((jpeg[at + 1] & 0xFF) != 0xE2) {
        out.put(jpeg, at, length);
      }
      at += length;
    }
    out.put(jpeg, at, jpeg.length - at);
    byte[] result = new byte[out.position()];
    out.flip().get(result);
    return result;
  }

  /** A profile of a matrix and a curve, as telephones write it. */
  private static byte[] displayP3() {
    String[] names = {"wtpt", "rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"};
    int head = 128 + 4 + 12 * names.length;
    int curve = head + 4 * 20;
    ByteBuffer icc = ByteBuffer.allocate(curve + 12 + 20);
    icc.putInt(0, icc.capacity()).putInt(8, 0x04000000);
    text(icc, 12, "mntrRGB XYZ ");
    text(icc, 36, "acsp");
    xyz(icc, 60, 0.9642, 1, 0.8249);
    icc.putInt(128, names.length);
    for (int i = 0; i < names.length; i++) {
      int entry = 132 + 12 * i;
      text(icc, entry, names[i]);
      icc.putInt(entry + 4, i < 4 ? head + 20 * i : curve).putInt(entry + 8, i < 4 ? 20 : 32);
    }
    double[][] points = {{0.9642, 1, 0.8249}, P3[0], P3[1], P3[2]};
    for (int i = 0; i < 4; i++) {
      text(icc, head + 20 * i, "XYZ ");
      xyz(icc, head + 20 * i, points[i][0], points[i][1], points[i][2]);
    }
    text(icc, curve, "para");
    icc.putShort(curve + 8, (short) 3);
    for (int i = 0; i < SRGB_CURVE.length; i++) {
      icc.putInt(curve + 12 + 4 * i, fixed(SRGB_CURVE[i]));
    }
    return icc.array();
  }

  private static void text(ByteBuffer icc, int at, String text) {
    icc.put(at, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void xyz(ByteBuffer icc, int at, double x, double y, double z) {
    icc.putInt(at + 8, fixed(x)).putInt(at + 12, fixed(y)).putInt(at + 16, fixed(z));
  }

  private static int fixed(double value) {
    return (int) Math.round(value * 65536);
  }
}
