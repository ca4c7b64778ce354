package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.error.HfsmException;
import dev.hfsm.imaging.color.ColorConverter;
import dev.hfsm.imaging.color.JdkColors;
import dev.hfsm.imaging.color.LutConverter;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The profiles that real pictures carry, ours against the colour engine of the JDK. */
class ColorCorpusTest {

  /** By content, each with the name of one picture. */
  private static Map<List<Byte>, Path> profiles(Path root) throws Exception {
    Map<List<Byte>, Path> found = new HashMap<>();
    for (String folder : List.of("photos", "formats", "orientation", "neardup")) {
      try (var files = Files.walk(root.resolve(folder))) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          icc(file).ifPresent(icc -> found.putIfAbsent(boxed(icc), file));
        }
      }
    }
    return found;
  }

  private static Optional<byte[]> icc(Path file) {
    Optional<MediaType> type = Corpus.sniff(file).filter(Headers::decodes);
    if (type.isEmpty()) {
      return Optional.empty();
    }
    try (Bytes in = new Bytes(file, new TestBudget())) {
      return Optional.ofNullable(Headers.read(in, type.get(), Limits.DEFAULT).icc());
    } catch (Malformed | HfsmException e) {
      return Optional.empty();
    }
  }

  private static List<Byte> boxed(byte[] bytes) {
    Byte[] boxed = new Byte[bytes.length];
    Arrays.setAll(boxed, i -> bytes[i]);
    return List.of(boxed);
  }

  @Test
  void profilesOfRealPicturesAreConvertedAsByTheColourEngineOfTheJdk() throws Exception {
    Path root = Corpus.rootOrSkip();
    int compared = 0;
    for (Map.Entry<List<Byte>, Path> entry : profiles(root).entrySet()) {
      byte[] icc = new byte[entry.getKey().size()];
      for (int i = 0; i < icc.length; i++) {
        icc[i] = entry.getKey().get(i);
      }
      Optional<ColorConverter> converter = ColorConverter.of(icc);
      if (converter.isEmpty()) {
        continue;
      }
      int channels = converter.get().grey() ? 1 : 3;
      byte[] samples = samples(channels);
      byte[] expected = JdkColors.toSrgb(icc, samples, channels);
      byte[] own = samples.clone();
      converter.get().bytes(own, 0, own.length / channels, channels);
      long sum = 0;
      int most = 0;
      for (int i = 0; i < own.length; i++) {
        int d = Math.abs((own[i] & 0xFF) - (expected[i / channels * 3 + i % channels] & 0xFF));
        sum += d;
        most = Math.max(most, d);
      }
      double mean = (double) sum / own.length;
      System.out.printf(
          "%s: %d bytes of ICC, mean %.3f, most %d%n",
          root.relativize(entry.getValue()), icc.length, mean, most);
      assertThat(most).as(entry.getValue().toString()).isLessThanOrEqualTo(MOST);
      assertThat(mean).as(entry.getValue().toString()).isLessThan(MEAN);
      compared++;
    }
    assertThat(compared).isGreaterThan(3);
  }

  @Test
  void lookUpTablesOfRealPicturesAreAppliedAsByTheColourEngineOfTheJdk() throws Exception {
    Path root = Corpus.rootOrSkip();
    int compared = 0;
    for (Map.Entry<List<Byte>, Path> entry : profiles(root).entrySet()) {
      byte[] icc = new byte[entry.getKey().size()];
      for (int i = 0; i < icc.length; i++) {
        icc[i] = entry.getKey().get(i);
      }
      Optional<LutConverter> converter = LutConverter.of(icc);
      if (ColorConverter.of(icc).isPresent() || converter.isEmpty()) {
        continue;
      }
      int channels = converter.get().channels();
      byte[] samples = channels == 4 ? inks() : samples(channels);
      byte[] expected = JdkColors.toSrgb(icc, samples, channels);
      byte[] own = new byte[expected.length];
      long start = System.nanoTime();
      converter.get().bytes(samples, 0, channels, own, 0, 3, own.length / 3);
      long nanos = System.nanoTime() - start;
      long sum = 0;
      int most = 0;
      for (int i = 0; i < own.length; i++) {
        int d = Math.abs((own[i] & 0xFF) - (expected[i] & 0xFF));
        sum += d;
        most = Math.max(most, d);
      }
      double mean = (double) sum / own.length;
      System.out.printf(
          "%s: %d bytes of ICC, %d channels, mean %.3f, most %d, %d ns/pixel%n",
          root.relativize(entry.getValue()),
          icc.length,
          channels,
          mean,
          most,
          nanos / (own.length / 3));
      assertThat(mean).as(entry.getValue().toString()).isLessThan(MEAN_OF_TABLES);
      assertThat(most).as(entry.getValue().toString()).isLessThanOrEqualTo(MOST_OF_TABLES);
      compared++;
    }
    assertThat(compared).isGreaterThan(0);
  }

  /** The JDK brings tables to a size of its own before it uses them; here they are as they are. */
  private static final int MOST_OF_TABLES = 2;

  private static final double MEAN_OF_TABLES = 0.1;

  /** Every seventeenth value of every ink. */
  private static byte[] inks() {
    byte[] samples = new byte[4 * 16 * 16 * 16 * 16];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (17 * (i / 4 >> 4 * (i % 4) & 15));
    }
    return samples;
  }

  /** What one sample may differ by: the JDK rounds between its stages. */
  private static final int MOST = 2;

  private static final double MEAN = 0.05;

  /** Every fifth value of every channel. */
  private static byte[] samples(int channels) {
    int n = channels == 1 ? 256 : 52 * 52 * 52;
    byte[] samples = new byte[channels * n];
    for (int i = 0; i < n; i++) {
      if (channels == 1) {
        samples[i] = (byte) i;
      } else {
        samples[3 * i] = (byte) (5 * (i % 52));
        samples[3 * i + 1] = (byte) (5 * (i / 52 % 52));
        samples[3 * i + 2] = (byte) (5 * (i / 2704));
      }
    }
    return samples;
  }
}
