package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.model.Fact;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What files are made of, byte for byte: of a source full of things that nobody wants to publish
 * nothing comes through, in any format.
 */
class PrivacyTest extends EngineFixture {

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "progressive", "png", "webp", "lossless", "gif"})
  void noVariantCarriesAnythingButPixels(String kind) {
    Format format =
        switch (kind) {
          case "png" -> Format.PNG;
          case "gif" -> Format.GIF;
          case "webp", "lossless" -> Format.WEBP;
          default -> Format.JPEG;
        };
    org.junit.jupiter.api.Assumptions.assumeTrue(
        format != Format.WEBP || WebpNative.available(), "no WebP encoder on this platform");
    Transformation plain = Transformation.image().format(format);
    Transformation recipe =
        kind.equals("progressive")
            ? plain.progressive()
            : kind.equals("lossless") ? plain.losslessWebp() : plain;
    for (Map.Entry<String, byte[]> file : EveryKind.files().entrySet()) {
      Source source = Pictures.source(folder, EveryKind.type(file.getKey()), file.getValue());
      for (Transformation way : List.of(recipe, recipe.inside(40, 40), recipe.rotate(90).blur(1))) {
        byte[] variant = bytes(rendition(source, way));
        String what = file.getKey() + " as " + way;
        assertThat(parts(format, variant)).as(what).isSubsetOf(allowed(format));
        String text = new String(variant, StandardCharsets.ISO_8859_1);
        assertThat(text.toUpperCase(java.util.Locale.ROOT)).as(what).doesNotContain("SECRET");
      }
    }
  }

  /** The sources are what they are meant to be: the secrets are found where one looks for them. */
  @Test
  void theSourcesAreFullOfThem() {
    for (Map.Entry<String, byte[]> file : EveryKind.files().entrySet()) {
      String text = new String(file.getValue(), StandardCharsets.ISO_8859_1);
      MediaType type = EveryKind.type(file.getKey());
      if (!file.getKey().matches("(lzw|deflate|packbits|jpeg).tif|bitmap.ico|merged.psd")) {
        assertThat(text).as(file.getKey()).contains("SECRET");
      }
      var facts = engine.inspect(Pictures.source(folder, type, file.getValue()), new TestBudget());
      if (Set.of("baseline.jpg", "colors.png", "lossy.webp").contains(file.getKey())) {
        assertThat(facts.get(Fact.MAKE)).as(file.getKey()).contains("SECRETMAKER");
        assertThat(facts.get(Fact.GPS)).as(file.getKey()).isPresent();
      }
    }
  }

  private static Set<String> allowed(Format format) {
    return switch (format) {
      case JPEG -> Set.of("D8", "E0", "DB", "C0", "C2", "C4", "DA", "D9");
      case PNG -> Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");
      case WEBP -> Set.of("VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF");
      default -> Set.of("head", "control", "loop", "image");
    };
  }

  /** The parts a file consists of; one that does not end with its last part is refused. */
  private static List<String> parts(Format format, byte[] file) {
    List<String> parts = new ArrayList<>();
    int end =
        switch (format) {
          case JPEG -> jpeg(file, parts);
          case PNG -> png(file, parts);
          case WEBP -> webp(file, parts);
          default -> gif(file, parts);
        };
    assertThat(end).as("the end of the last part").isEqualTo(file.length);
    return parts;
  }

  private static int jpeg(byte[] file, List<String> parts) {
    int at = 0;
    while (at < file.length) {
      assertThat(file[at]).isEqualTo((byte) 0xFF);
      int marker = file[at + 1] & 0xFF;
      parts.add("%02X".formatted(marker));
      at += 2;
      if (marker == 0xD9) {
        return at;
      }
      if (marker != 0xD8) {
        int length = (file[at] & 0xFF) << 8 | file[at + 1] & 0xFF;
        if (marker == 0xE0) {
          // JFIF without a thumbnail.
          assertThat(length).isEqualTo(16);
          assertThat(new String(file, at + 2, 5, StandardCharsets.ISO_8859_1)).isEqualTo("JFIF\0");
        }
        at += length;
      }
      while (marker == 0xDA && !(file[at] == (byte) 0xFF && file[at + 1] != 0)) {
        at += file[at] == (byte) 0xFF ? 2 : 1;
      }
    }
    return -1;
  }

  private static int png(byte[] file, List<String> parts) {
    ByteBuffer in = ByteBuffer.wrap(file);
    int at = 8;
    while (at < file.length) {
      String name = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
      parts.add(name);
      at += 12 + in.getInt(at);
      if (name.equals("IEND")) {
        return at;
      }
    }
    return -1;
  }

  private static int webp(byte[] file, List<String> parts) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(new String(file, 0, 4, StandardCharsets.ISO_8859_1)).isEqualTo("RIFF");
    int end = 8 + in.getInt(4);
    webp(in, 12, end, parts);
    return end;
  }

  private static void webp(ByteBuffer in, int from, int end, List<String> parts) {
    int at = from;
    while (at < end) {
      String name = new String(in.array(), at, 4, StandardCharsets.ISO_8859_1);
      parts.add(name);
      int length = in.getInt(at + 4);
      if (name.equals("VP8X")) {
        assertThat(in.get(at + 8) & ~0x12).as("flags but alpha and animation").isZero();
      } else if (name.equals("ANMF")) {
        webp(in, at + 8 + 16, at + 8 + length, parts); // after where and how long it is shown
      }
      at += 8 + length + length % 2;
    }
    assertThat(at).isEqualTo(end);
  }

  private static int gif(byte[] file, List<String> parts) {
    parts.add("head");
    int at = 13 + palette(file[10]);
    while (file[at] != ';') {
      if (file[at] == '!') {
        int label = file[at + 1] & 0xFF;
        String name = new String(file, at + 3, 11, StandardCharsets.ISO_8859_1);
        parts.add(
            label == 0xF9 ? "control" : name.equals("NETSCAPE2.0") ? "loop" : "label " + label);
        at += 2;
      } else {
        parts.add(file[at] == ',' ? "image" : "byte " + file[at]);
        at += 11 + palette(file[at + 9]);
      }
      while (file[at] != 0) {
        at += 1 + (file[at] & 0xFF);
      }
      at++;
    }
    return at + 1;
  }

  private static int palette(byte flags) {
    return (flags & 0x80) == 0 ? 0 : 3 * (2 << (flags & 7));
  }
}
