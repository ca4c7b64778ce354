package dev.hfsm.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One connection on which anything can be said, and answers are read strictly as RFC 9112 frames
 * them.
 */
final class RawClient implements AutoCloseable {

  private static final int PATIENCE = 120_000;

  private final Socket socket = new Socket();
  private final InputStream in;

  RawClient(int port) throws IOException {
    this(port, 0);
  }

  /**
   * @param buffer how much the system may take for a client that does not read; 0 for what is usual
   */
  RawClient(int port, int buffer) throws IOException {
    if (buffer > 0) {
      socket.setReceiveBufferSize(buffer);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(PATIENCE);
    in = buffer > 0 ? socket.getInputStream() : new BufferedInputStream(socket.getInputStream());
  }

  /** An answer; names of fields in any case. */
  record Answer(int status, Map<String, List<String>> fields, byte[] body) {

    /** The one value; empty if it is not there. */
    String field(String name) {
      List<String> values = fields.getOrDefault(name, List.of());
      if (values.size() > 1) {
        throw new AssertionError(name + " was said several times: " + values);
      }
      return values.isEmpty() ? "" : values.get(0);
    }

    String text() {
      return new String(body, StandardCharsets.ISO_8859_1);
    }
  }

  void say(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  Answer ask(String method, String target, String... fields) throws IOException {
    say(request(method, target, fields));
    return answer(method);
  }

  static String request(String method, String target, String... fields) {
    StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: x\r\n");
    for (String field : fields) {
      text.append(field).append("\r\n");
    }
    return text.append("\r\n").toString();
  }

  /** The next answer, to a request by that method. */
  Answer answer(String method) throws IOException {
    String status = line();
    if (!status.matches("HTTP/1\\.1 [1-5][0-9]{2} ?.*")) {
      throw new IOException("expected a status line, found " + status);
    }
    Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      fields
          .computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    Answer head = new Answer(Integer.parseInt(status.substring(9, 12)), fields, new byte[0]);
    return new Answer(head.status, fields, body(method, head));
  }

  private byte[] body(String method, Answer head) throws IOException {
    if (method.equals("HEAD") || head.status == 304 || head.status == 204 || head.status < 200) {
      return new byte[0];
    }
    if (head.field("Transfer-Encoding").toLowerCase(Locale.ROOT).equals("chunked")) {
      return chunks();
    }
    if (head.field("Content-Length").isEmpty()) {
      return in.readAllBytes();
    }
    int length = Integer.parseInt(head.field("Content-Length"));
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("expected " + length + " bytes, found " + body.length);
    }
    return body;
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int n = Integer.parseInt(line(), 16); n > 0; n = Integer.parseInt(line(), 16)) {
      body.write(in.readNBytes(n));
      line();
    }
    line();
    return body.toByteArray();
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("expected a line, found the end after \"" + line + "\"");
      }
      line.append((char) c);
    }
    if (line.length() == 0 || line.charAt(line.length() - 1) != '\r') {
      throw new IOException("expected CR LF after " + line);
    }
    line.setLength(line.length() - 1);
    return line.toString();
  }

  /** The next byte, whatever it belongs to; -1 if there is none. */
  int read() throws IOException {
    return in.read();
  }

  /** How much comes of so many bytes, whatever they belong to. */
  int read(int bytes) throws IOException {
    return in.readNBytes(bytes).length;
  }

  /** How much comes until the server hangs up, however it does. */
  long count() {
    byte[] block = new byte[64 * 1024];
    long count = 0;
    try {
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        count += n;
      }
    } catch (IOException reset) {
      // Also an end.
    }
    return count;
  }

  /** All that comes until the server hangs up. */
  String rest() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** Hangs up in the rudest way. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
