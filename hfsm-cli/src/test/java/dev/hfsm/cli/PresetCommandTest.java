package dev.hfsm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.cli.Command.Document;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The URLs of presets that {@code hfsm url} tells are those that {@code hfsm serve} serves. */
@Timeout(300)
class PresetCommandTest {

  @TempDir Path folder;
  private Path data;
  private Path options;
  private String id;

  @BeforeEach
  void anAsset() throws IOException {
    data = folder.resolve("data");
    Path photo = Pictures.jpeg(folder.resolve("one.jpg"), 200, 150, 1);
    options =
        Files.writeString(
            folder.resolve("shop.options"),
            "--preset thumb=w=32,h=32,fit=cover,format=webp\n--preset hero=w=160,h=90\n"
                + "--widths hero=80,40\n");
    Command ingest = Command.run("--data", data, "--json", "ingest", photo);
    id = ingest.json().get("assets").at(0).get("id").text();
  }

  private Command url(Object... more) {
    Object[] args = new Object[more.length + 5];
    System.arraycopy(new Object[] {"--data", data, "url", "@" + options, id}, 0, args, 0, 5);
    System.arraycopy(more, 0, args, 5, more.length);
    return Command.run(args);
  }

  @Test
  void theUrlsOfPresetsAreServedToAnybodyOnceTheAssetIsPublic() throws Exception {
    Command closed = url();
    assertThat(closed.exitCode()).isZero();
    assertThat(closed.err()).contains("private").contains("hfsm publish " + id);
    assertThat(closed.out()).contains("thumb  http://localhost:8080/assets/v/thumb-");
    assertThat(Command.run("--data", data, "publish", id).exitCode()).isZero();
    assertThat(url().err()).isEmpty();

    Process serve =
        Command.process(
                List.of(),
                "--data",
                data,
                "serve",
                "--port",
                0,
                "@" + options,
                "--budget-total-cpu",
                "30m",
                "--over-budget",
                "stand-in")
            .start();
    try (BufferedReader said = serve.inputReader()) {
      String base = said.readLine().replaceFirst("Serving at (.*)/", "$1/assets");
      assertThat(said.readLine()).isEqualTo("Presets of public assets: thumb, hero");
      Command open = url("--base", base + "/", "--json");
      assertThat(open.exitCode()).as(open.err()).isZero();
      Document presets = open.json().get("presets");
      assertThat(presets.size()).isEqualTo(2);
      assertThat(get(presets.at(0).get("url").text()).headers().firstValue("content-type"))
          .contains("image/webp");
      String[] srcset = presets.at(1).get("srcset").text().split(", ");
      assertThat(srcset).hasSize(2).allMatch(one -> one.matches("\\S+ (40|80)w"));
      assertThat(get(srcset[0].split(" ")[0]).statusCode()).isEqualTo(200);
      assertThat(presets.at(0).get("srcset").text()).isEqualTo("null");
    } finally {
      serve.destroyForcibly();
    }
  }

  private static HttpResponse<byte[]> get(String url) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
  }

  @Test
  void whatIsUploadedToAPageIsPublicIfThatIsSaid() throws Exception {
    byte[] photo = Files.readAllBytes(folder.resolve("one.jpg"));
    Process serve =
        Command.process(List.of(), "--data", data, "serve", "--port", 0, "@" + options, "--public")
            .start();
    try (BufferedReader said = serve.inputReader()) {
      String page = said.readLine().replaceFirst("Serving at ", "");
      HttpRequest upload =
          HttpRequest.newBuilder(URI.create(page + "api/assets"))
              .POST(BodyPublishers.ofByteArray(photo))
              .build();
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(upload, BodyHandlers.ofString());
      assertThat(answer.body())
          .contains("\"outcome\":\"duplicate\"", "\"visibility\":\"PUBLIC\"", "/v/thumb-");
    } finally {
      serve.destroyForcibly();
    }
  }

  @Test
  void onlyThePresetsThatAreNamedAreTold() {
    assertThat(url("hero").out()).contains("hero  http", "hero  srcset: ").doesNotContain("thumb");
    Command unknown = url("her");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("expected one of [thumb, hero], found her");
    assertThat(Command.run("--data", data, "url", id).err()).contains("expected --preset");
    assertThat(url("--base", "ftp://host").err()).contains("--base: expected http(s)://HOST");
    assertThat(url("--base", "/pictures").out()).contains("thumb  /pictures/v/thumb-");
    assertThat(Command.run("--data", data, "url", "@" + options, "0".repeat(64)).err())
        .contains("no asset has the ID");
  }

  @Test
  void ofWhatIsNoPictureNothingIsPromised() throws IOException {
    Path text = Files.writeString(folder.resolve("a.txt"), "just text");
    Command.run("--data", data, "ingest", "--public", text);
    Command ls = Command.run("--data", data, "--json", "ls");
    for (int i = 0; i < 2; i++) {
      String one = ls.json().get("assets").at(i).get("id").text();
      if (!one.equals(id)) {
        assertThat(Command.run("--data", data, "url", "@" + options, one).err())
            .contains("no variants can be made");
      }
    }
  }
}
