package dev.hfsm.imaging;

import dev.hfsm.error.TransformationException;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Color;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Transformation;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.plugins.jpeg.JPEGImageWriteParam;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** Writes finished pictures as JPEG, PNG or WebP: pixels in sRGB and nothing else. */
final class Encoder {

  /** From this quality on colour is kept at full resolution. */
  private static final int FULL_COLOR_FROM = 91;

  private static final int MAX_JPEG_SIDE = 65_500;
  private static final int MAX_WEBP_SIDE = 16_383;

  private Encoder() {}

  static byte[] encode(Canvas canvas, Transformation recipe, Budget budget) throws IOException {
    Format format = recipe.format();
    return switch (format) {
      case JPEG -> {
        side(canvas, MAX_JPEG_SIDE, format);
        yield jpeg(canvas.over(Color.WHITE), recipe.quality(), budget);
      }
      case PNG -> write("png", canvas, null, budget);
      case WEBP -> {
        side(canvas, MAX_WEBP_SIDE, format);
        Canvas colored = canvas.withColor();
        yield WebpNative.encode(colored, recipe.quality());
      }
      case AUTO ->
          throw new IllegalArgumentException("format: expected a resolved one, found auto");
    };
  }

  private static void side(Canvas canvas, int most, Format format) {
    if (Math.max(canvas.width, canvas.height) > most) {
      throw new TransformationException(
          "%s: at most %d pixels on a side, the variant would be %d × %d"
              .formatted(format, most, canvas.width, canvas.height),
          null,
          false);
    }
  }

  private static byte[] jpeg(Canvas canvas, int quality, Budget budget) throws IOException {
    JPEGImageWriteParam param = new JPEGImageWriteParam(null);
    param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    param.setCompressionQuality(quality / 100f);
    param.setOptimizeHuffmanTables(true);
    return write("jpeg", canvas, param, budget);
  }

  private static byte[] write(
      String format, Canvas canvas, @Nullable ImageWriteParam param, Budget budget)
      throws IOException {
    BufferedImage image = image(canvas);
    ImageWriter writer = Readers.writer(format);
    try (HeapOutput out = new HeapOutput(budget)) {
      IIOMetadata metadata = null;
      if (param instanceof JPEGImageWriteParam jpeg
          && canvas.channels == 3
          && Math.round(jpeg.getCompressionQuality() * 100) >= FULL_COLOR_FROM) {
        metadata = fullColor(writer, image, jpeg);
      }
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, metadata), param);
      return out.toByteArray();
    } finally {
      writer.dispose();
    }
  }

  /** What the writer would do anyway, but with colour at the resolution of brightness. */
  private static IIOMetadata fullColor(
      ImageWriter writer, BufferedImage image, ImageWriteParam param) throws IOException {
    IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), param);
    String name = metadata.getNativeMetadataFormatName();
    Node root = metadata.getAsTree(name);
    NodeList components = ((Element) root).getElementsByTagName("componentSpec");
    for (int i = 0; i < components.getLength(); i++) {
      ((Element) components.item(i)).setAttribute("HsamplingFactor", "1");
      ((Element) components.item(i)).setAttribute("VsamplingFactor", "1");
    }
    metadata.setFromTree(name, root);
    return metadata;
  }

  private static BufferedImage image(Canvas canvas) {
    int n = canvas.channels;
    int[] offsets = n == 1 ? new int[] {0} : n == 3 ? new int[] {0, 1, 2} : new int[] {0, 1, 2, 3};
    WritableRaster raster =
        Raster.createInterleavedRaster(
            new DataBufferByte(canvas.data, canvas.data.length),
            canvas.width,
            canvas.height,
            canvas.width * n,
            n,
            offsets,
            null);
    ColorSpace space = ColorSpace.getInstance(n == 1 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB);
    ColorModel colors =
        new ComponentColorModel(
            space,
            n == 4,
            false,
            n == 4 ? ColorModel.TRANSLUCENT : ColorModel.OPAQUE,
            DataBuffer.TYPE_BYTE);
    return new BufferedImage(colors, raster, false, null);
  }
}
