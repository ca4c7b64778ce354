package dev.hfsm.cli.serve;

import static dev.hfsm.cli.serve.Served.field;
import static dev.hfsm.cli.serve.Served.picture;
import static dev.hfsm.cli.serve.Served.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Scope;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API behind the page, and who may use it. */
@Timeout(300)
class SiteTest {

  private static final Duration PATIENT = Duration.ofSeconds(120);

  @TempDir Path folder;
  private Served site;

  @BeforeEach
  void open() throws Exception {
    site = new Served(folder, "localhost", null);
  }

  @AfterEach
  void close() {
    site.close();
  }

  private AssetId inspected(HttpResponse<byte[]> upload) {
    AssetId id = AssetId.of(new Digest(field(upload, "id")));
    site.assets.awaitInspected(id, PATIENT);
    return id;
  }

  private long assets() {
    return site.assets.stats(Scope.DEFAULT).assets().values().stream().mapToLong(n -> n).sum();
  }

  @Test
  void anUploadIsStoredOnceAndDescribed() throws Exception {
    byte[] photo = picture("jpg", 640, 480, 1);
    HttpResponse<byte[]> first = site.post(photo, "X-File-Name", "sea%20%2B%20%C3%BC.jpg");
    HttpResponse<byte[]> second = site.post(photo, "X-File-Name", "again.jpg");
    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(field(first, "outcome")).isEqualTo("created");
    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(field(second, "outcome")).isEqualTo("duplicate");
    assertThat(field(second, "id")).isEqualTo(Digest.ofContent(photo).hex());

    HttpResponse<byte[]> details = site.get("/api/assets/" + inspected(first).digest().hex());
    assertThat(field(details, "state")).isEqualTo("METADATA_READY");
    assertThat(field(details, "name")).isEqualTo("sea + ü.jpg");
    assertThat(field(details, "mediaType")).isEqualTo("image/jpeg");
    assertThat(field(details, "width")).isEqualTo("640");
    assertThat(field(details, "uploads")).isEqualTo("2");
    assertThat(text(details))
        .containsSubsequence("\"INGESTED\"", "\"DEDUP_CHECK\"", "\"METADATA_READY\"");
    assertThat(site.get(field(details, "original")).body()).isEqualTo(photo);
    HttpResponse<byte[]> totals = site.get("/api/totals");
    assertThat(field(totals, "savedBytes")).isEqualTo(String.valueOf(photo.length));
    assertThat(field(totals, "duplicates")).isEqualTo("1");
  }

  @Test
  void aVariantIsMadeOnItsFirstRequestAndWhatIsNotMadeAgainIsCounted() throws Exception {
    String id = inspected(site.post(picture("jpg", 640, 480, 1))).digest().hex();
    String recipe = "/api/assets/" + id + "/link?recipe=format%3Dpng,w%3D100";
    HttpResponse<byte[]> link = site.get(recipe);
    assertThat(field(link, "recipe")).isEqualTo("w=100,format=png");
    assertThat(text(site.get("/api/assets/" + id))).contains("\"variants\":[]");

    HttpResponse<byte[]> first = site.get(field(link, "url"));
    assertThat(ImageIO.read(new ByteArrayInputStream(first.body())).getWidth()).isEqualTo(100);
    assertThat(first.headers().firstValue("Server-Timing").orElseThrow()).contains("transform");
    assertThat(field(site.get("/api/totals"), "reused")).isEqualTo("0");

    assertThat(site.get(field(link, "url")).body()).isEqualTo(first.body());
    HttpResponse<byte[]> totals = site.get("/api/totals");
    while (field(totals, "reused").equals("0")) {
      totals = site.get("/api/totals"); // it is counted once the answer is out
    }
    assertThat(field(totals, "reused")).isEqualTo("1");
    HttpResponse<byte[]> details = site.get("/api/assets/" + id);
    while (text(details).contains("\"variants\":[]")) {
      details = site.get("/api/assets/" + id); // it is kept once it was answered
    }
    assertThat(Double.parseDouble(field(totals, "savedMillis")))
        .isEqualTo(Double.parseDouble(variantField(details, "millis")));
    assertThat(variantField(details, "url")).isEqualTo(field(link, "url"));
    assertThat(field(details, "state")).isEqualTo("VARIANTS_READY");
  }

  private static String variantField(HttpResponse<byte[]> details, String name) {
    var m =
        Pattern.compile("\"variants\":\\[\\{.*?\"" + name + "\":\"?([^\",}]+)")
            .matcher(text(details));
    assertThat(m.find()).as(text(details)).isTrue();
    return m.group(1);
  }

  @Test
  void pagesGoThroughEveryAssetOnce() throws Exception {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      byte[] content = ("text number " + i).getBytes(StandardCharsets.UTF_8);
      site.post(content);
      expected.add(Digest.ofContent(content).hex());
    }
    List<String> seen = new ArrayList<>();
    String after = "";
    while (after != null) {
      String page = text(site.get("/api/assets?limit=2&after=" + after));
      Pattern.compile("\"id\":\"([0-9a-f]{64})\"")
          .matcher(page)
          .results()
          .forEach(m -> seen.add(m.group(1)));
      var next = Pattern.compile("\"next\":\"([^\"]+)\"").matcher(page);
      after = next.find() ? next.group(1) : null;
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
    String unknown = "0".repeat(64);
    assertThat(text(site.get("/api/assets?ids=" + expected.get(3) + "," + unknown)))
        .contains(expected.get(3))
        .doesNotContain(unknown);
  }

  @Test
  void halfAFileIsNotTakenForAFile() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", site.port())) {
      String head =
          "POST /api/assets HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2500000\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(new byte[2_000_000]); // enough to be spooled to a file
      socket.shutdownOutput();
      socket.getInputStream().readAllBytes();
    }
    assertThat(site.log.take()).contains(" POST /api/assets 400 ");
    assertThat(assets()).isZero();
    try (var left = Files.list(folder.resolve("data/spool"))) {
      assertThat(left).isEmpty();
    }
    HttpRequest.Builder chunked =
        HttpRequest.newBuilder(URI.create(site.url("/api/assets")))
            .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString("of unknown length")));
    assertThat(site.send(chunked).statusCode()).isEqualTo(411);
    assertThat(assets()).isZero();
  }

  @Test
  void whatIsTooLargeOrEmptyIsRefusedInWords() throws Exception {
    String size = String.valueOf(Served.MAX_BYTES + 1);
    assertThat(site.raw("POST /api/assets HTTP/1.1", "Host: localhost", "Content-Length: " + size))
        .contains(" 413 ");
    HttpResponse<byte[]> empty = site.post(new byte[0]);
    assertThat(empty.statusCode()).isEqualTo(413);
    assertThat(field(empty, "title")).contains("expected at least 1 byte");
    assertThat(assets()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET    | /api/assets/0123                             | 404",
        "GET    | /api/assets/ID                               | 404",
        "GET    | /api/assets/ID/link                          | 400",
        "GET    | /api/assets/ID/link?recipe=w%3D0             | 400",
        "GET    | /api/assets/ID/link?recipe=%zz               | 400",
        "GET    | /api/assets?limit=0                          | 400",
        "GET    | /api/assets?limit=101                        | 400",
        "GET    | /api/assets?ids=zz                           | 400",
        "GET    | /api/                                        | 404",
        "GET    | /api/assets/                                 | 404",
        "GET    | /api/assets/../../etc/passwd                 | 404",
        "DELETE | /api/assets                                  | 405",
        "POST   | /api/totals                                  | 405",
        "POST   | /                                            | 405",
        "GET    | /page/index.html                             | 404",
        "GET    | /..%2f..%2fetc/passwd                        | 404",
      })
  void whatMakesNoSenseIsAnsweredSo(String method, String path, int status) throws Exception {
    String asked = path.replace("ID", "0".repeat(64));
    assertThat(site.raw(method + " " + asked + " HTTP/1.1", "Host: localhost", "Content-Length: 0"))
        .startsWith("HTTP/1.1 " + status);
  }

  @Test
  void aMalformedNameOfAFileIsRefused() throws Exception {
    assertThat(site.post(new byte[] {1}, "X-File-Name", "%zz").statusCode()).isEqualTo(400);
    assertThat(assets()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST:1", "127.0.0.1:8080", "127.1.2.3", "[::1]:80", "[::1]"})
  void namesOfThisMachineAreAnswered(String host) throws Exception {
    assertThat(site.raw("GET /api/totals HTTP/1.1", "Host: " + host)).contains(" 200 ");
    assertThat(site.raw("GET / HTTP/1.1", "Host: " + host)).contains(" 200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: evil.example",
        "Host: localhost.evil.example",
        "Host: 127.0.0.1.evil.example",
        "Host: evil.example:8080",
        "Host: localhost@evil.example",
        "Host: [::2]",
        "Host: 0.0.0.0",
        "Host: 10.0.0.1",
        "Host:",
        "X-Host: localhost"
      })
  void aNameThatPointsHereAllOfASuddenIsNot(String host) throws Exception {
    assertThat(site.raw("GET /api/totals HTTP/1.1", host)).contains(" 421 ");
    assertThat(site.raw("GET / HTTP/1.1", host)).contains(" 421 ");
    assertThat(site.raw("POST /api/assets HTTP/1.1", host, "Content-Length: 1", "", "x"))
        .contains(" 421 ");
    assertThat(assets()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: http://evil.example",
        "Origin: http://localhost:1",
        "Origin: null",
        "Origin: http://localhost.evil.example",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site"
      })
  void aPageOfAnotherSiteNeitherUploadsNorReads(String header) throws Exception {
    String host = "Host: localhost:" + site.port();
    String upload = "POST /api/assets HTTP/1.1";
    assertThat(site.raw(upload, host, header, "Content-Length: 1", "", "x")).contains(" 403 ");
    assertThat(site.raw("GET /api/assets HTTP/1.1", host, header)).contains(" 403 ");
    assertThat(assets()).isZero();
  }

  @Test
  void theOwnPageUploads() throws Exception {
    String origin = "http://localhost:" + site.port();
    assertThat(
            site.post(new byte[] {1}, "Origin", origin, "Sec-Fetch-Site", "same-origin")
                .statusCode())
        .isEqualTo(201);
  }

  @Test
  void whereOthersCanReachItATokenIsNeeded() throws Exception {
    InetAddress everywhere = InetAddress.getByName("0.0.0.0");
    assertThatThrownBy(() -> new Guard(everywhere, "0.0.0.0", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token");
    Token token = Token.random();
    try (Served open = new Served(folder.resolve("open"), "0.0.0.0", token)) {
      byte[] photo = picture("png", 60, 40, 1);
      assertThat(open.post(photo).statusCode()).isEqualTo(401);
      assertThat(open.post(photo, "Authorization", "Bearer " + token.reveal() + "x").statusCode())
          .isEqualTo(401);
      assertThat(open.get("/api/assets").statusCode()).isEqualTo(401);
      String bearer = "Bearer " + token.reveal();
      HttpResponse<byte[]> upload = open.post(photo, "Authorization", bearer);
      assertThat(upload.statusCode()).isEqualTo(201);
      assertThat(open.get("/api/totals", "Authorization", bearer).statusCode()).isEqualTo(200);
      assertThat(open.raw("GET / HTTP/1.1", "Host: photos.example")).contains(" 200 ");
      assertThat(open.get(field(upload, "original")).body()).as("signed").isEqualTo(photo);
      assertThat(
              open.post(photo, "Authorization", bearer, "Origin", "http://evil.example")
                  .statusCode())
          .isEqualTo(403);
    }
  }

  @Test
  void aTokenIsLongEnoughAndDoesNotPrintItself() {
    assertThatThrownBy(() -> Token.of("short")).hasMessageContaining("16");
    assertThat(Token.of("0123456789abcdef").toString()).doesNotContain("0123");
    assertThat(Token.random().reveal()).hasSize(22).isNotEqualTo(Token.random().reveal());
  }

  @Test
  void thePageIsHeldToItsOwnFiles() throws Exception {
    HttpResponse<byte[]> page = site.get("/");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
        .doesNotContain("unsafe", "http:", "https:", "*");
    assertThat(text(page))
        .doesNotContainPattern("<script(?![^>]*src=)")
        .doesNotContain("<style", "style=", "http:", "https:", "onclick");
    for (String file : List.of("main", "api", "card", "uploads", "variants", "words")) {
      HttpResponse<byte[]> script = site.get("/" + file + ".js");
      assertThat(script.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/javascript");
      assertThat(text(script))
          .doesNotContain(
              "innerHTML", "insertAdjacentHTML", "outerHTML", "document.write", "eval(");
    }
  }
}
