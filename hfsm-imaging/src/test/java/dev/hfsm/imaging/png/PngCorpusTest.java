package dev.hfsm.imaging.png;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.imaging.ProcessorTime;
import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Our reader against the JDK's over the shared corpus. */
class PngCorpusTest {

  private static final PngLimits LIMITS = new PngLimits(50_000_000, 1_000_000);

  @Test
  void everySoundPngHasThePixelsThatTheJdkSees() throws IOException {
    int compared = 0;
    for (Path file : pngs("formats")) {
      BufferedImage expected = ImageIO.read(file.toFile());
      try (InputStream in = Files.newInputStream(file);
          PngReader reader = PngReader.open(in, LIMITS, () -> {})) {
        byte[] samples = PngTest.rows(reader);
        int[] ours = PngTest.visible(samples, reader.info().channels());
        int[] theirs = scaled(PngTest.argb(expected, 0), expected, reader.info());
        if (shade(reader)) {
          // The JDK compares the transparent shade with samples that it has scaled to 8 bits.
          ours = java.util.Arrays.stream(ours).map(c -> c | 0xFF << 24).toArray();
        }
        assertThat(hidden(ours)).as(file.toString()).isEqualTo(hidden(theirs));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(50);
  }

  @Test
  void everyOtherPngIsReadOrRefusedInTime() throws IOException {
    int read = 0;
    int refused = 0;
    for (Path file : pngs("bad")) {
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
        ProcessorTime time = new ProcessorTime();
        if (reads(in)) {
          read++;
        } else {
          refused++;
        }
        assertThat(time.millis()).as("%s", file).isLessThan(20_000);
      }
    }
    System.out.println("of the bad PNGs " + read + " could be read, " + refused + " refused");
    assertThat(refused).isGreaterThan(5);
  }

  private static boolean shade(PngReader reader) {
    return reader.info().channels() == 2 && reader.info().bitDepth() < 8;
  }

  /** With memory for a row only, as an interlaced one may be large. */
  private static boolean reads(InputStream in) throws IOException {
    try (PngReader reader = PngReader.open(in, LIMITS, () -> {})) {
      if (reader.bytes() > 60_000_000) {
        return false;
      }
      byte[] row = new byte[reader.info().width() * reader.info().channels()];
      int rows = 0;
      while (reader.row(row, 0)) {
        rows++;
      }
      assertThat(rows).isEqualTo(reader.info().height());
      return true;
    } catch (PngException e) {
      assertThat(e.getMessage()).isNotBlank();
      return false;
    }
  }

  /** The JDK keeps grey of fewer than 8 bits as it is. */
  private static int[] scaled(int[] argb, BufferedImage image, PngInfo info) {
    boolean indexed = image.getColorModel() instanceof java.awt.image.IndexColorModel;
    int depth = image.getColorModel().getComponentSize(0);
    if (!indexed && depth < 8 && info.bitDepth() < 8) {
      for (int i = 0; i < argb.length; i++) {
        argb[i] = 0xFF << 24 | (argb[i] & 0xFF) * (255 / ((1 << depth) - 1)) * 0x10101;
      }
    }
    return argb;
  }

  /** What cannot be seen may have any colour. */
  private static int[] hidden(int[] argb) {
    for (int i = 0; i < argb.length; i++) {
      argb[i] = argb[i] >>> 24 == 0 ? 0 : argb[i];
    }
    return argb;
  }

  private static List<Path> pngs(String folder) throws IOException {
    String told = System.getProperty("HFSM_CORPUS", System.getenv("HFSM_CORPUS"));
    Path root =
        told != null ? Path.of(told) : Path.of("").toAbsolutePath().resolve("../../shared/corpus");
    if (!Files.isDirectory(root)) {
      System.out.println("SKIPPED: no test corpus beside the project, and HFSM_CORPUS is not set");
    }
    Assumptions.assumeTrue(Files.isDirectory(root), "no test corpus");
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root.resolve(folder))) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        if (Files.isRegularFile(file) && startsAsPng(file)) {
          found.add(file);
        }
      }
    }
    return found;
  }

  private static boolean startsAsPng(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(4);
      return head.length == 4 && head[0] == (byte) 0x89 && head[1] == 'P' && head[2] == 'N';
    }
  }
}
