package dev.hfsm.benchmarks;

import dev.hfsm.imaging.ImageTransformer;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Alpha;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import net.coobird.thumbnailator.Thumbnails;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A JPEG of 12 megapixels to one of 800 pixels at quality 80, from a file to an array, on one
 * thread. ImageIO is as fast as the JPEG library the JDK was built with, so the JDK is printed.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 3, time = 5)
public class ResizeBenchmark {

  private static final int WIDTH = 800;
  private static final int HEIGHT = 600;
  private static final float QUALITY = 0.8f;

  /** Five samples become one: 4000 pixels become exactly 800. */
  private static final int SUBSAMPLING = 5;

  private final ImageTransformer transformer = new ImageTransformer();
  private final GenerousBudget budget = new GenerousBudget();
  private final Transformation recipe =
      Transformation.image()
          .inside(WIDTH, WIDTH)
          .quality(80)
          .format(Format.JPEG)
          .resolve(MediaType.JPEG, Alpha.ABSENT);

  private Workbench bench;
  private Path picture;

  /** Paints the picture, and checks that every contender makes what is asked for. */
  @Setup
  public void prepare() throws IOException {
    ImageIO.setUseCache(false);
    bench = new Workbench();
    picture = bench.folder().resolve("landscape.jpg");
    Landscape.paint(picture);
    System.out.printf(
        "%n# source: %d bytes; JDK: %s %s by %s%n",
        picture.toFile().length(),
        System.getProperty("java.vm.name"),
        System.getProperty("java.vm.version"),
        System.getProperty("java.vendor"));
    for (byte[] made : List.of(hfsm(), thumbnailator(), imageIoFull(), imageIoSubsampled())) {
      Landscape.check(made, WIDTH, HEIGHT);
    }
  }

  /** Removes the picture. */
  @TearDown
  public void clear() throws IOException {
    bench.close();
  }

  /** HFSM's engine. */
  @Benchmark
  public byte[] hfsm() throws IOException {
    Source source = new Source(MediaType.JPEG, Facts.NONE, picture);
    try (InputStream made =
        transformer.render(source, List.of(recipe), budget).get(0).content().open()) {
      return made.readAllBytes();
    }
  }

  /** Thumbnailator as its manual shows it. */
  @Benchmark
  public byte[] thumbnailator() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Thumbnails.of(picture.toFile())
        .size(WIDTH, WIDTH)
        .outputFormat("jpg")
        .outputQuality(QUALITY)
        .toOutputStream(out);
    return out.toByteArray();
  }

  /** ImageIO: decode everything, draw it smaller with bilinear interpolation. */
  @Benchmark
  public byte[] imageIoFull() throws IOException {
    BufferedImage small = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = small.createGraphics();
    pen.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    pen.drawImage(ImageIO.read(picture.toFile()), 0, 0, WIDTH, HEIGHT, null);
    pen.dispose();
    return Landscape.jpeg(small, QUALITY);
  }

  /** ImageIO: keep one sample of 25 while decoding; fast, and rough to look at. */
  @Benchmark
  public byte[] imageIoSubsampled() throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(picture.toFile())) {
      reader.setInput(in, true, true);
      ImageReadParam how = reader.getDefaultReadParam();
      how.setSourceSubsampling(SUBSAMPLING, SUBSAMPLING, 0, 0);
      return Landscape.jpeg(reader.read(0, how), QUALITY);
    } finally {
      reader.dispose();
    }
  }
}
