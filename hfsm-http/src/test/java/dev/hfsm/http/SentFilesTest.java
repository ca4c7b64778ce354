package dev.hfsm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.http.RawClient.Answer;
import dev.hfsm.http.TestServer.Limits;
import dev.hfsm.model.AssetId;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.catalina.connector.Connector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tomcat sends originals from their files, where it can, and whoever asks cannot tell. */
@Timeout(300)
class SentFilesTest {

  private static final byte[] LARGE = new byte[3_000_000];
  private static final String WRITTEN = "written";

  static {
    new Random(7).nextBytes(LARGE);
  }

  /** Which file Tomcat was left to send, request by request. */
  private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();

  private UnaryOperator<ServletResponse> wrapped = response -> response;
  private Consumer<String> afterwards = file -> {};

  private ServedFiles served(Consumer<Connector> tuned) throws Exception {
    return served(Limits.USUAL, tuned);
  }

  private ServedFiles served(Limits limits, Consumer<Connector> tuned) throws Exception {
    return new ServedFiles(
        (assets, delivery) ->
            TomcatServer.start(new Around(new DeliveryServlet(delivery)), limits, tuned),
        store -> store);
  }

  /** Stands where a host has its filters. */
  private final class Around extends HttpServlet {
    private static final long serialVersionUID = 1;
    private final DeliveryServlet servlet;

    Around(DeliveryServlet servlet) {
      this.servlet = servlet;
    }

    @Override
    public void service(ServletRequest request, ServletResponse response)
        throws ServletException, IOException {
      servlet.service(request, wrapped.apply(response));
      Object file = request.getAttribute(TomcatSendfile.FILE_NAME);
      sent.add(file == null ? WRITTEN : file.toString());
      if (file != null) {
        afterwards.accept(file.toString());
      }
    }
  }

  private static byte[] part(int from, int to) {
    return Arrays.copyOfRange(LARGE, from, to);
  }

  @Test
  void anOriginalIsSentFromItsFileWholeAndInPartsOnOneConnection() throws Exception {
    try (ServedFiles files = served(connector -> {});
        RawClient client = new RawClient(files.port)) {
      String path = files.original(LARGE, "bin", "large.bin");
      for (int i = 0; i < 3; i++) {
        Answer whole = client.ask("GET", path);
        assertThat(whole.status()).isEqualTo(200);
        assertThat(whole.field("Content-Length")).isEqualTo("3000000");
        assertThat(whole.field("Transfer-Encoding")).isEmpty();
        assertThat(whole.body()).isEqualTo(LARGE);
        assertThat(Path.of(sent.take())).startsWith(files.folder).hasBinaryContent(LARGE);

        Answer middle = client.ask("GET", path, "Range: bytes=1000000-1999999");
        assertThat(middle.status()).isEqualTo(206);
        assertThat(middle.field("Content-Range")).isEqualTo("bytes 1000000-1999999/3000000");
        assertThat(middle.body()).isEqualTo(part(1_000_000, 2_000_000));
        assertThat(client.ask("GET", path, "Range: bytes=-100000").body())
            .isEqualTo(part(2_900_000, 3_000_000));
        assertThat(client.ask("GET", path, "Range: bytes=1-").body()).isEqualTo(part(1, 3_000_000));
        for (int sentParts = 0; sentParts < 3; sentParts++) {
          assertThat(sent.take()).isNotEqualTo(WRITTEN);
        }
      }
    }
  }

  @Test
  void whatHasNoBodyOrASmallOneOrSeveralPartsIsWritten() throws Exception {
    try (ServedFiles files = served(connector -> {});
        RawClient client = new RawClient(files.port)) {
      String path = files.original(LARGE, "bin", "large.bin");
      String tag = client.ask("HEAD", path).field("ETag");
      assertThat(client.ask("GET", path, "If-None-Match: " + tag).status()).isEqualTo(304);
      assertThat(client.ask("GET", path, "Range: bytes=3000000-").status()).isEqualTo(416);
      assertThat(client.ask("GET", path, "Range: bytes=7-9").body()).isEqualTo(part(7, 10));
      Answer parts = client.ask("GET", path, "Range: bytes=0-99999,200000-299999");
      assertThat(MultipartReader.read(parts.field("Content-Type"), parts.body()))
          .extracting(MultipartReader.Part::body)
          .containsExactly(part(0, 100_000), part(200_000, 300_000));
      assertThat(client.ask("GET", files.negotiated()).status()).isEqualTo(200);
      for (int written = 0; written < 6; written++) {
        assertThat(sent.take()).isEqualTo(WRITTEN);
      }
    }
  }

  @Test
  void requestsThatAreSentTogetherAreAnsweredInTheirOrder() throws Exception {
    try (ServedFiles files = served(connector -> {});
        RawClient client = new RawClient(files.port)) {
      String path = files.original(LARGE, "bin", "large.bin");
      String letters = files.letters();
      String pair = RawClient.request("GET", path) + RawClient.request("GET", letters);
      client.say(pair.repeat(5));
      for (int i = 0; i < 5; i++) {
        assertThat(client.answer("GET").body()).isEqualTo(LARGE);
        assertThat(client.answer("GET").text()).isEqualTo(ServedFiles.LETTERS);
      }
    }
  }

  @Test
  void whereTomcatDoesNotSendFilesTheyAreWritten() throws Exception {
    try (ServedFiles files = served(connector -> connector.setProperty("useSendfile", "false"));
        RawClient client = new RawClient(files.port)) {
      String path = files.original(LARGE, "bin", "large.bin");
      assertThat(client.ask("GET", path).body()).isEqualTo(LARGE);
      assertThat(sent.take()).isEqualTo(WRITTEN);
    }
  }

  /** As a filter does that encrypts, counts or compresses what goes by. */
  @Test
  void whatWrapsTheAnswerSeesTheBodyGoBy() throws Exception {
    wrapped = response -> new HttpServletResponseWrapper((HttpServletResponse) response);
    try (ServedFiles files = served(connector -> {});
        RawClient client = new RawClient(files.port)) {
      String path = files.original(LARGE, "bin", "large.bin");
      assertThat(client.ask("GET", path).body()).isEqualTo(LARGE);
      assertThat(sent.take()).isEqualTo(WRITTEN);
    }
  }

  /** As when an asset is purged between the look and the sending. */
  @Test
  void aFileThatGoesBeforeItIsOpenedIsAnAnswerThatBreaksOffAndNeverAShorterOne() throws Exception {
    afterwards = SentFilesTest::delete;
    try (ServedFiles files = served(connector -> {})) {
      String path = files.original(LARGE, "bin", "large.bin");
      String letters = files.letters();
      try (RawClient client = new RawClient(files.port)) {
        assertThatThrownBy(() -> client.ask("GET", path))
            .isInstanceOf(EOFException.class)
            .hasMessageContaining("expected 3000000 bytes, found 0");
      }
      try (RawClient client = new RawClient(files.port)) {
        assertThat(client.ask("GET", letters).text()).isEqualTo(ServedFiles.LETTERS);
      }
    }
  }

  private static void delete(String file) {
    try {
      Files.delete(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aVariantIsWrittenBecauseItMayBeEvictedAtAnyTime() throws Exception {
    try (ServedFiles files = served(connector -> {});
        RawClient client = new RawClient(files.port)) {
      AssetId photo = files.photo(1400, 1000);
      Answer variant = client.ask("GET", files.largeVariant(photo));
      assertThat(variant.status()).isEqualTo(200);
      assertThat(variant.body()).as("too large for the heap").hasSizeGreaterThan(1 << 20);
      assertThat(sent.take()).isEqualTo(WRITTEN);
    }
  }

  @Test
  void aClientThatIsSlowHoldsNoThread() throws Exception {
    try (ServedFiles files = served(new Limits(1, Duration.ofMinutes(2)), connector -> {})) {
      String large = files.large();
      String letters = files.letters();
      try (RawClient slow = new RawClient(files.port, 8192);
          RawClient other = new RawClient(files.port)) {
        slow.say(RawClient.request("GET", large));
        assertThat(slow.read()).isEqualTo('H');
        assertThat(other.ask("GET", letters).text()).isEqualTo(ServedFiles.LETTERS);
      }
    }
  }
}
