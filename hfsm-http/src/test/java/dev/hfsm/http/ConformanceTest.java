package dev.hfsm.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.http.RawClient.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every line of the tables "case by case" in docs/delivery.md, asked by two clients that know
 * nothing of ours: the JDK's, and one that speaks over a bare socket and keeps its connection, so
 * that an answer of the wrong length spoils the next.
 */
@ParameterizedClass
@EnumSource(TestServer.class)
@Timeout(300)
class ConformanceTest {

  private static final Pattern ROW =
      Pattern.compile("\\| ([0-9.]+) \\| (.*) \\| ([0-9]{3})(.*) \\|");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final String MODIFIED = "Mon, 06 May 2024 07:08:09 GMT";

  private final ServedFiles files;
  private String letters;
  private String negotiated;
  private String tag;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  ConformanceTest(TestServer server) throws Exception {
    files = new ServedFiles(server);
  }

  @BeforeEach
  void fill() throws Exception {
    letters = files.letters();
    negotiated = files.negotiated();
    try (RawClient raw = new RawClient(files.port)) {
      tag = raw.ask("GET", letters).field("ETag");
    }
    assertThat(tag).matches("\"[0-9a-f]{32}\"");
  }

  @AfterEach
  void stop() throws Exception {
    files.close();
  }

  /** A line of a table. */
  private record Row(String section, String method, List<String> fields, int status, String says) {

    /** Requests that say what they take are for the variant, all others for the letters. */
    boolean isNegotiated() {
      return section.startsWith("12.");
    }

    /** What the answer has to say. */
    List<String> expected() {
      return codes(says);
    }
  }

  private static List<String> codes(String text) {
    return CODE.matcher(text).results().map(match -> match.group(1)).toList();
  }

  private List<Row> rows() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "delivery.md"));
    List<Row> rows = new ArrayList<>();
    for (MatchResult m : ROW.matcher(page).results().toList()) {
      String request = m.group(2).replace("{tag}", tag).replace("{modified}", MODIFIED);
      List<String> words = codes(request);
      boolean plain = words.isEmpty() || words.get(0).contains(":");
      rows.add(
          new Row(
              m.group(1),
              plain ? "GET" : words.get(0),
              plain ? words : words.subList(1, words.size()),
              Integer.parseInt(m.group(3)),
              m.group(4)));
    }
    return rows;
  }

  @Test
  void everyLineOfThePageIsTrueForAClientOnOneConnection() throws Exception {
    List<Row> rows = rows();
    assertThat(rows).hasSizeGreaterThan(80);
    try (RawClient raw = new RawClient(files.port)) {
      for (Row row : rows) {
        String path = row.isNegotiated() ? negotiated : letters;
        check(row, raw.ask(row.method, path, row.fields.toArray(String[]::new)));
      }
    }
  }

  @Test
  void everyLineOfThePageIsTrueForTheClientOfTheJdk() throws Exception {
    for (Row row : rows()) {
      String path = row.isNegotiated() ? negotiated : letters;
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + files.port + path))
              .method(row.method, BodyPublishers.noBody());
      for (String field : row.fields) {
        int colon = field.indexOf(':');
        request.header(field.substring(0, colon), field.substring(colon + 1).strip());
      }
      if (row.method.equals("TRACE")) {
        continue; // which it does not send
      }
      HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
      Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      fields.putAll(response.headers().map());
      check(row, new Answer(response.statusCode(), fields, response.body()));
    }
  }

  private void check(Row row, Answer answer) {
    String about = row + " " + answer.fields();
    assertThat(answer.status()).as(about).isEqualTo(row.status);
    for (String expected : row.expected()) {
      int colon = expected.indexOf(": ");
      assertThat(answer.field(expected.substring(0, colon)))
          .as(about)
          .isEqualTo(expected.substring(colon + 2));
    }
    assertThat(answer.field("Date")).as(about).isNotEmpty();
    switch (row.status) {
      case 200 -> whole(row, answer);
      case 206 -> partial(answer);
      case 304 -> {
        assertThat(answer.body()).isEmpty();
        assertThat(answer.field("Content-Type")).as(about).isEmpty();
        validators(row, answer);
      }
      case 416 -> assertThat(answer.body()).isEmpty();
      default -> problem(row, answer);
    }
  }

  /** What a cache needs to know: the same of 200, 206 and 304. */
  private void validators(Row row, Answer answer) {
    assertThat(answer.field("Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
    assertThat(answer.field("Last-Modified")).isEqualTo(MODIFIED);
    if (row.isNegotiated()) {
      assertThat(answer.field("Vary")).isEqualTo("Accept");
      assertThat(answer.field("ETag")).isNotEmpty();
    } else {
      assertThat(answer.field("ETag")).isEqualTo(tag);
    }
  }

  private void whole(Row row, Answer answer) {
    validators(row, answer);
    assertThat(answer.field("Accept-Ranges")).isEqualTo("bytes");
    assertThat(answer.field("Content-Range")).isEmpty();
    assertThat(answer.field("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.field("Transfer-Encoding")).isEmpty();
    if (row.method.equals("HEAD")) {
      assertThat(answer.body()).isEmpty();
    } else if (!row.isNegotiated()) {
      assertThat(answer.text()).isEqualTo(ServedFiles.LETTERS);
    }
    if (!row.isNegotiated()) {
      assertThat(answer.field("Content-Length")).isEqualTo("26");
    }
  }

  private void partial(Answer answer) {
    assertThat(answer.field("ETag")).isEqualTo(tag);
    assertThat(answer.field("Cache-Control")).isNotEmpty();
    assertThat(answer.field("Last-Modified")).isEqualTo(MODIFIED);
    assertThat(answer.field("Content-Length")).isEqualTo(String.valueOf(answer.body().length));
    String type = answer.field("Content-Type");
    if (!type.startsWith("multipart/byteranges; boundary=")) {
      assertThat(answer.text()).isEqualTo(lettersOf(answer.field("Content-Range")));
      return;
    }
    assertThat(answer.field("Content-Range")).isEmpty();
    List<String> parts = new ArrayList<>();
    for (MultipartReader.Part part : MultipartReader.read(type, answer.body())) {
      assertThat(part.field("Content-Type")).isEqualTo("text/plain");
      assertThat(new String(part.body(), StandardCharsets.US_ASCII))
          .isEqualTo(lettersOf(part.field("Content-Range")));
      parts.add(part.field("Content-Range"));
    }
    assertThat(parts).hasSizeGreaterThan(1);
  }

  private static String lettersOf(String contentRange) {
    assertThat(contentRange).matches("bytes [0-9]+-[0-9]+/26");
    String[] ends = contentRange.replaceAll("bytes |/26", "").split("-");
    return ServedFiles.LETTERS.substring(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]) + 1);
  }

  private static void problem(Row row, Answer answer) {
    assertThat(answer.field("Content-Type")).isEqualTo("application/problem+json");
    if (!row.method.equals("HEAD")) {
      assertThat(answer.text()).contains("\"status\":" + row.status);
    }
    if (row.status == 405) {
      assertThat(answer.field("Allow")).isEqualTo("GET, HEAD");
    }
  }
}
