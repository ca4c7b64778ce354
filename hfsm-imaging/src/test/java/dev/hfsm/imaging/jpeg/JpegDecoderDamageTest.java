package dev.hfsm.imaging.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.imaging.ProcessorTime;
import dev.hfsm.imaging.jpeg.JpegException.Reason;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whatever the bytes are, the answer is samples or the one exception, in time. */
class JpegDecoderDamageTest {

  private static final long MAX_BYTES = 60_000_000;
  private static final long MAX_MILLIS = 10_000;

  private static final JpegSink NOWHERE = (plane, y, rows, samples, stride) -> {};

  /** What became of it; anything but an answer or a {@link JpegException} comes out. */
  private static String answer(byte[] bytes) {
    try {
      JpegDecoder decoder = JpegDecoder.open(JpegInput.of(bytes), 100);
      JpegFrame frame = decoder.frame();
      List<JpegOutput> outputs = new ArrayList<>();
      for (JpegScale scale : JpegScale.values()) {
        outputs.add(JpegOutput.of(frame, scale, NOWHERE));
      }
      if ((long) frame.width() * frame.height() > 50_000_000L) {
        return "large";
      }
      while (decoder.bytesNeeded(outputs) > MAX_BYTES && outputs.size() > 1) {
        outputs.remove(outputs.size() - 1);
      }
      return decoder.decode(outputs, () -> {}) == 0 ? "decoded" : "damaged";
    } catch (JpegException e) {
      assertThat(e.getMessage()).isNotBlank();
      return e.reason().toString();
    }
  }

  @Test
  void everyHostileFileOfTheCorpusIsAnswered() throws Exception {
    Map<String, Integer> answers = new TreeMap<>();
    List<String> report = new ArrayList<>();
    for (Path file : JpegFiles.corpus("bad", "formats", "neardup")) {
      byte[] bytes = Files.readAllBytes(file);
      ProcessorTime time = new ProcessorTime();
      String answer = answer(bytes);
      long ms = time.millis();
      assertThat(ms).as(file + " ms").isLessThan(MAX_MILLIS);
      if (JpegFiles.looksLikeJpeg(bytes)) {
        answers.merge(answer, 1, Integer::sum);
        report.add(ms + "\t" + answer + "\t" + file);
      }
    }
    Files.write(Path.of("target/jpeg-answers.tsv"), report);
    System.out.println("hostile files: " + answers);
    assertThat(answers.keySet()).contains("decoded", "CORRUPT", "TRUNCATED", "SCANS", "ARITHMETIC");
  }

  @Test
  void truncatedPhotosOfTheCorpusAreRefused() throws Exception {
    for (Path file : JpegFiles.corpus("bad/truncated")) {
      if (file.toString().endsWith(".jpg")) {
        assertThat(answer(Files.readAllBytes(file)))
            .as(file.toString())
            .isIn("TRUNCATED", "CORRUPT");
      }
    }
  }

  @Test
  void randomDamageIsAnsweredTheSameAtEveryScale() throws Exception {
    long seed = System.nanoTime();
    System.out.println("damage seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Integer> answers = new TreeMap<>();
    for (int i = 0; i < 60; i++) {
      BufferedImage image = JpegFiles.picture(random, 100, 80, BufferedImage.TYPE_3BYTE_BGR);
      byte[] good = JpegFiles.written(image, 0.8f, 2, 1, i % 2 * 5, i % 3 == 0);
      for (int j = 0; j < 60; j++) {
        byte[] bad = good.clone();
        int from = random.nextInt(3) == 0 ? 0 : good.length / 3;
        for (int n = random.nextInt(4); n >= 0; n--) {
          bad[random.nextInt(from, bad.length)] = (byte) random.nextInt();
        }
        if (random.nextInt(5) == 0) {
          bad = Arrays.copyOf(bad, random.nextInt(bad.length));
        }
        answers.merge(answer(bad), 1, Integer::sum);
      }
    }
    System.out.println("damaged files: " + answers);
    assertThat(answers.keySet()).contains("decoded", "damaged", "CORRUPT", "TRUNCATED");
  }

  private static byte[] small(int across, int interval, boolean progressive) throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    BufferedImage image = JpegFiles.picture(random, 64, 48, BufferedImage.TYPE_3BYTE_BGR);
    return JpegFiles.written(image, 0.8f, across, 1, interval, progressive);
  }

  /** Where the FF of a marker is. */
  private static int marker(byte[] jpeg, int marker) {
    int at = 2;
    while ((jpeg[at + 1] & 0xFF) != marker) {
      at += 2 + ((jpeg[at + 2] & 0xFF) << 8 | jpeg[at + 3] & 0xFF);
    }
    return at;
  }

  private static void assertRefused(byte[] jpeg, Reason reason, String message) {
    assertThatThrownBy(
            () -> {
              JpegDecoder decoder = JpegDecoder.open(JpegInput.of(jpeg), 100);
              JpegOutput output = JpegOutput.of(decoder.frame(), JpegScale.QUARTER, NOWHERE);
              decoder.decode(List.of(output), () -> {});
            })
        .isInstanceOf(JpegException.class)
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(((JpegException) e).reason()).isEqualTo(reason));
  }

  private static byte[] with(byte[] jpeg, int at, int value) {
    byte[] changed = jpeg.clone();
    changed[at] = (byte) value;
    return changed;
  }

  @Test
  void kindsThatAreNotDecodedAreNamed() throws Exception {
    byte[] jpeg = small(2, 0, false);
    int frame = marker(jpeg, 0xC0);
    assertRefused(with(jpeg, frame + 1, 0xC9), Reason.ARITHMETIC, "arithmetic-coded JPEG");
    assertRefused(with(jpeg, frame + 1, 0xCA), Reason.ARITHMETIC, "arithmetic-coded JPEG");
    assertRefused(with(jpeg, frame + 1, 0xC3), Reason.LOSSLESS, "lossless JPEG");
    assertRefused(with(jpeg, frame + 1, 0xC5), Reason.HIERARCHICAL, "hierarchical JPEG");
    assertRefused(with(jpeg, frame + 4, 12), Reason.PRECISION, "12-bit JPEG");
  }

  @Test
  void numbersThatDecodingReliesOnAreChecked() throws Exception {
    byte[] jpeg = small(2, 0, false);
    int frame = marker(jpeg, 0xC0);
    int scan = marker(jpeg, 0xDA);
    int codes = marker(jpeg, 0xC4);
    assertRefused(new byte[0], Reason.CORRUPT, "does not start as a JPEG");
    assertRefused(with(jpeg, frame + 6, 0), Reason.CORRUPT, "64 × 0 pixels");
    assertRefused(with(jpeg, frame + 11, 0x50), Reason.CORRUPT, "sampling factors 5 × 0");
    assertRefused(with(jpeg, frame + 12, 9), Reason.CORRUPT, "table 9");
    assertRefused(with(jpeg, frame + 9, 7), Reason.CORRUPT, "frame header is 15 bytes");
    assertRefused(with(jpeg, scan + 5, 99), Reason.CORRUPT, "a scan has component 99");
    assertRefused(with(jpeg, scan + 6, 0x33), Reason.CORRUPT, "table 3 for differences is missing");
    assertRefused(with(jpeg, codes + 5, 9), Reason.CORRUPT, "Huffman table");
    assertRefused(with(jpeg, codes + 3, 1), Reason.CORRUPT, "at least 2");
  }

  @Test
  void aPictureOfWhichAPartIsMissingIsRefused() throws Exception {
    for (boolean progressive : new boolean[] {false, true}) {
      for (int interval : new int[] {0, 3}) {
        byte[] jpeg = small(2, interval, progressive);
        int scan = marker(jpeg, 0xDA);
        for (int length = 0; length < jpeg.length - 3; length += 7) {
          byte[] cut = Arrays.copyOf(jpeg, length);
          String answer = answer(cut);
          assertThat(answer).as(length + " bytes").isIn("TRUNCATED", "CORRUPT");
          if (length > scan) {
            assertThat(answer).as(length + " bytes").isEqualTo("TRUNCATED");
          }
        }
      }
    }
  }

  @Test
  void aMissingEndMarkerIsNoMatterWhenAllRowsAreThere() throws Exception {
    byte[] jpeg = small(2, 3, false);
    assertThat(answer(Arrays.copyOf(jpeg, jpeg.length - 2))).isEqualTo("decoded");
    assertRefused(
        Arrays.copyOf(small(2, 0, true), small(2, 0, true).length - 2),
        Reason.TRUNCATED,
        "the last scans are missing");
  }

  @Test
  void aRestartMarkerOutOfOrderIsRefused() throws Exception {
    byte[] jpeg = small(2, 3, false);
    int at = marker(jpeg, 0xDA) + 14;
    while (jpeg[at] != -1 || (jpeg[at + 1] & 0xFF) != 0xD1) {
      at++;
    }
    assertRefused(with(jpeg, at + 1, 0xD5), Reason.TRUNCATED, "expected restart marker 1");
    assertRefused(with(jpeg, at + 1, 0), Reason.TRUNCATED, "restart marker");
  }

  @Test
  void theNumberOfScansIsLimited() throws Exception {
    byte[] jpeg = small(2, 0, true);
    int scans = JpegDecoder.open(JpegInput.of(jpeg), 100).frame().scans();
    assertThat(scans).isGreaterThan(3);
    JpegDecoder.open(JpegInput.of(jpeg), scans);
    assertThatThrownBy(() -> JpegDecoder.open(JpegInput.of(jpeg), scans - 1))
        .isInstanceOf(JpegException.class)
        .hasMessageContaining("more than " + (scans - 1) + " scans");
  }

  @Test
  void theBytesNeededFollowFromTheHeadersAndTheScale() throws Exception {
    JpegDecoder baseline = JpegDecoder.open(JpegInput.of(small(2, 0, false)), 100);
    JpegDecoder progressive = JpegDecoder.open(JpegInput.of(small(2, 0, true)), 100);
    long before = 0;
    for (JpegScale scale : JpegScale.values()) {
      List<JpegOutput> one = List.of(JpegOutput.of(baseline.frame(), scale, NOWHERE));
      long bytes = baseline.bytesNeeded(one);
      assertThat(bytes).isGreaterThanOrEqualTo(before).isLessThan(400_000);
      assertThat(progressive.bytesNeeded(one) - bytes)
          .isBetween(0L, 300L + 96 * 2 * (2L * scale.samples() * scale.samples() + 8) + 5000);
      before = bytes;
    }
  }

  @Test
  void decodingAllocatesNoMoreThanItSaysBefore() throws Exception {
    var threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    SplittableRandom random = new SplittableRandom(11);
    BufferedImage image = JpegFiles.picture(random, 900, 700, BufferedImage.TYPE_3BYTE_BGR);
    for (boolean progressive : new boolean[] {false, true}) {
      byte[] jpeg = JpegFiles.written(image, 0.8f, 2, 2, 7, progressive);
      for (JpegScale scale : JpegScale.values()) {
        JpegDecoder decoder = JpegDecoder.open(JpegInput.of(jpeg), 100);
        List<JpegOutput> one = List.of(JpegOutput.of(decoder.frame(), scale, NOWHERE));
        // Tables that look codes up are shared and kept; the first decoding makes them.
        decoder.decode(one, () -> {});
        long before = threads.getCurrentThreadAllocatedBytes();
        decoder.decode(one, () -> {});
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        // Scans of a progressive picture come one after the other; each has its own window.
        long windows = (decoder.frame().scans() - 1) * (EntropyInput.BYTES + (1 << 12));
        assertThat(allocated)
            .as("%s, progressive %s", scale, progressive)
            .isPositive()
            .isLessThanOrEqualTo(decoder.bytesNeeded(one) + windows);
      }
    }
  }
}
