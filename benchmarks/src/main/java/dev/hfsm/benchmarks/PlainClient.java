package dev.hfsm.benchmarks;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One kept connection that asks, and looks at the clock when the first and the last byte come. */
final class PlainClient implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;

  PlainClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
  }

  /**
   * An answer.
   *
   * @param first nanoseconds until the first byte
   * @param last nanoseconds until the last byte
   * @param headers the status line and the header fields
   */
  record Answer(long first, long last, List<String> headers, byte[] body) {

    int status() {
      return Integer.parseInt(headers.get(0).split(" ")[1]);
    }

    String header(String name) {
      String start = name + ":";
      return headers.stream()
          .filter(line -> line.regionMatches(true, 0, start, 0, start.length()))
          .map(line -> line.substring(start.length()).strip())
          .findFirst()
          .orElse("");
    }
  }

  Answer get(String path) throws IOException {
    byte[] request =
        ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    long begin = System.nanoTime();
    socket.getOutputStream().write(request);
    int byteOne = in.read();
    long first = System.nanoTime() - begin;
    List<String> headers = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (int c = byteOne; ; c = in.read()) {
      if (c < 0) {
        throw new EOFException("expected an answer to " + path + ", found " + headers + line);
      }
      if (c == '\n') {
        if (line.isEmpty()) {
          break;
        }
        headers.add(line.toString());
        line.setLength(0);
      } else if (c != '\r') {
        line.append((char) c);
      }
    }
    Answer head = new Answer(first, 0, headers, new byte[0]);
    int length = Integer.parseInt(head.header("Content-Length"));
    byte[] body = in.readNBytes(length);
    long last = System.nanoTime() - begin;
    if (body.length < length) {
      throw new EOFException("expected " + length + " bytes, found " + body.length);
    }
    return new Answer(first, last, headers, body);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
