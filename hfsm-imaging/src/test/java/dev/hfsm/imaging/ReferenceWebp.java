package dev.hfsm.imaging;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.AlphaComposite;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Reads a WebP's chunks by their definition, and plays frames that an independent reader reads. */
final class ReferenceWebp {

  /** A chunk and where its contents lie. */
  record Chunk(String name, int at, int length) {}

  /** A frame as it is stored. */
  record Frame(int left, int top, int width, int height, int millis, int flags, Chunk chunk) {}

  final byte[] file;
  private final ByteBuffer in;

  ReferenceWebp(byte[] file) {
    this.file = file;
    this.in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getInt(4) != file.length - 8) {
      throw new AssertionError("the length of the file is wrong");
    }
  }

  List<Chunk> chunks() {
    return chunks(12, file.length);
  }

  List<Chunk> chunks(int from, int to) {
    List<Chunk> chunks = new ArrayList<>();
    for (int at = from; at < to; ) {
      String name = new String(file, at, 4, StandardCharsets.US_ASCII);
      int length = in.getInt(at + 4);
      chunks.add(new Chunk(name, at + 8, length));
      at += 8 + length + (length & 1);
    }
    return chunks;
  }

  List<String> names() {
    return chunks().stream().map(Chunk::name).distinct().toList();
  }

  private Chunk only(String name) {
    return chunks().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  int flags() {
    return file[only("VP8X").at()];
  }

  int width() {
    return u24(only("VP8X").at() + 4) + 1;
  }

  int height() {
    return u24(only("VP8X").at() + 7) + 1;
  }

  int plays() {
    return in.getShort(only("ANIM").at() + 4) & 0xFFFF;
  }

  byte[] contents(String name) {
    Chunk chunk = only(name);
    return java.util.Arrays.copyOfRange(file, chunk.at(), chunk.at() + chunk.length());
  }

  private int u24(int at) {
    return in.getShort(at) & 0xFFFF | (file[at + 2] & 0xFF) << 16;
  }

  List<Frame> frames() {
    return chunks().stream()
        .filter(c -> c.name().equals("ANMF"))
        .map(
            c ->
                new Frame(
                    2 * u24(c.at()),
                    2 * u24(c.at() + 3),
                    u24(c.at() + 6) + 1,
                    u24(c.at() + 9) + 1,
                    u24(c.at() + 12),
                    file[c.at() + 15],
                    c))
        .toList();
  }

  /** What is seen, frame by frame. */
  List<BufferedImage> shown() {
    List<BufferedImage> shown = new ArrayList<>();
    BufferedImage canvas = new BufferedImage(width(), height(), BufferedImage.TYPE_INT_ARGB);
    List<Frame> frames = frames();
    for (int i = 0; i < frames.size(); i++) {
      Frame frame = frames.get(i);
      Graphics2D pen = canvas.createGraphics();
      pen.setComposite((frame.flags() & 2) == 0 ? AlphaComposite.SrcOver : AlphaComposite.Src);
      pen.drawImage(read(i), frame.left(), frame.top(), null);
      BufferedImage copy = new BufferedImage(width(), height(), BufferedImage.TYPE_INT_ARGB);
      copy.setData(canvas.getData());
      shown.add(copy);
      if ((frame.flags() & 1) != 0) {
        pen.setComposite(AlphaComposite.Clear);
        pen.fillRect(frame.left(), frame.top(), frame.width(), frame.height());
      }
      pen.dispose();
    }
    return shown;
  }

  private BufferedImage read(int index) {
    try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      ImageReader reader = new WebPImageReaderSpi().createReaderInstance();
      reader.setInput(input);
      BufferedImage image = reader.read(index);
      reader.dispose();
      return image;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
