package dev.hfsm.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.http.RawClient.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that no honest client makes, over a bare socket, at every server. */
@ParameterizedClass
@EnumSource(TestServer.class)
@Timeout(300)
class HostileRequestsTest {

  private final ServedFiles files;
  private final String letters;

  HostileRequestsTest(TestServer server) throws Exception {
    files = new ServedFiles(server);
    letters = files.letters();
  }

  @AfterEach
  void stop() throws Exception {
    files.close();
  }

  /** All that comes until the server hangs up. */
  private String said(String request) throws IOException {
    try (RawClient raw = new RawClient(files.port)) {
      raw.say(request);
      return raw.rest();
    }
  }

  private void requireSound() throws IOException {
    try (RawClient raw = new RawClient(files.port)) {
      assertThat(raw.ask("GET", letters).text()).isEqualTo(ServedFiles.LETTERS);
    }
  }

  @Test
  void noPathLeadsOutOrToAnotherSpellingOfALink() throws Exception {
    String below = letters.substring("/assets".length());
    List<String> targets =
        new ArrayList<>(
            List.of(
                "/assets/../../../../etc/passwd",
                "/assets/..%2f..%2f..%2fetc%2fpasswd",
                "/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
                "/assets/%252e%252e/%252e%252e/etc/passwd",
                "/assets/..\\..\\..\\etc\\passwd",
                "/assets/..%5c..%5cetc%5cpasswd",
                "/assets/..;/..;/etc/passwd",
                "/assets/%c0%ae%c0%ae/etc/passwd",
                "/assets/file:///etc/passwd",
                "/assets/x/.." + below,
                "/assets/." + below,
                "/assets/" + below,
                "/assets" + below.replaceFirst("/s/", "%2Fs%2F"),
                "/assets" + below.replace("/", "%2f"),
                "/assets" + below.replace(".", "%2e"),
                "/assets" + below.replace("/s/", "/%73/"),
                "/assets" + below.replace("/s/", "/%2573/"),
                "/assets" + below.replace("/s/", "//s/"),
                "/assets" + below + "/",
                "/assets" + below + "%00",
                "/assets" + below + "%00.jpg",
                "/assets" + below + "%0d%0aSet-Cookie:%20x",
                "/assets" + below + ";jsessionid=1",
                "/assets" + below + "?width=1",
                "/assets" + below + "?" + "a=b&".repeat(500),
                "/assets" + below.replace(".txt", ".\u00e4xt"),
                "/assets" + below.replace(".txt", ".%e4xt"),
                "/assets" + below.replace(".txt", ".%c3%a4xt"),
                "/assets" + below.toUpperCase(Locale.ROOT),
                "/assets/" + "a".repeat(4000),
                "/assets/" + "a/".repeat(2000),
                "/assets/" + "%2e".repeat(1000),
                "/assets/%",
                "/assets/%zz",
                "/assets/%0",
                "/assets/[",
                "/assets/|",
                "/assets/\u0000",
                "/assets",
                "/assets/"));
    for (String target : targets) {
      String answer = said(RawClient.request("GET", target, "Connection: close"));
      if (!answer.isEmpty()) {
        assertThat(answer)
            .as(target)
            .matches("(?s)HTTP/1\\.[01] (400|403|404|414) .*")
            .doesNotContain("root:", ServedFiles.LETTERS, "\nSet-Cookie");
      }
    }
    assertThat(files.store.opened()).as("streams of the store").isZero();
    requireSound();
  }

  @Test
  void aPathOfManyKilobytesIsRefused() throws Exception {
    for (int length : new int[] {8_200, 20_000, 70_000}) {
      String target = "/assets/" + "a".repeat(length);
      try (RawClient raw = new RawClient(files.port)) {
        raw.say(RawClient.request("GET", target, "Connection: close"));
        assertThat(raw.answer("GET").status()).isIn(400, 404, 414, 431);
      } catch (IOException hungUp) {
        // Also an answer, as long as others get theirs.
      }
    }
    requireSound();
  }

  @Test
  void whatIsSaidInARequestIsNotRepeatedInAnAnswer() throws Exception {
    String mark = "x7c0ffee";
    List<String> requests =
        List.of(
            RawClient.request("GET", "/assets/" + mark, "Connection: close"),
            RawClient.request(
                "GET",
                letters,
                "If-None-Match: \"" + mark + "\"",
                "If-Match: \"q\"",
                "Connection: close"),
            RawClient.request("GET", letters, "Range: bytes=" + mark, "Connection: close"),
            RawClient.request("GET", letters, "X-Forwarded-Host: " + mark, "Connection: close"),
            RawClient.request("GET", letters, "Origin: " + mark, "Connection: close"));
    for (String request : requests) {
      assertThat(said(request)).as(request).startsWith("HTTP/1.1 ").doesNotContain(mark);
    }
  }

  @Test
  void headersOfAnyKindAreTakenOrRefusedAndNothingElse() throws Exception {
    List<String> fields =
        List.of(
            "If-None-Match: " + ", ".repeat(2000),
            "If-None-Match: " + "\"a\",".repeat(1000),
            "If-Match: " + "\"".repeat(3000),
            "If-None-Match: " + "W/".repeat(1500),
            "Range: bytes=" + "0-0,".repeat(1500),
            "Range: bytes=" + ",".repeat(4000),
            "Range: bytes=" + "9".repeat(4000) + "-",
            "Range: bytes=0-18446744073709551616",
            "Range: bytes=-9223372036854775808",
            "Range: bytes=9223372036854775807-",
            "Accept: " + "a/b;q=0.1,".repeat(700),
            "Accept: " + "/".repeat(4000),
            "If-Modified-Since: " + "9".repeat(4000),
            "If-Modified-Since: -",
            "If-Range: \u00ff\u00fe",
            "If-None-Match: \"\u00e4\"",
            "X: " + "y".repeat(4000));
    for (String field : fields) {
      try (RawClient raw = new RawClient(files.port)) {
        Answer answer = raw.ask("GET", letters, field);
        assertThat(answer.status()).as(field).isIn(200, 206, 400, 412, 416, 431);
        if (answer.status() == 200) {
          assertThat(answer.text()).isEqualTo(ServedFiles.LETTERS);
        }
      }
    }
    requireSound();
  }

  @Test
  void brokenRequestsGetNoBytes() throws Exception {
    List<String> requests =
        List.of(
            "\r\n\r\n\r\n\r\n",
            "GET\r\n\r\n",
            "GET " + letters + "\r\n\r\n",
            "GET " + letters + " HTTP/9.9\r\nHost: x\r\n\r\n",
            "GET " + letters + " HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            "GET "
                + letters
                + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
                + "Content-Length: 2\r\n\r\nab",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n");
    for (String request : requests) {
      try (RawClient raw = new RawClient(files.port)) {
        raw.say(request + RawClient.request("GET", "/assets/end", "Connection: close"));
        assertThat(raw.rest()).as(request).doesNotContain("root:");
      } catch (IOException hungUp) {
        // Also an answer.
      }
    }
    requireSound();
  }

  @Test
  void aConnectionServesOnAfterEveryKindOfAnswer() throws Exception {
    try (RawClient raw = new RawClient(files.port)) {
      for (int i = 0; i < 3; i++) {
        assertThat(raw.ask("GET", "/assets/nothing").status()).isEqualTo(404);
        assertThat(raw.ask("GET", letters.replace("/s/k1.", "/s/k2.")).status()).isEqualTo(403);
        assertThat(raw.ask("HEAD", "/assets/nothing").status()).isEqualTo(404);
        raw.say(RawClient.request("POST", letters, "Content-Length: 5") + "hello");
        assertThat(raw.answer("POST").status()).isEqualTo(405);
        assertThat(raw.ask("GET", letters, "Range: bytes=99-").status()).isEqualTo(416);
        assertThat(raw.ask("GET", letters, "If-None-Match: *").status()).isEqualTo(304);
        assertThat(raw.ask("GET", letters, "If-Match: \"x\"").status()).isEqualTo(412);
        assertThat(raw.ask("HEAD", letters).status()).isEqualTo(200);
        assertThat(raw.ask("GET", letters).text()).isEqualTo(ServedFiles.LETTERS);
      }
    }
  }

  @Test
  void requestsThatAreSentTogetherAreAnsweredInTheirOrder() throws Exception {
    StringBuilder together = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      together
          .append(RawClient.request("GET", letters, "Range: bytes=" + i + "-" + i))
          .append(RawClient.request("GET", "/assets/nothing"))
          .append(RawClient.request("HEAD", letters))
          .append(RawClient.request("GET", letters, "If-None-Match: *"));
    }
    try (RawClient raw = new RawClient(files.port)) {
      raw.say(together.toString());
      for (int i = 0; i < 20; i++) {
        assertThat(raw.answer("GET").text()).isEqualTo(ServedFiles.LETTERS.substring(i, i + 1));
        assertThat(raw.answer("GET").status()).isEqualTo(404);
        assertThat(raw.answer("HEAD").status()).isEqualTo(200);
        assertThat(raw.answer("GET").status()).isEqualTo(304);
      }
    }
  }

  @Test
  void aBodyThatNobodyAskedForIsNotTakenForTheNextRequest() throws Exception {
    String smuggled = RawClient.request("GET", "/assets/smuggled");
    try (RawClient raw = new RawClient(files.port)) {
      raw.say(
          "GET "
              + letters
              + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
              + smuggled.length()
              + "\r\n\r\n"
              + smuggled);
      assertThat(raw.answer("GET").text()).isEqualTo(ServedFiles.LETTERS);
      assertThat(raw.ask("GET", letters).text()).isEqualTo(ServedFiles.LETTERS);
    }
  }

  @Test
  void aFileNameOfAnyKindStaysAName() throws Exception {
    List<String> names =
        List.of(
            "a\r\nSet-Cookie: x=1.txt",
            "a\"; filename=\"evil.exe",
            "../../etc/passwd",
            "..\\..\\boot.ini",
            "photo\u202egpj.exe",
            "\u0000\u0001\u007f.txt",
            "%2e%2e%2f.txt",
            "\u00fcn\u00efc\u00f6d\u00e9 \u4e2d\u6587 \ud83d\ude00.txt",
            "x".repeat(255),
            ".htaccess",
            "con",
            "a;b=c,d.txt",
            "=?utf-8?q?x?=");
    for (int i = 0; i < names.size(); i++) {
      String path =
          files.original(("file " + i).getBytes(StandardCharsets.UTF_8), "txt", names.get(i));
      try (RawClient raw = new RawClient(files.port)) {
        Answer answer = raw.ask("GET", path);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.fields()).doesNotContainKey("Set-Cookie");
        assertThat(answer.field("Content-Disposition"))
            .matches("attachment(; filename\\*=UTF-8''[A-Za-z0-9%.-]+)?")
            .doesNotContain("%2F", "%5C", "%0D", "%0A", "%00", "%22");
        assertThat(answer.text()).isEqualTo("file " + i);
      }
    }
  }
}
