package dev.hfsm.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the access log says, and what it must not say. */
class LogLineTest {

  private static final String SIGNATURE = "kF3-9_aZkF3-9_aZkF3-9_aZkF3-9_aZkF3-9_aZ123";
  private static final String DIGEST = "0123456789abcdef".repeat(4);

  private static String path(String path) {
    return LogLine.of("127.0.0.1", "GET", path, 200, 55_000, 1_520_000, "ok").split(" ")[2];
  }

  @Test
  void aLineHasSevenFields() {
    assertThat(LogLine.of("127.0.0.1", "GET", "/a", 200, 55_000, 1_520_000, "ok"))
        .isEqualTo("127.0.0.1 GET /a 200 55000 1.52 ok");
    assertThat(LogLine.of("::1", "HEAD", "/a", 0, 0, 0, "failed"))
        .isEqualTo("::1 HEAD /a - 0 0.00 failed");
  }

  @Test
  void aSignatureIsMaskedAndWhatItSignsIsNot() {
    assertThat(path("/assets/s/k1." + SIGNATURE + "/w=320,fit=cover@0a1b2c3d/" + DIGEST + ".jpg"))
        .isEqualTo("/assets/s/k1.***/w=320,fit=cover@0a1b2c3d/" + DIGEST + ".jpg");
    assertThat(path("/~shop/s/k1." + SIGNATURE + ".1800000000/original/" + DIGEST + ".png"))
        .isEqualTo("/~shop/s/k1.***/original/" + DIGEST + ".png");
    assertThat(path("/s/k1." + SIGNATURE + "/watermark=" + DIGEST + "@0a1b2c3d/" + DIGEST + ".jpg"))
        .contains("watermark=" + DIGEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/assets//s/k1.%s/original/x.jpg",
        "/assets/%%73/k1.%s/original/x.jpg",
        "/assets/s/K1.%s/original/x.jpg",
        "/assets/s/%s",
        "/%s",
        "/s/k1..%s",
        "/a?signature=%s"
      })
  void aSignatureInAPathThatIsNotOursIsMaskedToo(String shape) {
    assertThat(path(shape.formatted(SIGNATURE))).contains("***").doesNotContain(SIGNATURE);
  }

  @Test
  void aSignatureThatIsPartlyEncodedIsMaskedToo() {
    String encoded = SIGNATURE.substring(0, 20) + "%41" + SIGNATURE.substring(21);
    assertThat(path("/s/k1." + encoded + "/original/x.jpg")).isEqualTo("/s/k1.***/original/x.jpg");
  }

  @Test
  void nothingInAPathBreaksALineOrGoesOnForEver() {
    assertThat(path("/a\u001b[31m\r\nforged")).isEqualTo("/a?[31m??forged");
    assertThat(path("/" + "a/".repeat(5000))).hasSize(300);
  }
}
