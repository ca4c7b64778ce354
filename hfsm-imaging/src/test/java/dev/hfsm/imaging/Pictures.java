package dev.hfsm.imaging;

import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Source;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntBinaryOperator;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;

/** Pictures made for tests. */
final class Pictures {

  private Pictures() {}

  /** A picture whose pixel at x, y is {@code argb.applyAsInt(x, y)}. */
  static BufferedImage image(int width, int height, int type, IntBinaryOperator argb) {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, argb.applyAsInt(x, y));
      }
    }
    return image;
  }

  static byte[] encoded(BufferedImage image, String format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalStateException("no writer for " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static BufferedImage decoded(byte[] bytes) {
    try {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
      return image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY
          ? colored(image)
          : image;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Grey as everyone shows it; Java takes grey samples for linear light. */
  private static BufferedImage colored(BufferedImage grey) {
    boolean alpha = grey.getColorModel().hasAlpha();
    int[] pixel = new int[2];
    pixel[1] = 255;
    return image(
        grey.getWidth(),
        grey.getHeight(),
        alpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB,
        (x, y) -> {
          grey.getRaster().getPixel(x, y, pixel);
          return pixel[1] << 24 | pixel[0] * 0x010101;
        });
  }

  static Source source(Path folder, MediaType type, byte[] bytes) {
    try {
      Path file = Files.createTempFile(folder, "picture", "");
      Files.write(file, bytes);
      return new Source(type, Facts.NONE, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Source png(Path folder, BufferedImage image) {
    return source(folder, MediaType.PNG, encoded(image, "png"));
  }

  /** A JPEG with this EXIF orientation and this camera name. */
  static byte[] withExif(byte[] jpeg, int orientation, String make) {
    byte[] name = make.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    int nameAt = 8 + 2 + 2 * 12 + 4;
    ByteBuffer tiff = ByteBuffer.allocate(nameAt + name.length + 1);
    tiff.put(new byte[] {'M', 'M', 0, 42}).putInt(8).putShort((short) 2);
    tiff.putShort((short) 0x10F).putShort((short) 2).putInt(name.length + 1).putInt(nameAt);
    tiff.putShort((short) 0x112).putShort((short) 3).putInt(1);
    tiff.putShort((short) orientation).putShort((short) 0).putInt(0).put(name);
    return withSegment(
        jpeg,
        0xE1,
        concat("Exif\0\0".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), tiff.array()));
  }

  /** A JPEG with a segment right after its start. */
  static byte[] withSegment(byte[] jpeg, int marker, byte[] body) {
    int length = body.length + 2;
    byte[] head = {
      (byte) 0xFF, (byte) 0xD8, (byte) 0xFF, (byte) marker, (byte) (length >> 8), (byte) length
    };
    return concat(head, body, java.util.Arrays.copyOfRange(jpeg, 2, jpeg.length));
  }

  /** A PNG with a chunk right after its header. */
  static byte[] withChunk(byte[] png, String name, byte[] body) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + body.length);
    byte[] type = name.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    CRC32 crc = new CRC32();
    crc.update(type);
    crc.update(body);
    chunk.putInt(body.length).put(type).put(body).putInt((int) crc.getValue());
    return concat(
        java.util.Arrays.copyOf(png, 33),
        chunk.array(),
        java.util.Arrays.copyOfRange(png, 33, png.length));
  }

  static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater();
    deflater.setInput(bytes);
    deflater.finish();
    byte[] out = new byte[bytes.length + 1000];
    int n = deflater.deflate(out);
    deflater.end();
    return java.util.Arrays.copyOf(out, n);
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** Mean absolute difference of the colour samples. */
  static double difference(BufferedImage a, BufferedImage b) {
    long sum = 0;
    for (int y = 0; y < a.getHeight(); y++) {
      for (int x = 0; x < a.getWidth(); x++) {
        int p = a.getRGB(x, y);
        int q = b.getRGB(x, y);
        for (int shift = 0; shift < 24; shift += 8) {
          sum += Math.abs((p >> shift & 0xFF) - (q >> shift & 0xFF));
        }
      }
    }
    return sum / (3.0 * a.getWidth() * a.getHeight());
  }
}
