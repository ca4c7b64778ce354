package dev.hfsm.transform;

import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.model.MediaType;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client takes, and the format it gets. */
class AcceptTest {
  private static final String CHROME =
      "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";
  private static final String OLD_SAFARI = "image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "image/webp | image/webp | 1000",
        "image/webp;q=0.5 | image/webp | 500",
        "IMAGE/WebP ; Q=0.123 , */*;q=0 | image/webp | 123",
        "image/*;q=0.8,*/*;q=0.5 | image/webp | 800",
        "*/*;q=0.5,image/*;q=0.8,image/webp;q=0.1 | image/webp | 100",
        "image/webp;q=0,*/* | image/webp | 0",
        "image/png | image/webp | 0",
        "text/*;q=0.3 | image/webp | 0",
        "image/webp;level=1;q=0.7;ext=2 | image/webp | 700",
        "'' | image/webp | 1000",
        "nonsense;;,=, | image/webp | 1000",
        "image/webp;q=2,image/*;q=0.4 | image/webp | 400",
        "image/webp;q=0.1234,*/*;q=0.2 | image/webp | 200",
        "image/web,*/*;q=0.2 | image/webp | 200",
        "image*/webp,im/*;q=0.9 | image/webp | 0"
      })
  void theClosestRangeSaysHowMuchATypeIsWanted(String header, String type, int weight) {
    assertThat(Accept.parse(header).weight(MediaType.parse(type))).isEqualTo(weight);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        CHROME + " | ABSENT | PHOTO | webp",
        CHROME + " | PRESENT | PHOTO | webp",
        CHROME + " | ABSENT | GRAPHIC | png",
        OLD_SAFARI + " | ABSENT | PHOTO | jpeg",
        OLD_SAFARI + " | PRESENT | PHOTO | png",
        "*/* | ABSENT | PHOTO | jpeg",
        "image/* | PRESENT | GRAPHIC | png",
        "'' | ABSENT | PHOTO | jpeg",
        "'' | ABSENT | GRAPHIC | png",
        "image/webp;q=0,image/* | ABSENT | PHOTO | jpeg",
        "image/webp;q=0.5,image/jpeg | ABSENT | PHOTO | jpeg",
        "image/webp;q=0.5,image/jpeg | PRESENT | PHOTO | webp",
        "image/webp | ABSENT | GRAPHIC | webp",
        "image/png | ABSENT | PHOTO | png",
        "image/jpeg | ABSENT | GRAPHIC | jpeg",
        "image/jpeg | PRESENT | PHOTO | png",
        "text/html | ABSENT | PHOTO | jpeg",
        "image/avif | ABSENT | GRAPHIC | png"
      })
  void aClientGetsTheBestOfWhatItTakes(String header, Alpha alpha, Content content, String format) {
    Accept accept = Accept.parse(header);
    assertThat(image().width(5).negotiate(accept, alpha, content).canonical())
        .isEqualTo("w=5,format=" + format);
    Transformation said = image().format(Format.PNG);
    assertThat(said.negotiate(accept, alpha, content)).isEqualTo(said);
  }

  @Test
  void anyTextIsAHeader() {
    long seed = System.nanoTime();
    System.out.println("accept seed " + seed);
    Random random = new Random(seed);
    String letters = "image/webp*,;q=0.15 \t\"\u0130";
    for (int i = 0; i < 5000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(60); n > 0; n--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      Accept accept = Accept.parse(text.toString());
      assertThat(accept.weight(MediaType.WEBP)).isBetween(0, 1000);
      Transformation made = image().negotiate(accept, Alpha.PRESENT, Content.PHOTO);
      assertThat(made.format()).isIn(Format.PNG, Format.WEBP);
    }
  }

  @Test
  void anEndlessHeaderIsReadToItsSixtyFourthRange() {
    String many = "text/html,".repeat(64);
    assertThat(Accept.parse(many + "image/webp").names(MediaType.WEBP)).isFalse();
    assertThat(Accept.parse("image/webp," + many).names(MediaType.WEBP)).isTrue();
  }
}
