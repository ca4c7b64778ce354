package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.transform.Format;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** An engine and what most of its tests do with it. */
abstract class EngineFixture {

  static final int RGB = BufferedImage.TYPE_INT_RGB;
  static final int ARGB = BufferedImage.TYPE_INT_ARGB;
  static final Transformation PNG = Transformation.image().format(Format.PNG);

  final ImageTransformer engine = new ImageTransformer();
  @TempDir Path folder;

  final Rendition rendition(Source source, Transformation recipe) {
    return engine.render(source, List.of(recipe), new TestBudget()).get(0);
  }

  static byte[] bytes(Rendition rendition) {
    try (var in = rendition.content().open()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  final BufferedImage variant(Source source, Transformation recipe) {
    Rendition rendition = rendition(source, recipe);
    BufferedImage image = Pictures.decoded(bytes(rendition));
    assertThat(image.getWidth()).isEqualTo(rendition.width());
    assertThat(image.getHeight()).isEqualTo(rendition.height());
    return image;
  }

  /** 48 × 32: the corners are red, green, blue and white. */
  static BufferedImage corners() {
    return Pictures.image(
        48,
        32,
        RGB,
        (x, y) -> y < 16 ? (x < 24 ? 0xFFFF0000 : 0xFF00FF00) : x < 24 ? 0xFF0000FF : 0xFFFFFFFF);
  }

  /** The colours at the four corners, clockwise from the left top, each as one letter. */
  static String seen(BufferedImage image) {
    int w = image.getWidth();
    int h = image.getHeight();
    int[] argb = {
      image.getRGB(3, 3), image.getRGB(w - 4, 3), image.getRGB(w - 4, h - 4), image.getRGB(3, h - 4)
    };
    StringBuilder text = new StringBuilder();
    for (int c : argb) {
      boolean r = (c >> 16 & 0xFF) > 128;
      boolean g = (c >> 8 & 0xFF) > 128;
      boolean b = (c & 0xFF) > 128;
      text.append(r && g && b ? 'W' : r ? 'R' : g ? 'G' : b ? 'B' : '?');
    }
    return text.toString();
  }
}
