package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.HfsmException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Variants of raw pictures, which are made from the previews that cameras put inside. */
class RawPreviewTest extends EngineFixture {

  private static final MediaType DNG = new MediaType("image/x-adobe-dng");
  private static final MediaType CR2 = new MediaType("image/x-canon-cr2");

  /**
   * A raw picture: the first directory has an orientation and a small JPEG, the one below it a
   * large one.
   */
  static byte[] raw(ByteOrder order, int orientation, byte[] small, byte[] large) {
    int first = 8;
    int second = first + 2 + 5 * 12 + 4;
    int data = second + 2 + 3 * 12 + 4;
    ByteBuffer out = ByteBuffer.allocate(data + small.length + large.length).order(order);
    out.put(
        order == ByteOrder.LITTLE_ENDIAN
            ? new byte[] {'I', 'I', 42, 0}
            : new byte[] {'M', 'M', 0, 42});
    out.putInt(first).putShort((short) 5);
    entry(out, 274, 3, orientation);
    entry(out, 330, 4, second);
    entry(out, 513, 4, data);
    entry(out, 514, 4, small.length);
    entry(out, 50706, 4, 1);
    out.putInt(first).putShort((short) 3);
    entry(out, 259, 3, 7);
    entry(out, 273, 4, data + small.length);
    entry(out, 279, 4, large.length);
    out.putInt(0).put(small).put(large);
    return out.array();
  }

  private static void entry(ByteBuffer out, int tag, int type, int value) {
    out.putShort((short) tag).putShort((short) type).putInt(1);
    if (type == 3) {
      out.putShort((short) value).putShort((short) 0);
    } else {
      out.putInt(value);
    }
  }

  private static byte[] large() {
    byte[] jpeg = Pictures.encoded(corners(), "jpeg");
    return Pictures.withExif(jpeg, 3, "secret");
  }

  @Test
  void theLargestPreviewIsTurnedAsTheRawPictureSays() {
    byte[] small = Pictures.encoded(Pictures.image(16, 16, RGB, (x, y) -> 0xFF00FF00), "jpeg");
    for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
      Source source = Pictures.source(folder, DNG, raw(order, 6, small, large()));
      BufferedImage image = variant(source, PNG);
      assertThat(image.getWidth()).isEqualTo(32);
      assertThat(seen(image)).isEqualTo("BRGW");
      byte[] jpeg = bytes(rendition(source, Transformation.image().format(Format.JPEG)));
      assertThat(new String(jpeg, StandardCharsets.ISO_8859_1)).doesNotContain("secret", "Exif");
      assertThat(engine.inspect(source, new TestBudget()).get(Fact.ORIENTATION)).contains(6);
    }
  }

  @Test
  void withoutAPreviewThatCanBeDecodedItStaysClosed() {
    byte[] lossless = large();
    for (int i = 0; i + 1 < lossless.length; i++) {
      if (lossless[i] == (byte) 0xFF && lossless[i + 1] == (byte) 0xC0) {
        lossless[i + 1] = (byte) 0xC3;
      }
    }
    byte[] raw = raw(ByteOrder.BIG_ENDIAN, 1, new byte[200], lossless);
    Source source = Pictures.source(folder, DNG, raw);
    assertThatThrownBy(() -> rendition(source, PNG))
        .isInstanceOf(TransformationException.class)
        .hasMessageContaining("no preview");
    assertThat(engine.inspect(source, new TestBudget()).get(Fact.MEDIA_TYPE)).contains(DNG);
  }

  @Test
  void whateverIsChangedInItsDirectoriesThereIsAnAnswer() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] raw = raw(ByteOrder.LITTLE_ENDIAN, 1, large(), large());
    int made = 0;
    for (int i = 0; i < 500; i++) {
      byte[] broken = raw.clone();
      for (int k = 0; k <= random.nextInt(4); k++) {
        broken[random.nextInt(130)] = (byte) random.nextInt(256);
      }
      try {
        rendition(Pictures.source(folder, DNG, broken), PNG);
        made++;
      } catch (HfsmException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    assertThat(made).isBetween(1, 499);
  }

  @Test
  void theCorpusMakesAVariantWhereThereIsAPreview() {
    Path root = Corpus.rootOrSkip().resolve("formats");
    for (String name : new String[] {"CanonRaw.cr2", "IMG_1361.dng", "canon_eos_6d.dng"}) {
      MediaType type = name.endsWith("cr2") ? CR2 : DNG;
      Source source = new Source(type, Facts.NONE, root.resolve(name));
      Facts facts = engine.inspect(source, new TestBudget());
      assertThat(facts.get(Fact.MAKE)).as(name).isPresent();
      Map<String, String> row =
          Corpus.table(root.resolveSibling("MANIFEST.csv")).stream()
              .filter(r -> r.get("path").equals("formats/" + name))
              .findFirst()
              .orElseThrow();
      assertThat(facts.get(Fact.WIDTH).map(String::valueOf)).as(name).contains(row.get("width"));
      assertThat(facts.get(Fact.HEIGHT).map(String::valueOf)).as(name).contains(row.get("height"));
      assertThat(facts.get(Fact.UPRIGHT_WIDTH).map(String::valueOf))
          .as(name)
          .contains(row.get("upright_width"));
      assertThat(facts.get(Fact.UPRIGHT_HEIGHT).map(String::valueOf))
          .as(name)
          .contains(row.get("upright_height"));
      if (name.startsWith("canon")) {
        assertThat(variant(source, PNG.inside(400, 400)).getWidth()).isEqualTo(400);
      } else {
        // These two end before the previews that their directories speak of.
        assertThatThrownBy(() -> rendition(source, PNG))
            .as(name)
            .isInstanceOf(TransformationException.class)
            .hasMessageContaining("no preview");
      }
    }
  }
}
