package dev.hfsm.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Times in header fields. */
class HttpDateTest {

  private static final Instant EXAMPLE = Instant.parse("1994-11-06T08:49:37Z");

  @Test
  void theThreeFormsOfTheSpecificationAreTheSameTime() {
    for (String form :
        List.of(
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun Nov 6 08:49:37 1994",
            " Sun, 06 Nov 1994 08:49:37 GMT ")) {
      assertThat(HttpDate.parse(form)).as(form).contains(EXAMPLE);
    }
    assertThat(HttpDate.text(EXAMPLE)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
  }

  @Test
  void twoDigitsAreAYearThatIsNotFarInTheFuture() {
    int thisYear = LocalDate.now(ZoneOffset.UTC).getYear();
    DateTimeFormatter form =
        DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    for (int year : new int[] {thisYear - 45, thisYear, thisYear + 45}) {
      Instant time = LocalDate.of(year, 3, 4).atTime(5, 6, 7).toInstant(ZoneOffset.UTC);
      assertThat(HttpDate.parse(form.format(time))).contains(time);
    }
  }

  @Test
  void nonsenseIsNoTime() {
    for (String form :
        List.of(
            "",
            "now",
            "-",
            "784111777",
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Nov 1994 25:49:37 GMT",
            "Sun, 06 Nov 1994",
            "1994-11-06T08:49:37Z")) {
      assertThat(HttpDate.parse(form)).as(form).isEmpty();
    }
  }

  @Test
  void aTimeIsWrittenAsItIsRead() {
    long seed = System.nanoTime();
    System.out.println("dates seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      Instant time = Instant.ofEpochSecond(random.nextLong(253_402_300_800L));
      assertThat(HttpDate.parse(HttpDate.text(time))).contains(time);
    }
  }
}
