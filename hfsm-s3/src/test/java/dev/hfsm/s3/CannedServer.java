package dev.hfsm.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers every request by the same error, as S3 would word it. */
final class CannedServer implements AutoCloseable {

  private final ServerSocket listening;
  private final byte[] answer;
  private final AtomicInteger asked = new AtomicInteger();

  /**
   * @param header more headers, each with its line break
   */
  CannedServer(int status, String code, String header) throws IOException {
    String body = "<Error><Code>" + code + "</Code><Message>as it was told to</Message></Error>";
    answer =
        ("HTTP/1.1 "
                + status
                + " Told\r\nContent-Type: application/xml\r\nContent-Length: "
                + body.length()
                + "\r\nConnection: close\r\n"
                + header
                + "\r\n"
                + body)
            .getBytes(StandardCharsets.US_ASCII);
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve, "canned-server");
    thread.setDaemon(true);
    thread.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  /** How many requests it has answered. */
  int asked() {
    return asked.get();
  }

  private void serve() {
    while (!listening.isClosed()) {
      try (Socket client = listening.accept();
          InputStream in = client.getInputStream()) {
        if (in.read(new byte[1 << 16]) > 0) {
          asked.incrementAndGet();
        }
        client.getOutputStream().write(answer);
        client.shutdownOutput();
        in.transferTo(OutputStream.nullOutputStream()); // or the answer is lost with a reset
      } catch (IOException e) {
        continue; // closed, or the client gave up
      }
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
