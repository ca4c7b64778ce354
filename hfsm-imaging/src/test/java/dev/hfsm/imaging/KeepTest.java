package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.drew.imaging.ImageMetadataReader;
import com.drew.metadata.Directory;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifSubIFDDirectory;
import com.drew.metadata.exif.GpsDirectory;
import com.drew.metadata.icc.IccDirectory;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Keep;
import dev.hfsm.transform.Padding;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What variants carry besides pixels, seen in their bytes. */
class KeepTest extends EngineFixture {

  private static final byte[] LINEAR = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();

  private static byte[] jpeg() {
    BufferedImage image =
        Pictures.image(80, 60, RGB, (x, y) -> 0xFF000000 | x * 3 << 16 | y * 4 << 8 | 90);
    byte[] plain = Pictures.encoded(image, "jpeg");
    byte[] profile =
        Pictures.concat(
            "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII), new byte[] {1, 1}, LINEAR);
    byte[] exif =
        Pictures.concat(
            "Exif\0\0".getBytes(StandardCharsets.US_ASCII),
            exif("secret camera", "Ada Lovelace", "© 1843 Ada"));
    byte[] comment = "secret comment".getBytes(StandardCharsets.US_ASCII);
    return Pictures.withSegment(
        Pictures.withSegment(Pictures.withSegment(plain, 0xE2, profile), 0xFE, comment),
        0xE1,
        exif);
  }

  private static byte[] exif(String make, String artist, String copyright) {
    int[] tags = {0x010F, 0x013B, 0x8298};
    List<byte[]> texts = new ArrayList<>();
    for (String text : new String[] {make, artist, copyright}) {
      texts.add((text + '\0').getBytes(StandardCharsets.UTF_8));
    }
    int at = 8 + 2 + 3 * 12 + 4;
    ByteBuffer out = ByteBuffer.allocate(400);
    out.put(new byte[] {'M', 'M', 0, 42}).putInt(8).putShort((short) 3);
    for (int i = 0; i < 3; i++) {
      out.putShort((short) tags[i]).putShort((short) 2).putInt(texts.get(i).length).putInt(at);
      at += texts.get(i).length;
    }
    out.putInt(0);
    texts.forEach(out::put);
    return java.util.Arrays.copyOf(out.array(), out.position());
  }

  private Source source() {
    return Pictures.source(folder, MediaType.JPEG, jpeg());
  }

  private static Optional<byte[]> profile(byte[] file, Format format) {
    try (Bytes in = bytes(file)) {
      return Optional.ofNullable(
          Headers.read(in, format.mediaType().orElseThrow(), dev.hfsm.transform.Limits.DEFAULT)
              .icc());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Bytes bytes(byte[] file) throws Exception {
    java.nio.file.Path path = java.nio.file.Files.createTempFile("keep", "");
    java.nio.file.Files.write(path, file);
    path.toFile().deleteOnExit();
    return new Bytes(path, new TestBudget());
  }

  private static List<Directory> directories(byte[] file) throws Exception {
    List<Directory> all = new ArrayList<>();
    ImageMetadataReader.readMetadata(new ByteArrayInputStream(file))
        .getDirectories()
        .forEach(all::add);
    return all;
  }

  private static List<Transformation> ways(Format format) {
    Transformation plain = Transformation.image().width(40).format(format);
    List<Transformation> ways = new ArrayList<>();
    ways.add(plain);
    ways.add(plain.rotate(90));
    ways.add(plain.pad(new Padding(1, 2, 3, 4)).grayscale());
    ways.add(plain.blur(1));
    if (format.isLossy()) {
      ways.add(plain.autoQuality());
    }
    return ways;
  }

  private static final Format[] FORMATS = {Format.JPEG, Format.PNG, Format.WEBP};

  @Test
  void nothingIsKeptUnasked() throws Exception {
    for (Format format : Format.values()) {
      if (format == Format.AUTO) {
        continue;
      }
      for (Transformation recipe : ways(format)) {
        byte[] file = bytes(rendition(source(), recipe));
        assertThat(new String(file, StandardCharsets.ISO_8859_1))
            .as(recipe.canonical())
            .doesNotContain("Exif", "EXIF", "eXIf", "ICC", "iCCP", "Ada", "secret");
        assertThat(directories(file))
            .as(recipe.canonical())
            .noneMatch(d -> d instanceof ExifIFD0Directory || d instanceof IccDirectory);
      }
    }
  }

  @Test
  void theProfileIsKeptWithTheColoursItSpeaksOf() throws Exception {
    for (Format format : FORMATS) {
      for (Transformation recipe : ways(format)) {
        byte[] file = bytes(rendition(source(), recipe.keep(Keep.ICC)));
        assertThat(profile(file, format)).as(recipe.canonical()).contains(LINEAR);
        assertThat(new String(file, StandardCharsets.ISO_8859_1))
            .as(recipe.canonical())
            .doesNotContain("Exif", "eXIf", "Ada", "secret");
      }
    }
    // The numbers are those of the source, which would be lighter in sRGB.
    byte[] kept = bytes(rendition(source(), PNG.keep(Keep.ICC)));
    byte[] without = Pictures.concat(kept);
    int raw = sample(without);
    int converted = sample(bytes(rendition(source(), PNG)));
    assertThat(raw).isBetween(86, 94);
    assertThat(converted).isBetween(156, 166);
  }

  /** Blue in the middle, whatever the profile says. */
  private int sample(byte[] png) throws Exception {
    try (var reader =
        dev.hfsm.imaging.png.PngReader.open(
            new ByteArrayInputStream(png),
            new dev.hfsm.imaging.png.PngLimits(1 << 20, 1 << 20),
            () -> {})) {
      byte[] row = new byte[80 * 3];
      for (int y = 0; y < 30; y++) {
        reader.row(row, 0);
      }
      return row[3 * 40 + 2] & 0xFF;
    }
  }

  @Test
  void theRightsAreKeptAndNothingElse() throws Exception {
    for (Format format : FORMATS) {
      for (Transformation recipe : ways(format)) {
        byte[] file = bytes(rendition(source(), recipe.keep(Keep.COPYRIGHT)));
        assertThat(new String(file, StandardCharsets.ISO_8859_1))
            .as(recipe.canonical())
            .doesNotContain("secret", "ICC_PROFILE", "iCCP");
        List<Directory> all = directories(file);
        Directory main =
            all.stream().filter(ExifIFD0Directory.class::isInstance).findFirst().orElseThrow();
        assertThat(main.getTagCount()).isEqualTo(2);
        assertThat(main.getStringValue(ExifIFD0Directory.TAG_ARTIST).getBytes())
            .startsWith("Ada Lovelace".getBytes(StandardCharsets.UTF_8));
        assertThat(main.getStringValue(ExifIFD0Directory.TAG_COPYRIGHT).getBytes())
            .startsWith("© 1843 Ada".getBytes(StandardCharsets.UTF_8));
        assertThat(all)
            .noneMatch(d -> d instanceof ExifSubIFDDirectory || d instanceof GpsDirectory)
            .allMatch(d -> !d.hasErrors());
      }
    }
  }

  @Test
  void whatIsKeptIsStillThereInAVariantOfTheVariant() throws Exception {
    for (Format format : FORMATS) {
      Transformation both =
          Transformation.image().format(format).keep(Keep.ICC).keep(Keep.COPYRIGHT);
      byte[] first = bytes(rendition(source(), both));
      Source again = Pictures.source(folder, format.mediaType().orElseThrow(), first);
      byte[] second = bytes(rendition(again, both.format(Format.JPEG)));
      assertThat(profile(second, Format.JPEG)).as(format.name()).contains(LINEAR);
      assertThat(new String(second, StandardCharsets.UTF_8))
          .contains("Ada Lovelace\0", "© 1843 Ada\0");
    }
  }

  @Test
  void aGreyPictureKeepsNoProfileAndABrokenOneIsNotPassedOn() {
    BufferedImage grey = Pictures.image(20, 20, BufferedImage.TYPE_BYTE_GRAY, (x, y) -> -1);
    byte[] profile =
        Pictures.concat(
            "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII), new byte[] {1, 1}, LINEAR);
    byte[] jpeg = Pictures.withSegment(Pictures.encoded(grey, "jpeg"), 0xE2, profile);
    Transformation kept = Transformation.image().format(Format.JPEG).keep(Keep.ICC);
    byte[] made = bytes(rendition(Pictures.source(folder, MediaType.JPEG, jpeg), kept));
    assertThat(profile(made, Format.JPEG)).isEmpty();
    byte[] broken = new byte[LINEAR.length];
    byte[] segment =
        Pictures.concat(
            "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII), new byte[] {1, 1}, broken);
    byte[] colored = Pictures.withSegment(Pictures.encoded(corners(), "jpeg"), 0xE2, segment);
    byte[] clean = bytes(rendition(Pictures.source(folder, MediaType.JPEG, colored), kept));
    assertThat(profile(clean, Format.JPEG)).isEmpty();
  }
}
