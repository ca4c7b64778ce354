package dev.hfsm.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.storage.ByteRange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Hosts whose language has digits of its own. */
@Isolated("the language is the whole JVM's")
class LanguageTest {

  private final Locale usual = Locale.getDefault();

  @BeforeEach
  void speakArabic() {
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    assertThat("%d".formatted(7)).isNotEqualTo("7");
  }

  @AfterEach
  void speakAsBefore() {
    Locale.setDefault(usual);
  }

  @Test
  void rangesAreWrittenInTheDigitsOfHttp() {
    assertThat(Ranges.contentRange(new ByteRange(5, 10), 123)).isEqualTo("bytes 5-14/123");
  }

  @Test
  void problemsAreJson() throws IOException {
    DeliveryRequest request = new DeliveryRequest("GET", "/x", Map.<String, List<String>>of());
    try (DeliveryResponse response = Problem.NOT_FOUND.response(request)) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      response.body().writeTo(body);
      assertThat(body.toString(StandardCharsets.UTF_8))
          .isEqualTo("{\"title\":\"Not found\",\"status\":404}");
      assertThat(response.header("Cache-Control")).contains("max-age=5");
    }
  }
}
