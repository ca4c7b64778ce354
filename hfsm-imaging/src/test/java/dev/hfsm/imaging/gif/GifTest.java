package dev.hfsm.imaging.gif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import org.junit.jupiter.api.Test;

/** GIF in and out, each against the JDK's own reader or writer. */
class GifTest {

  private static final Runnable UNCHECKED = () -> {};

  /** A frame to be written by the JDK. */
  private record Wanted(int left, int top, BufferedImage image, String disposal, int delay) {}

  private static GifInput input(byte[] bytes) {
    return new GifInput() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public int read(long at, byte[] into, int length) {
        int n = (int) Math.min(length, bytes.length - at);
        System.arraycopy(bytes, (int) at, into, 0, n);
        return n;
      }
    };
  }

  private static GifFile open(byte[] gif) throws GifException {
    return GifFile.open(input(gif), 1000, 1 << 24, UNCHECKED);
  }

  private static List<int[]> played(byte[] gif) throws GifException {
    GifPlayer player = new GifPlayer(open(gif), UNCHECKED);
    List<int[]> frames = new ArrayList<>();
    while (player.next()) {
      frames.add(player.canvas().clone());
    }
    return frames;
  }

  private static byte[] written(int width, int height, List<int[]> frames, OptionalInt loops)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    GifWriter writer = new GifWriter(width, height, loops, out, UNCHECKED);
    for (int i = 0; i < frames.size(); i++) {
      byte[] rgba = new byte[4 * width * height];
      for (int p = 0; p < width * height; p++) {
        int color = frames.get(i)[p];
        rgba[4 * p] = (byte) (color >> 16);
        rgba[4 * p + 1] = (byte) (color >> 8);
        rgba[4 * p + 2] = (byte) color;
        rgba[4 * p + 3] = (byte) (color >>> 24);
      }
      writer.frame(rgba, i + 1);
    }
    writer.finish();
    return out.toByteArray();
  }

  private static byte[] byTheJdk(int width, int height, List<Wanted> frames, boolean interlaced)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      IIOMetadata head = writer.getDefaultStreamMetadata(null);
      IIOMetadataNode screen = new IIOMetadataNode("javax_imageio_gif_stream_1.0");
      IIOMetadataNode size = new IIOMetadataNode("LogicalScreenDescriptor");
      size.setAttribute("logicalScreenWidth", "" + width);
      size.setAttribute("logicalScreenHeight", "" + height);
      size.setAttribute("colorResolution", "8");
      size.setAttribute("pixelAspectRatio", "0");
      screen.appendChild(size);
      head.mergeTree("javax_imageio_gif_stream_1.0", screen);
      writer.prepareWriteSequence(head);
      for (Wanted frame : frames) {
        IIOMetadata metadata =
            writer.getDefaultImageMetadata(new ImageTypeSpecifier(frame.image()), null);
        metadata.mergeTree("javax_imageio_gif_image_1.0", described(frame, metadata, interlaced));
        writer.writeToSequence(new IIOImage(frame.image(), null, metadata), null);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  private static IIOMetadataNode described(Wanted frame, IIOMetadata metadata, boolean interlaced) {
    IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree("javax_imageio_gif_image_1.0");
    IIOMetadataNode place = child(root, "ImageDescriptor");
    place.setAttribute("imageLeftPosition", "" + frame.left());
    place.setAttribute("imageTopPosition", "" + frame.top());
    place.setAttribute("interlaceFlag", interlaced ? "TRUE" : "FALSE");
    IIOMetadataNode control = child(root, "GraphicControlExtension");
    control.setAttribute("disposalMethod", frame.disposal());
    control.setAttribute("delayTime", "" + frame.delay());
    return root;
  }

  private static IIOMetadataNode child(IIOMetadataNode root, String name) {
    for (int i = 0; i < root.getLength(); i++) {
      if (root.item(i).getNodeName().equals(name)) {
        return (IIOMetadataNode) root.item(i);
      }
    }
    throw new AssertionError(name);
  }

  /** Random indices of a random palette whose entry 0 is transparent. */
  private static BufferedImage indexed(Random random, int width, int height, int bits) {
    int colors = 1 << bits;
    int[] palette = random.ints(colors, 0, 1 << 24).map(c -> c | 0xFF000000).toArray();
    palette[0] = 0;
    IndexColorModel model =
        new IndexColorModel(8, colors, palette, 0, true, 0, java.awt.image.DataBuffer.TYPE_BYTE);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model);
    int index = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        index = random.nextInt(3) == 0 ? random.nextInt(colors) : index;
        image.getRaster().setSample(x, y, 0, index);
      }
    }
    return image;
  }

  @Test
  void showsWhatTheJdkReadsWhateverDisposalPaletteAndPlace() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    String[] disposals = {"none", "doNotDispose", "restoreToBackgroundColor", "restoreToPrevious"};
    for (int round = 0; round < 60; round++) {
      int width = 1 + random.nextInt(90);
      int height = 1 + random.nextInt(90);
      List<Wanted> frames = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(6); i++) {
        int w = 1 + random.nextInt(width);
        int h = 1 + random.nextInt(height);
        frames.add(
            new Wanted(
                random.nextInt(width - w + 1),
                random.nextInt(height - h + 1),
                indexed(random, w, h, 1 + random.nextInt(8)),
                disposals[random.nextInt(4)],
                random.nextInt(300)));
      }
      // The JDK's own reader misplaces rows of interlaced frames of at most four rows.
      boolean high = frames.stream().allMatch(f -> f.image().getHeight() > 4);
      byte[] gif = byTheJdk(width, height, frames, high && random.nextBoolean());
      List<int[]> played = played(gif);
      List<ReferenceGif.Shown> expected = ReferenceGif.frames(gif);
      assertThat(played).hasSameSizeAs(expected);
      for (int i = 0; i < played.size(); i++) {
        assertThat(played.get(i)).as("frame " + i).isEqualTo(expected.get(i).argb());
      }
    }
  }

  @Test
  void rowsOfInterlacedFramesOfAnyHeightStandWhereTheyBelong() throws Exception {
    Random random = new Random(1);
    for (int height = 1; height < 40; height++) {
      BufferedImage image = indexed(random, 7, height, 5);
      byte[] gif = byTheJdk(7, height, List.of(new Wanted(0, 0, image, "none", 0)), true);
      int[] expected = image.getRGB(0, 0, 7, height, null, 0, 7);
      assertThat(played(gif).get(0)).as("height " + height).isEqualTo(expected);
    }
  }

  @Test
  void theJdkReadsWhatWasWrittenPixelByPixelWhereColoursAreFew() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      int width = 1 + random.nextInt(120);
      int height = 1 + random.nextInt(120);
      int[] palette = random.ints(1 + random.nextInt(255), 0, 1 << 24).toArray();
      List<int[]> frames = new ArrayList<>();
      int[] canvas = new int[width * height];
      for (int i = 0; i < 1 + random.nextInt(6); i++) {
        for (int k = random.nextInt(2 * width * height); k > 0; k--) {
          int color = palette[random.nextInt(palette.length)];
          canvas[random.nextInt(canvas.length)] =
              random.nextInt(4) > 0 ? 0xFF000000 | color : random.nextInt(20) == 0 ? 0 : canvas[0];
        }
        frames.add(canvas.clone());
      }
      byte[] gif = written(width, height, frames, OptionalInt.of(3));
      List<ReferenceGif.Shown> read = ReferenceGif.frames(gif);
      List<int[]> own = played(gif);
      assertThat(read).hasSameSizeAs(frames);
      for (int i = 0; i < frames.size(); i++) {
        assertThat(read.get(i).argb()).as("frame " + i).isEqualTo(frames.get(i));
        assertThat(own.get(i)).as("frame " + i).isEqualTo(frames.get(i));
        assertThat(read.get(i).delay()).isEqualTo(i + 1);
      }
      assertThat(open(gif).loops()).hasValue(3);
    }
  }

  @Test
  void codesNoiseThatFillsTheTableManyTimes() throws Exception {
    Random random = new Random(7);
    int[] canvas =
        IntStream.range(0, 400 * 300).map(i -> 0xFF000000 | random.nextInt(256)).toArray();
    byte[] gif = written(400, 300, List.of(canvas), OptionalInt.empty());
    assertThat(ReferenceGif.frames(gif).get(0).argb()).isEqualTo(canvas);
    assertThat(played(gif).get(0)).isEqualTo(canvas);
    assertThat(gif.length).isLessThan(400 * 300 * 8 / 5 + 1000);
    assertThat(open(gif).loops()).isEmpty();
  }

  @Test
  void aPhotoIsQuantisedCloselyAndTheSameEachTime() throws Exception {
    int side = 256;
    int[] canvas =
        IntStream.range(0, side * side)
            .map(
                i -> {
                  int x = i % side;
                  int y = i / side;
                  int wave = (int) (60 * Math.sin(x / 17.0) * Math.cos(y / 23.0));
                  return 0xFF000000 | x << 16 | y << 8 | Math.max(0, 128 + wave);
                })
            .toArray();
    byte[] gif = written(side, side, List.of(canvas), OptionalInt.empty());
    int[] read = ReferenceGif.frames(gif).get(0).argb();
    double error = 0;
    for (int i = 0; i < canvas.length; i++) {
      for (int shift = 0; shift < 24; shift += 8) {
        int d = (canvas[i] >> shift & 0xFF) - (read[i] >> shift & 0xFF);
        error += d * d;
      }
    }
    // Root of the mean square; 256 boxes of equal size would give 9.
    assertThat(Math.sqrt(error / (3.0 * canvas.length))).isLessThan(8);
    assertThat(written(side, side, List.of(canvas), OptionalInt.empty())).isEqualTo(gif);
  }

  @Test
  void theFirstFrameIsTheWholePictureHoweverMuchOfItIsTransparent() throws Exception {
    int[] dot = new int[90 * 70];
    dot[30 * 90 + 40] = 0xFFFF0000;
    byte[] gif = written(90, 70, List.of(dot), OptionalInt.empty());
    BufferedImage read = javax.imageio.ImageIO.read(new java.io.ByteArrayInputStream(gif));
    assertThat(read.getWidth()).isEqualTo(90);
    assertThat(read.getHeight()).isEqualTo(70);
    assertThat(read.getRGB(40, 30)).isEqualTo(0xFFFF0000);
    assertThat(read.getRGB(0, 0) >>> 24).isZero();
  }

  @Test
  void storesOnlyWhatChanges() throws Exception {
    Random random = new Random(3);
    int[] noise = IntStream.range(0, 200 * 200).map(i -> 0xFF000000 | random.nextInt(64)).toArray();
    int[] moved = noise.clone();
    Arrays.fill(moved, 4020, 4030, 0xFFFFFFFF);
    byte[] one = written(200, 200, List.of(noise), OptionalInt.of(0));
    byte[] three = written(200, 200, List.of(noise, moved, moved), OptionalInt.of(0));
    assertThat(three.length - one.length).isLessThan(150);
    assertThat(ReferenceGif.frames(three).get(2).argb()).isEqualTo(moved);
  }

  @Test
  void damageEndsAnAnimationAndRefusesAFirstFrame() throws Exception {
    Random random = new Random(5);
    int[] a = IntStream.range(0, 2500).map(i -> 0xFF000000 | random.nextInt(200)).toArray();
    int[] b = IntStream.range(0, 2500).map(i -> 0xFF000000 | random.nextInt(200)).toArray();
    byte[] one = written(50, 50, List.of(a), OptionalInt.empty());
    byte[] two = written(50, 50, List.of(a, b), OptionalInt.empty());
    assertThat(played(Arrays.copyOf(two, one.length + 300))).hasSize(1);
    assertThatThrownBy(() -> played(Arrays.copyOf(two, one.length / 2)))
        .isInstanceOf(GifException.class)
        .hasMessageContaining("truncated");
    assertThatThrownBy(() -> open(new byte[50])).hasMessageContaining("start as a GIF");
  }

  @Test
  void whateverIsChangedInAFileThereIsAnAnswer() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<Wanted> frames =
        List.of(
            new Wanted(0, 0, indexed(random, 40, 40, 8), "none", 4),
            new Wanted(5, 5, indexed(random, 20, 30, 3), "restoreToPrevious", 4),
            new Wanted(9, 9, indexed(random, 9, 9, 4), "restoreToBackgroundColor", 4));
    byte[] gif = byTheJdk(40, 40, frames, true);
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] broken = gif.clone();
      for (int k = 0; k <= random.nextInt(4); k++) {
        broken[13 + random.nextInt(gif.length - 13)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(played(broken).get(0)).hasSize(1600);
      } catch (GifException e) {
        refused++;
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    assertThat(refused).isBetween(1, 2999);
  }
}
