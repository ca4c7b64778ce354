package dev.hfsm.http;

import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.embedded.Hfsm;
import dev.hfsm.model.AssetId;
import dev.hfsm.transform.Format;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a real client sees of a real server, over real pictures. */
@Timeout(300)
abstract class ServedCases {

  private static final SigningKeys KEYS = SigningKeys.of("k1", new byte[32]);

  @TempDir Path folder;
  private AssetPipeline assets;
  private AutoCloseable server;
  private int port;
  private AssetUrls urls;
  private AssetId photo;
  private byte[] original;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** A server that has it mounted at {@code /assets}. */
  record Running(int port, AutoCloseable server) {}

  abstract Running serve(Delivery delivery) throws Exception;

  @BeforeEach
  void start() throws Exception {
    assets = Hfsm.embedded(folder.resolve("data")).start();
    original = jpeg();
    photo = assets.ingest(Upload.of(original).named("holiday.jpg")).id();
    Running running = serve(Delivery.of(assets, KEYS).patience(ServedFiles.PATIENCE).build());
    port = running.port();
    server = running.server();
    urls = AssetUrls.of(assets, KEYS, "http://127.0.0.1:" + port + "/assets");
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    assets.close();
  }

  private static byte[] jpeg() throws IOException {
    BufferedImage picture = new BufferedImage(900, 700, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(5);
    for (int y = 0; y < 700; y++) {
      for (int x = 0; x < 900; x++) {
        picture.setRGB(x, y, x / 4 << 16 | y / 3 << 8 | random.nextInt(40));
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(picture, "jpg", out);
    return out.toByteArray();
  }

  private HttpResponse<byte[]> get(String url, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  @Test
  void aPictureComesInTheSizeAskedForAndIsNotSentTwice() throws Exception {
    String url = urls.variant(photo, image().width(300).format(Format.JPEG));
    HttpResponse<byte[]> first = get(url);
    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(first.headers().firstValue("Content-Type")).contains("image/jpeg");
    assertThat(first.headers().firstValue("Content-Disposition")).contains("inline");
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(first.body()));
    assertThat(picture.getWidth()).isEqualTo(300);
    assertThat(first.headers().firstValue("Content-Length"))
        .contains(String.valueOf(first.body().length));
    String tag = first.headers().firstValue("ETag").orElseThrow();
    HttpResponse<byte[]> again = get(url, "If-None-Match", tag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void aCrowdThatComesBeforeItIsMadeGetsTheSameBytes() throws Exception {
    URI url = URI.create(urls.variant(photo, image().width(200).format(Format.WEBP)));
    List<CompletableFuture<HttpResponse<byte[]>>> crowd = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      crowd.add(client.sendAsync(HttpRequest.newBuilder(url).build(), BodyHandlers.ofByteArray()));
    }
    Set<String> seen = new HashSet<>();
    for (CompletableFuture<HttpResponse<byte[]>> one : crowd) {
      HttpResponse<byte[]> response = one.get();
      assertThat(response.statusCode()).isEqualTo(200);
      seen.add(new String(response.body(), StandardCharsets.ISO_8859_1));
    }
    assertThat(seen).hasSize(1);
    assertThat(assets.explain(photo).variants()).hasSize(1);
  }

  @Test
  void anOriginalComesWholeAndInParts() throws Exception {
    String url = urls.original(photo, "jpg");
    HttpResponse<byte[]> whole = get(url);
    assertThat(whole.body()).isEqualTo(original);
    assertThat(whole.headers().firstValue("Content-Disposition"))
        .contains("inline; filename*=UTF-8''holiday.jpg");
    HttpResponse<byte[]> part = get(url, "Range", "bytes=100-199");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(java.util.Arrays.copyOfRange(original, 100, 200));
    assertThat(
            get(url, "Range", "bytes=0-9,20-29").headers().firstValue("Content-Type").orElseThrow())
        .startsWith("multipart/byteranges");
    assertThat(get(url, "Range", "bytes=99999999-").statusCode()).isEqualTo(416);
  }

  @Test
  void aHeadTellsTheLengthAndNothingElse() throws Exception {
    String url = urls.original(photo, "jpg");
    HttpRequest head =
        HttpRequest.newBuilder(URI.create(url))
            .method("HEAD", HttpRequest.BodyPublishers.noBody())
            .build();
    HttpResponse<byte[]> response = client.send(head, BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Length"))
        .contains(String.valueOf(original.length));
    assertThat(response.body()).isEmpty();
  }

  @Test
  void whatIsForgedIsRefused() throws Exception {
    String url = urls.variant(photo, image().width(10).format(Format.PNG));
    assertThat(get(url.replace("w=10@", "w=11@")).statusCode()).isEqualTo(403);
    assertThat(get(url + "?w=11").statusCode()).isEqualTo(404);
    assertThat(get("http://127.0.0.1:" + port + "/assets/").statusCode()).isEqualTo(404);
    HttpResponse<byte[]> problem = get("http://127.0.0.1:" + port + "/assets/x");
    assertThat(problem.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(new String(problem.body(), StandardCharsets.UTF_8))
        .isEqualTo("{\"title\":\"Not found\",\"status\":404}");
    HttpRequest post =
        HttpRequest.newBuilder(URI.create(url))
            .POST(HttpRequest.BodyPublishers.ofString("x"))
            .build();
    assertThat(client.send(post, BodyHandlers.ofByteArray()).statusCode()).isEqualTo(405);
  }

  @Test
  void strangePathsAreAnsweredAndNothingElseHappens() throws Exception {
    for (String path :
        List.of(
            "/assets/../../../etc/passwd",
            "/assets/%2e%2e/%2e%2e/etc/passwd",
            "/assets/..%2f..%2fetc%2fpasswd",
            "/assets/s/k1.%00/x",
            "/assets//s//",
            "/assets/" + "a".repeat(5000))) {
      String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(answer).as(path).matches("(?s)HTTP/1.1 (400|404|414).*").doesNotContain("root:");
    }
  }

  @Test
  void aClientThatHangsUpHurtsNobodyElse() throws Exception {
    String url = urls.original(photo, "jpg");
    String path = URI.create(url).getRawPath();
    for (int i = 0; i < 30; i++) {
      try (Socket socket = new Socket("127.0.0.1", port)) {
        socket
            .getOutputStream()
            .write(
                ("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        socket.getInputStream().read();
        socket.setSoLinger(true, 0); // a reset in the middle of the body
      }
    }
    assertThat(get(url).body()).isEqualTo(original);
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}
