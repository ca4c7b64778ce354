package dev.hfsm.imaging;

import dev.hfsm.imaging.jpeg.JpegDecoder;
import dev.hfsm.imaging.jpeg.JpegFrame;
import dev.hfsm.imaging.jpeg.JpegInput;
import dev.hfsm.imaging.jpeg.JpegOutput;
import dev.hfsm.imaging.jpeg.JpegScale;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Color;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Finds the lowest quality at which a file still looks like the picture that was encoded: {@link
 * Ssim} of brightness of at least {@link #TARGET}. Qualities from {@link #LEAST} to {@link #MOST}
 * in steps of two are tried by bisection, which takes six encodings at most; if even the highest of
 * them is not like the picture, it is taken all the same. What is found follows from the pixels
 * alone.
 */
final class AutoQuality {

  static final double TARGET = 0.97;
  static final int LEAST = 32;
  static final int MOST = 94;
  private static final int STEP = 2;

  private AutoQuality() {}

  /** What was found. */
  record Found(int quality, byte[] file) {}

  /** Encodes at a quality. */
  interface Encoding {
    byte[] at(int quality) throws IOException;
  }

  static byte[] encode(Canvas canvas, Transformation recipe, Tags tags, Budget budget)
      throws IOException {
    Found found = search(canvas, recipe, budget);
    return tags.isEmpty()
        ? found.file()
        : Encoder.encode(canvas, recipe.quality(found.quality()), tags, budget);
  }

  /** The quality alone. */
  static int quality(Canvas canvas, Transformation recipe, Budget budget) throws IOException {
    return search(canvas, recipe, budget).quality();
  }

  private static Found search(Canvas canvas, Transformation recipe, Budget budget)
      throws IOException {
    Encoding encoding =
        quality -> Encoder.encode(canvas, recipe.quality(quality), Tags.NONE, budget);
    return search(canvas, recipe.format(), encoding, budget);
  }

  static Found search(Canvas canvas, Format format, Encoding encoding, Budget budget)
      throws IOException {
    byte[] reference = Overlay.grey(canvas.over(Color.WHITE)).data;
    int low = 0;
    int high = (MOST - LEAST) / STEP;
    Found found = null;
    while (low < high) {
      int middle = (low + high) / 2;
      int quality = LEAST + STEP * middle;
      budget.check();
      byte[] file = encoding.at(quality);
      byte[] seen =
          format == Format.JPEG
              ? jpeg(file, canvas, budget)
              : WebpLight.of(file, canvas.width, canvas.height, budget);
      if (Ssim.mean(reference, seen, canvas.width, canvas.height) >= TARGET) {
        found = new Found(quality, file);
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return found != null ? found : new Found(MOST, encoding.at(MOST));
  }

  /** Bytes that looking at a picture of that size takes. */
  static long bytes(long pixels, Format format) {
    return (format == Format.JPEG ? 3 : 16) * pixels + (1 << 19);
  }

  /** Brightness as our own decoder reads it; a picture made here has it as its first component. */
  private static byte[] jpeg(byte[] file, Canvas canvas, Budget budget) throws IOException {
    JpegDecoder decoder = JpegDecoder.open(JpegInput.of(file), budget.limits().maxScans());
    JpegFrame frame = decoder.frame();
    List<JpegScale> scales =
        new ArrayList<>(Collections.nCopies(frame.components().size(), JpegScale.NONE));
    scales.set(0, JpegScale.FULL);
    byte[] light = new byte[canvas.width * canvas.height];
    JpegOutput output =
        new JpegOutput(
            frame.everything(),
            scales,
            (plane, y, rows, samples, stride) -> {
              for (int r = 0; r < rows; r++) {
                for (int x = 0; x < canvas.width; x++) {
                  float value = samples[r * stride + x] + 0.5f;
                  light[(y + r) * canvas.width + x] = (byte) Math.max(0, Math.min(255, value));
                }
              }
            });
    decoder.decode(List.of(output), budget::check);
    return light;
  }
}
