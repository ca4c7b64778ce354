package dev.hfsm.transform;

import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
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
    assertThat(image().width(5).negotiate(accept, still(alpha, content)).canonical())
        .isEqualTo("w=5,format=" + format);
    Transformation said = image().format(Format.PNG);
    assertThat(said.negotiate(accept, still(alpha, content))).isEqualTo(said);
  }

  private static Picture still(Alpha alpha, Content content) {
    return new Picture(MediaType.PNG, alpha, Motion.STILL, content);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        CHROME + " | image/gif | ANIMATED | webp",
        OLD_SAFARI + " | image/gif | ANIMATED | gif",
        "'' | image/gif | ANIMATED | gif",
        "image/webp | image/gif | ANIMATED | webp",
        "image/gif;q=0,*/* | image/gif | ANIMATED | png",
        CHROME + " | image/gif | STILL | png",
        "image/gif,image/webp;q=0.5 | image/gif | ANIMATED | gif",
        CHROME + " | image/webp | ANIMATED | webp",
        OLD_SAFARI + " | image/webp | ANIMATED | gif",
        CHROME + " | image/avif | ANIMATED | png"
      })
  void anAnimationKeepsItsFramesUnlessTheClientRefusesThem(
      String header, String type, Motion motion, String format) {
    Accept accept = Accept.parse(header);
    Picture picture = new Picture(MediaType.parse(type), Alpha.PRESENT, motion, Content.GRAPHIC);
    assertThat(image().negotiate(accept, picture).canonical()).isEqualTo("format=" + format);
    assertThat(image().format(Format.JPEG).negotiate(accept, picture).format())
        .isEqualTo(Format.JPEG);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        CHROME + " | image/jpeg | jpeg",
        "'' | image/png | png",
        "image/jpeg;q=0,*/* | image/jpeg | png",
        "'*/*' | image/gif | gif",
        CHROME + " | image/webp | webp",
        OLD_SAFARI + " | image/webp | gif",
        CHROME + " | image/tiff | webp",
      })
  void whatIsStrippedStaysWhatItIsIfTheClientTakesThat(String header, String type, String format) {
    Picture picture =
        new Picture(MediaType.parse(type), Alpha.ABSENT, Motion.ANIMATED, Content.PHOTO);
    assertThat(image().strip().negotiate(Accept.parse(header), picture).canonical())
        .isEqualTo("strip=true,format=" + format);
  }

  @ParameterizedTest
  @CsvSource({
    "image/gif, 2, ANIMATED",
    "image/gif, 1, STILL",
    "image/png, 9, ANIMATED",
    "image/tiff, 9, STILL",
    "image/x-icon, 3, STILL"
  })
  void pagesAreNotFrames(String type, int frames, Motion motion) {
    Facts facts = Facts.of(Fact.MEDIA_TYPE, MediaType.parse(type)).with(Fact.FRAMES, frames);
    assertThat(Picture.of(facts))
        .isEqualTo(new Picture(MediaType.parse(type), Alpha.ABSENT, motion, Content.PHOTO));
    assertThat(Picture.of(facts.with(Fact.ALPHA, true).with(Fact.GRAPHIC, true)))
        .isEqualTo(new Picture(MediaType.parse(type), Alpha.PRESENT, motion, Content.GRAPHIC));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"''", "image/webp", "image/*;q=0.3", "image/webp;q=0.2,*/*"})
  void whatATypeIsTakenAwayFromIsRefused(String header) {
    Accept accept = Accept.parse(header);
    Accept less = accept.without(MediaType.WEBP);
    assertThat(less.weight(MediaType.WEBP)).isZero();
    assertThat(less.weight(MediaType.PNG)).isEqualTo(accept.weight(MediaType.PNG));
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
      Transformation made = image().negotiate(accept, still(Alpha.PRESENT, Content.PHOTO));
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
