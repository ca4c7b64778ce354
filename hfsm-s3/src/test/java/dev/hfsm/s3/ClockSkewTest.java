package dev.hfsm.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.model.Digest;
import dev.hfsm.model.MediaType;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Presentation;
import dev.hfsm.storage.Presigner;
import dev.hfsm.storage.StorageKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.SdkGlobalTime;

/** A server whose clock is two hours ahead, and refuses as S3 does who is not near it. */
@Timeout(300)
class ClockSkewTest {

  private static final StorageKey KEY = new StorageKey("raw/00/key-1");
  private static final Duration AHEAD = Duration.ofHours(2);
  private static final Duration TOLERATED = Duration.ofMinutes(15);
  private static final Pattern DATE = Pattern.compile("(?i)x-amz-date: *(\\d{8}T\\d{6}Z)");
  private static final DateTimeFormatter SIGNED =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter SAID =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  private final AtomicInteger refused = new AtomicInteger();
  private ServerSocket listening;
  private S3BlobStore store;

  @BeforeEach
  void start() throws IOException {
    forgetTheTimeOfTheServer();
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve, "skewed-server");
    thread.setDaemon(true);
    thread.start();
    URI endpoint = URI.create("http://127.0.0.1:" + listening.getLocalPort());
    store =
        S3BlobStore.open(
            S3Config.of("bucket").endpoint(endpoint).region("eu-west-1"), TestServer.credentials());
  }

  @AfterEach
  void stop() throws IOException {
    store.close();
    listening.close();
    forgetTheTimeOfTheServer();
  }

  /** The SDK remembers it for the whole JVM. */
  private static void forgetTheTimeOfTheServer() {
    SdkGlobalTime.setGlobalTimeOffset(0);
  }

  private void serve() {
    while (!listening.isClosed()) {
      try (Socket client = listening.accept();
          InputStream in = client.getInputStream()) {
        client.getOutputStream().write(answer(head(in)).getBytes(StandardCharsets.US_ASCII));
        client.shutdownOutput();
        in.transferTo(OutputStream.nullOutputStream()); // or the answer is lost with a reset
      } catch (IOException e) {
        continue; // closed, or the client gave up
      }
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("expected a request, found the end of it");
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  /** The bucket is there and empty, and takes whatever is put. */
  private String answer(String request) {
    Instant now = Instant.now().plus(AHEAD);
    Matcher date = DATE.matcher(request);
    Instant signed = date.find() ? SIGNED.parse(date.group(1), Instant::from) : Instant.EPOCH;
    boolean near = Duration.between(signed, now).abs().compareTo(TOLERATED) < 0;
    if (!near) {
      refused.incrementAndGet();
      return answer(request, "403 Forbidden", "RequestTimeTooSkewed", now);
    }
    return request.matches("(?s)(PUT /|HEAD /bucket/? ).*")
        ? answer(request, "200 OK", "", now)
        : answer(request, "404 Not Found", "NoSuchKey", now);
  }

  private static String answer(String request, String status, String code, Instant now) {
    String words = code.isEmpty() ? "" : "<Error><Code>" + code + "</Code></Error>";
    return "HTTP/1.1 %s\r\nDate: %s\r\nETag: \"1\"\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
        .formatted(
            status, SAID.format(now), words.length(), request.startsWith("HEAD") ? "" : words);
  }

  @Test
  void aLookThatIsRefusedLearnsTheTimeOfTheServerFromARead() {
    assertThat(store.stat(KEY)).isEmpty();
    assertThat(refused).hasPositiveValue();
  }

  @Test
  void aPutLearnsTheTimeOfTheServerFromItsRefusal() {
    byte[] bytes = {1, 2, 3};
    store.put(KEY, new BlobRef(Digest.ofContent(bytes), bytes.length), ByteSource.of(bytes));
    assertThat(refused).hasPositiveValue();
  }

  /** As docs/s3.md says; if this fails, the SDK has learned better. */
  @Test
  void anAddressIsSignedByTheClockOfThisMachine() {
    assertThat(store.stat(KEY)).isEmpty();
    URI signed =
        store
            .capability(Presigner.class)
            .orElseThrow()
            .get(KEY, Duration.ofMinutes(5), Presentation.attachment(MediaType.JPEG));
    Matcher date = Pattern.compile("X-Amz-Date=(\\d{8}T\\d{6}Z)").matcher(signed.getQuery());
    assertThat(date.find()).isTrue();
    assertThat(SIGNED.parse(date.group(1), Instant::from))
        .isBefore(Instant.now().plus(AHEAD.dividedBy(2)));
  }
}
