package dev.hfsm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code hfsm serve} as a process: what it says, and how it ends. */
@Timeout(300)
class ServeProcessTest {

  private static final Pattern URL = Pattern.compile("http://[^/ ]+:([0-9]+)/(?:#token=(\\S+))?");

  @TempDir Path folder;
  private final List<Process> started = new ArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  private record Serving(Process process, BufferedReader said, int port, String token) {}

  private Process start(Object... args) throws IOException {
    return start(List.of(), args);
  }

  private Process start(List<String> jvmOptions, Object... args) throws IOException {
    ProcessBuilder process = Command.process(jvmOptions, args);
    process.environment().remove("HFSM_TOKEN");
    Process one = process.start();
    started.add(one);
    return one;
  }

  private Object[] inFolder(Object... more) {
    Object[] args = new Object[more.length + 3];
    args[0] = "--data";
    args[1] = folder.resolve("data");
    args[2] = "serve";
    System.arraycopy(more, 0, args, 3, more.length);
    return args;
  }

  private static Serving serving(Process process) throws IOException {
    BufferedReader said = process.inputReader();
    StringBuilder all = new StringBuilder();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      Matcher m = URL.matcher(line);
      if (m.find()) {
        String token = m.group(2) == null ? "" : m.group(2);
        return new Serving(process, said, Integer.parseInt(m.group(1)), token);
      }
      all.append(line).append('\n');
    }
    throw new AssertionError("no URL was printed: " + all);
  }

  private HttpResponse<String> get(Serving serving, String path, String... headers)
      throws Exception {
    URI uri = URI.create("http://localhost:" + serving.port() + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static void terminate(Process process) throws Exception {
    new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start().waitFor();
  }

  @Test
  void anUploadUnderWayIsFinishedWhenItIsToldToEnd() throws Exception {
    Serving serving = serving(start(inFolder("--port", 0)));
    assertThat(get(serving, "/healthz").statusCode()).isEqualTo(200);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), serving.port())) {
      String head =
          "POST /api/assets HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n"
              + "Expect: 100-continue\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      // The server asks for the body: the request is under way.
      byte[] goOn = socket.getInputStream().readNBytes("HTTP/1.1 100".length());
      assertThat(new String(goOn, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 100");
      socket.getOutputStream().write("half".getBytes(StandardCharsets.US_ASCII));
      terminate(serving.process());
      String line = serving.said().readLine();
      while (!line.contains("ending")) {
        line = serving.said().readLine();
      }
      socket.getOutputStream().write("rest".getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).contains("HTTP/1.1 201").contains("\"outcome\":\"created\"");
    }
    assertThat(serving.process().waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(serving.process().exitValue()).isEqualTo(143);
    assertThat(serving.said().lines()).contains("hfsm: ended").noneMatch(l -> l.contains("\tat "));
    Command stats = Command.run("--data", folder.resolve("data"), "--json", "stats");
    assertThat(stats.json().get("logicalBytes").number()).isEqualTo(8);
  }

  @Test
  void linksOutliveTheProcess() throws Exception {
    Path photo = Pictures.jpeg(folder.resolve("one.jpg"), 60, 40, 1);
    assertThat(Command.run("--data", folder.resolve("data"), "ingest", photo).exitCode()).isZero();
    Serving first = serving(start(inFolder("--port", 0)));
    Matcher m =
        Pattern.compile("\"original\":\"([^\"]+)\"").matcher(get(first, "/api/assets").body());
    assertThat(m.find()).isTrue();
    terminate(first.process());
    first.process().waitFor(120, TimeUnit.SECONDS);
    Serving second = serving(start(inFolder("--port", 0)));
    HttpResponse<String> answer = get(second, m.group(1));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Length"))
        .contains(String.valueOf(Files.size(photo)));
  }

  @Test
  void aPortThatIsTakenIsOneClearLine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
      Command command = Command.finish(start(inFolder("--port", taken.getLocalPort())), 60);
      assertThat(command.exitCode()).isEqualTo(1);
      assertThat(command.out().strip().lines())
          .singleElement()
          .asString()
          .startsWith("hfsm: cannot listen at localhost:" + taken.getLocalPort())
          .contains("--port");
    }
  }

  @Test
  void whereOthersCanReachItItPrintsATokenWhichTheApiWants() throws Exception {
    Serving serving = serving(start(inFolder("--port", 0, "--host", "0.0.0.0")));
    assertThat(serving.token()).hasSizeGreaterThanOrEqualTo(20);
    assertThat(get(serving, "/").statusCode()).isEqualTo(200);
    assertThat(get(serving, "/api/assets").statusCode()).isEqualTo(401);
    String bearer = "Bearer " + serving.token();
    assertThat(get(serving, "/api/assets", "Authorization", bearer).statusCode()).isEqualTo(200);
  }

  @Test
  void aClientThatNeverEndsItsRequestIsCutOff() throws Exception {
    List<String> hurried = List.of("-Dsun.net.httpserver.maxReqTime=1");
    Serving serving = serving(start(hurried, inFolder("--port", 0)));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), serving.port())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: loc".getBytes());
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(answered(serving).statusCode()).isEqualTo(200);
  }

  /** Where a second is all that a request may take, a busy machine may need several. */
  private HttpResponse<String> answered(Serving serving) throws Exception {
    while (true) {
      try {
        return get(serving, "/");
      } catch (IOException cutOff) {
        assertThat(serving.process().isAlive()).isTrue();
      }
    }
  }

  @Test
  void storeAndLedgerElsewhereAreServedToo() throws Exception {
    Process process =
        start(
            "--store",
            "file:" + folder.resolve("store"),
            "--ledger",
            "jdbc:sqlite:" + folder.resolve("ledger.db"),
            "serve",
            "--port",
            0,
            "--key-file",
            folder.resolve("keys/url.key"));
    Serving serving = serving(process);
    HttpRequest upload =
        HttpRequest.newBuilder(URI.create("http://localhost:" + serving.port() + "/api/assets"))
            .POST(HttpRequest.BodyPublishers.ofString("hello"))
            .build();
    assertThat(client.send(upload, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
    assertThat(Files.size(folder.resolve("keys/url.key"))).isEqualTo(32);
    assertThat(folder.resolve("hfsm-data")).doesNotExist();
  }

  @Test
  void whatCannotBeMeantIsAUsageError() {
    assertThat(Command.run("serve", "--port", 70_000).exitCode()).isEqualTo(2);
    Command shortToken = Command.run("serve", "--token", "short");
    assertThat(shortToken.exitCode()).isEqualTo(2);
    assertThat(shortToken.err()).contains("16").doesNotContain("short,");
  }
}
