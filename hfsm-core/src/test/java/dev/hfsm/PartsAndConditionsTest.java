package dev.hfsm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.delivery.DeliveryRequest;
import dev.hfsm.delivery.DeliveryResponse;
import dev.hfsm.model.Fact;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests for a part, for the head alone, and for what has changed. */
@Timeout(300)
class PartsAndConditionsTest extends DeliveryFixture {

  @Test
  void aHeadIsAGetWithoutABody() throws IOException {
    String url = urls.variant(hello, THREE);
    DeliveryResponse head = ask("HEAD", url);
    DeliveryResponse body = get(url);
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body().size()).isZero();
    for (String field : List.of("ETag", "Content-Length", "Content-Type", "Last-Modified")) {
      assertThat(head.header(field)).isPresent().isEqualTo(body.header(field));
    }
    assertThat(
            delivery
                .handle(new DeliveryRequest("HEAD", url, Map.of("Range", List.of("bytes=0-0"))))
                .status())
        .isEqualTo(200);
  }

  @Test
  void conditionsAreEvaluatedInTheOrderOfTheSpecification() throws IOException {
    String url = urls.variant(hello, THREE);
    DeliveryResponse plain = get(url);
    String tag = plain.header("ETag").orElseThrow();
    String date = plain.header("Last-Modified").orElseThrow();
    String before = "Sun, 06 Nov 1994 08:49:37 GMT";
    String after = "Fri, 31 Dec 2100 23:59:59 GMT";
    assertThat(tag).matches("\"[0-9a-f]{32}\"");
    Object[][] cases = {
      {"If-None-Match", tag, 304},
      {"If-None-Match", "W/" + tag, 304},
      {"If-None-Match", "\"x\", " + tag, 304},
      {"If-None-Match", "*", 304},
      {"If-None-Match", "\"x\"", 200},
      {"If-None-Match", "x" + tag, 200},
      {"If-Modified-Since", date, 304},
      {"If-Modified-Since", after, 304},
      {"If-Modified-Since", before, 200},
      {"If-Modified-Since", "Sunday, 06-Nov-94 08:49:37 GMT", 200},
      {"If-Modified-Since", "nonsense", 200},
      {"If-Match", tag, 200},
      {"If-Match", "*", 200},
      {"If-Match", "W/" + tag, 412},
      {"If-Match", "\"x\"", 412},
      {"If-Unmodified-Since", date, 200},
      {"If-Unmodified-Since", before, 412},
      {"If-Unmodified-Since", "nonsense", 200},
    };
    for (Object[] one : cases) {
      DeliveryResponse response = get(url, (String) one[0], (String) one[1]);
      assertThat(response.status()).as("%s: %s", one[0], one[1]).isEqualTo(one[2]);
      if (response.status() == 304) {
        assertThat(response.body().size()).isZero();
        assertThat(response.header("ETag")).contains(tag);
        assertThat(response.header("Content-Length")).isEmpty();
      }
    }
    Map<String, List<String>> both =
        Map.of("If-None-Match", List.of("\"x\""), "If-Modified-Since", List.of(date));
    assertThat(delivery.handle(new DeliveryRequest("GET", url, both)).status())
        .as("the tag decides where there is one")
        .isEqualTo(200);
  }

  @Test
  void rangesAreServedAsTheSpecificationSays() throws IOException {
    String url = urls.original(hello, "txt"); // toy:hello, 9 bytes
    String tag = get(url).header("ETag").orElseThrow();
    Object[][] cases = {
      {"bytes=0-2", 206, "toy", "bytes 0-2/9"},
      {"bytes=4-", 206, "hello", "bytes 4-8/9"},
      {"bytes=-5", 206, "hello", "bytes 4-8/9"},
      {"bytes=-100", 206, "toy:hello", "bytes 0-8/9"},
      {"bytes=8-100", 206, "o", "bytes 8-8/9"},
      {"BYTES=0-0", 206, "t", "bytes 0-0/9"},
      {"bytes=9-", 416, "", "bytes */9"},
      {"bytes=-0", 416, "", "bytes */9"},
      {"bytes=3-2", 200, "toy:hello", null},
      {"bytes=", 200, "toy:hello", null},
      {"bytes=a-b", 200, "toy:hello", null},
      {"bytes=0-1000000000000000000000", 200, "toy:hello", null},
      {"lines=0-1", 200, "toy:hello", null},
      {"bytes=0-8,0-8", 200, "toy:hello", null},
      {"bytes=" + "0-0,".repeat(40) + "1-1", 200, "toy:hello", null},
    };
    for (Object[] one : cases) {
      DeliveryResponse response = get(url, "Range", (String) one[0]);
      assertThat(response.status()).as("Range: %s", one[0]).isEqualTo(one[1]);
      assertThat(response.header("Content-Range").orElse(null)).isEqualTo(one[3]);
      assertThat(response.header("Content-Length"))
          .contains(String.valueOf(((String) one[2]).length()));
      assertThat(text(response)).isEqualTo(one[2]);
    }
    for (String condition : List.of(tag, "\"x\"", "Fri, 31 Dec 2100 23:59:59 GMT", "W/" + tag)) {
      Map<String, List<String>> headers =
          Map.of("Range", List.of("bytes=0-2"), "If-Range", List.of(condition));
      assertThat(delivery.handle(new DeliveryRequest("GET", url, headers)).status())
          .as("If-Range: %s", condition)
          .isEqualTo(condition.equals(tag) ? 206 : 200);
    }
  }

  @Test
  void severalRangesComeInSeveralParts() throws IOException {
    DeliveryResponse response = get(urls.original(hello, "txt"), "Range", "bytes=0-2, 5-6");
    assertThat(response.status()).isEqualTo(206);
    String type = response.header("Content-Type").orElseThrow();
    assertThat(type).startsWith("multipart/byteranges; boundary=");
    String boundary = type.substring(type.indexOf('=') + 1);
    String media =
        assets.find(hello).orElseThrow().facts().get(Fact.MEDIA_TYPE).orElseThrow().text();
    assertThat(text(response))
        .isEqualTo(
            ("--%1$s\r\nContent-Type: %2$s\r\nContent-Range: bytes 0-2/9\r\n\r\ntoy\r\n"
                    + "--%1$s\r\nContent-Type: %2$s\r\nContent-Range: bytes 5-6/9\r\n\r\nel\r\n"
                    + "--%1$s--\r\n")
                .formatted(boundary, media));
  }
}
