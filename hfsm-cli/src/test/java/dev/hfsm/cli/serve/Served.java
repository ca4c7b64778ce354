package dev.hfsm.cli.serve;

import dev.hfsm.AssetPipeline;
import dev.hfsm.CostLimits;
import dev.hfsm.PipelineBuilder;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.embedded.Hfsm;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** A site over a folder of its own, and a client of it. */
final class Served implements AutoCloseable {

  static final long MAX_BYTES = 3_000_000;

  final AssetPipeline assets;
  final BlockingQueue<String> log = new LinkedBlockingQueue<>();
  private final Site site;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Served(Path folder, String host, @Nullable Token token) throws IOException {
    this(folder, host, token, UnaryOperator.identity(), CostLimits.NONE);
  }

  Served(
      Path folder,
      String host,
      @Nullable Token token,
      UnaryOperator<PipelineBuilder> more,
      CostLimits costs)
      throws IOException {
    assets =
        more.apply(Hfsm.embedded(folder.resolve("data")).maxUploadBytes(MAX_BYTES).costs(costs))
            .start();
    site =
        Site.open(
            assets,
            new Site.Settings(
                new InetSocketAddress(host, 0),
                host,
                token,
                SigningKeys.of("k1", new byte[32]),
                MAX_BYTES,
                null,
                costs,
                log::add));
  }

  int port() {
    return site.port();
  }

  String url(String path) {
    return "http://localhost:" + site.port() + path;
  }

  HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(url(path))), headers);
  }

  HttpResponse<byte[]> post(byte[] body, String... headers) throws Exception {
    return send(
        HttpRequest.newBuilder(URI.create(url("/api/assets")))
            .POST(BodyPublishers.ofByteArray(body)),
        headers);
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request, String... headers) throws Exception {
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(
        request.timeout(Duration.ofSeconds(120)).build(), BodyHandlers.ofByteArray());
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  /** The value of a field that is there once, or the first of several. */
  static String field(HttpResponse<byte[]> response, String name) {
    Matcher m =
        Pattern.compile("\"" + name + "\":(?:\"([^\"]*)\"|([^,}\\]]+))").matcher(text(response));
    if (!m.find()) {
      throw new AssertionError("no field " + name + " in " + text(response));
    }
    return m.group(1) == null ? m.group(2) : m.group(1);
  }

  /** Sends lines as they are, and gives the first line of the answer. */
  String raw(String... lines) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", site.port())) {
      String request = String.join("\r\n", lines) + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.lines().findFirst().orElse("");
    }
  }

  static byte[] picture(String format, int width, int height, int seed) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = picture.createGraphics();
    g.setPaint(
        new GradientPaint(0, 0, new Color(seed * 40 % 256, 120, 200), width, height, Color.ORANGE));
    g.fillRect(0, 0, width, height);
    g.setColor(Color.WHITE);
    g.fillOval(width / 4, height / 4, width / 3, width / 3);
    g.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(picture, format, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    site.close();
    assets.close();
  }
}
