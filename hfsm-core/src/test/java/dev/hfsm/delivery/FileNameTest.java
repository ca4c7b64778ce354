package dev.hfsm.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.model.MediaType;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FileNameTest {

  private static final String FIELD = "; filename*=UTF-8''";

  /** What a client makes of it (RFC 8187). */
  private static String saved(String name) {
    return saved(name, "application/octet-stream");
  }

  private static String saved(String name, String type) {
    String parameter = FileName.parameter(name, MediaType.parse(type));
    if (parameter.isEmpty()) {
      return "";
    }
    assertThat(parameter).startsWith(FIELD);
    String value = parameter.substring(FIELD.length());
    assertThat(value).matches("([A-Za-z0-9.-]|%[0-9A-F]{2})+");
    return URLDecoder.decode(value, StandardCharsets.UTF_8);
  }

  @Test
  void ordinaryNamesStayWhatTheyAre() {
    for (String name :
        new String[] {
          "holiday.jpg", "Größe 1 (2).jpg", "写真.png", "a+b&c=d%41.txt", "👩‍🚀".substring(0, 2)
        }) {
      assertThat(saved(name)).isEqualTo(name);
    }
  }

  @Test
  void whatIsShownAsAPictureIsSavedAsOne() {
    assertThat(saved("page.html", "image/jpeg")).isEqualTo("page.html.jpg");
    assertThat(saved("run.EXE", "image/gif")).isEqualTo("run.EXE.gif");
    assertThat(saved("noending", "image/png")).isEqualTo("noending.png");
    assertThat(saved("png", "image/png")).isEqualTo("png.png");
    assertThat(saved("sea.JPEG", "image/jpeg")).isEqualTo("sea.JPEG");
    assertThat(saved("raw.cr2", "image/tiff")).isEqualTo("raw.cr2");
    assertThat(saved("page.html", "text/html")).isEqualTo("page.html");
    assertThat(saved("...", "image/jpeg")).isEmpty();
    assertThat(saved("x".repeat(300) + ".html", "image/webp")).isEqualTo("x".repeat(195) + ".webp");
  }

  @Test
  void nothingInANameMeansAnythingToHttp() {
    assertThat(saved("a\r\nSet-Cookie: x=1\r\n\r\n<html>.jpg"))
        .isEqualTo("aSet-Cookie_ x=1_html_.jpg");
    assertThat(saved("a\"; filename=\"b.exe")).isEqualTo("a_; filename=_b.exe");
    assertThat(saved("a\0b\u007f\u0085c.jpg")).isEqualTo("abc.jpg");
  }

  @Test
  void nothingInANameMeansAnythingToAFileSystem() {
    assertThat(saved("../../etc/passwd")).isEqualTo("_.._etc_passwd");
    assertThat(saved("C:\\Windows\\system.ini")).isEqualTo("C__Windows_system.ini");
    assertThat(saved(".bashrc")).isEqualTo("bashrc");
    assertThat(saved("...")).isEmpty();
    assertThat(saved(" a.jpg. . ")).isEqualTo("a.jpg");
    assertThat(saved("")).isEmpty();
  }

  @Test
  void nothingInANameMisleadsTheEye() {
    assertThat(saved("holiday\u202egpj.exe")).isEqualTo("holidaygpj.exe");
    assertThat(saved("\u2066a\u2069\u200b\ufeff.jpg")).isEqualTo("a.jpg");
    assertThat(saved("a\u2028b\u2029.jpg")).isEqualTo("ab.jpg");
    assertThat(saved("a\ud800b.jpg")).as("half of a pair").isEqualTo("ab.jpg");
  }

  @Test
  void aLongNameIsCutAndKeepsItsEnding() {
    String saved = saved("ü".repeat(5000) + ".jpeg");
    assertThat(saved).endsWith("ü.jpeg").startsWith("üü");
    assertThat(saved.getBytes(StandardCharsets.UTF_8).length).isBetween(190, 200);
    assertThat(saved("a".repeat(300) + "." + "b".repeat(300))).isEqualTo("a".repeat(200));
    assertThat(saved("😀".repeat(1000))).isEqualTo("😀".repeat(50));
  }

  @Test
  void whateverTheNameTheParameterIsWellFormed() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      StringBuilder name = new StringBuilder();
      for (int length = random.nextInt(300); length > 0; length--) {
        name.append((char) random.nextInt(random.nextBoolean() ? 256 : 65536));
      }
      String saved = saved(name.toString());
      assertThat(saved.getBytes(StandardCharsets.UTF_8).length)
          .as("seed %d", seed)
          .isLessThanOrEqualTo(200);
      assertThat(saved).as("seed %d", seed).doesNotContain("/", "\\", "\r", "\n", "\u202e");
    }
  }
}
