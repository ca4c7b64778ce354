package dev.hfsm.imaging.gif;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** An animation as the JDK's own decoder reads it, composed here from what that says of frames. */
public final class ReferenceGif {

  /**
   * One picture of it.
   *
   * @param argb of the whole canvas; 0 is transparent
   */
  public record Shown(int width, int height, int[] argb, int delay, String disposal) {}

  private ReferenceGif() {}

  /** All pictures. */
  public static List<Shown> frames(byte[] gif) {
    return frames(gif, Integer.MAX_VALUE);
  }

  /** How many pictures there are. */
  public static int count(byte[] gif) {
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    try {
      reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(gif)), false, true);
      return reader.getNumImages(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      reader.dispose();
    }
  }

  /** The first pictures. */
  public static List<Shown> frames(byte[] gif, int most) {
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    try {
      reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(gif)), false, false);
      Element screen =
          child(
              reader.getStreamMetadata(),
              "LogicalScreenDescriptor",
              "javax_imageio_gif_stream_1.0");
      int width = number(screen, "logicalScreenWidth");
      int height = number(screen, "logicalScreenHeight");
      List<Shown> frames = new ArrayList<>();
      int[] canvas = new int[width * height];
      for (int i = 0; i < Math.min(most, reader.getNumImages(true)); i++) {
        canvas = next(reader, i, width, height, canvas, frames);
      }
      return frames;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      reader.dispose();
    }
  }

  private static int[] next(
      ImageReader reader, int i, int width, int height, int[] before, List<Shown> frames)
      throws IOException {
    BufferedImage image = reader.read(i);
    IIOMetadata metadata = reader.getImageMetadata(i);
    Element place = child(metadata, "ImageDescriptor", "javax_imageio_gif_image_1.0");
    Element control = child(metadata, "GraphicControlExtension", "javax_imageio_gif_image_1.0");
    int left = number(place, "imageLeftPosition");
    int top = number(place, "imageTopPosition");
    int[] canvas = before.clone();
    int[] blank = before.clone();
    for (int y = 0; y < image.getHeight() && top + y < height; y++) {
      for (int x = 0; x < image.getWidth() && left + x < width; x++) {
        int color = image.getRGB(x, y);
        int at = (top + y) * width + left + x;
        canvas[at] = color >>> 24 == 0 ? canvas[at] : color;
        blank[at] = 0;
      }
    }
    String disposal = control == null ? "none" : control.getAttribute("disposalMethod");
    int delay = control == null ? 0 : number(control, "delayTime");
    frames.add(new Shown(width, height, canvas, delay, disposal));
    return switch (disposal) {
      case "restoreToBackgroundColor" -> blank;
      case "restoreToPrevious" -> before;
      default -> Arrays.copyOf(canvas, canvas.length);
    };
  }

  private static int number(Element element, String name) {
    return Integer.parseInt(element.getAttribute(name));
  }

  private static @org.jspecify.annotations.Nullable Element child(
      IIOMetadata metadata, String name, String format) {
    NodeList all = metadata.getAsTree(format).getChildNodes();
    for (int i = 0; i < all.getLength(); i++) {
      Node node = all.item(i);
      if (node.getNodeName().equals(name)) {
        return (Element) node;
      }
    }
    return null;
  }
}
