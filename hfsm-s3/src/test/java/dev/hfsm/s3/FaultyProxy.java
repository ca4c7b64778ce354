package dev.hfsm.s3;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Stands between a client and a server and lets a request meet with a fault. Each request has a
 * connection of its own, to either side.
 */
final class FaultyProxy implements AutoCloseable {

  /** What a request meets with. */
  enum Fault {
    /** Nothing. */
    NONE,
    /** The server is said to be busy; it hears nothing of it. */
    BUSY,
    /** The server does its work; the answer never comes, and the client gives up waiting. */
    SILENCE_AFTER_SUCCESS,
    /** The server does its work; the connection is cut instead of an answer. */
    CUT_AFTER_SUCCESS,
    /** Half of the body reaches the server. */
    CUT_REQUEST,
    /** Half of the answer reaches the client. */
    CUT_ANSWER,
    /** The server gets the request twice; the client hears the second answer. */
    DOUBLE_REQUEST,
    /** The client gets the answer twice. */
    DOUBLE_ANSWER
  }

  /** A server that is older than conditional writes. */
  private static final byte[] UNKNOWN_ANSWER =
      ("HTTP/1.1 501 Not Implemented\r\nContent-Type: application/xml\r\nContent-Length: 122\r\n"
              + "Connection: close\r\n\r\n<?xml version=\"1.0\"?><Error><Code>NotImplemented</Code>"
              + "<Message>A header you provided is not implemented</Message></Error>")
          .getBytes(StandardCharsets.US_ASCII);

  private static final byte[] BUSY_ANSWER =
      ("HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nContent-Length: 79\r\n"
              + "Connection: close\r\n\r\n<?xml version=\"1.0\"?><Error><Code>SlowDown</Code>"
              + "<Message>busy</Message></Error> ")
          .getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket listening;
  private final int target;
  private final Supplier<Fault> faults;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<Fault, AtomicInteger> met = new EnumMap<>(Fault.class);
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean refusing;

  /**
   * @param faults asked once for each request
   */
  FaultyProxy(int target, Supplier<Fault> faults) throws IOException {
    this.target = target;
    this.faults = faults;
    for (Fault fault : Fault.values()) {
      met.put(fault, new AtomicInteger());
    }
    listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    daemon("faulty-proxy", this::accept);
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  /** From now on the server does not know {@code If-None-Match}, and says so. */
  void refuseConditions() {
    refusing = true;
  }

  /** How many requests had a condition that was refused. */
  int refused() {
    return refused.get();
  }

  int met(Fault fault) {
    return met.get(fault).get();
  }

  @Override
  public String toString() {
    return met.toString();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        open.add(client);
        daemon("faulty-proxy-connection", () -> serveQuietly(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serveQuietly(Socket client) {
    try (client) {
      serve(client);
    } catch (IOException e) {
      // The client gave up, or the server did.
    } finally {
      open.remove(client);
    }
  }

  private void serve(Socket client) throws IOException {
    InputStream in = client.getInputStream();
    OutputStream out = client.getOutputStream();
    String head = readHead(in);
    Fault fault = faults.get();
    met.get(fault).incrementAndGet();
    if (fault == Fault.BUSY) {
      refuse(client, BUSY_ANSWER);
      return;
    }
    if (refusing && !header(head, "if-none-match").isEmpty()) {
      refused.incrementAndGet();
      refuse(client, UNKNOWN_ANSWER);
      return;
    }
    if (header(head, "expect").isEmpty()) {
      answer(fault, client, head, in);
    } else {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      answer(fault, client, head, in);
    }
  }

  private static void refuse(Socket client, byte[] answer) throws IOException {
    client.getOutputStream().write(answer);
    client.getOutputStream().flush();
    client.shutdownOutput();
    // Or the answer is lost with a reset.
    client.getInputStream().transferTo(OutputStream.nullOutputStream());
  }

  private void answer(Fault fault, Socket client, String head, InputStream in) throws IOException {
    String length = header(head, "content-length");
    byte[] body = in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length));
    byte[] request =
        request(head, body, fault == Fault.CUT_REQUEST ? body.length / 2 : body.length);
    OutputStream out = client.getOutputStream();
    byte[] answer = fault == Fault.CUT_REQUEST ? sendCut(request) : ask(request);
    switch (fault) {
      case NONE -> out.write(answer);
      case SILENCE_AFTER_SUCCESS -> in.transferTo(OutputStream.nullOutputStream());
      case CUT_ANSWER -> out.write(answer, 0, endOfHead(answer) + bodyLength(answer) / 2);
      case DOUBLE_REQUEST -> out.write(ask(request));
      case DOUBLE_ANSWER -> {
        out.write(answer);
        out.write(answer);
      }
      default -> out.flush();
    }
    out.flush();
  }

  private static int endOfHead(byte[] answer) {
    String text = new String(answer, StandardCharsets.ISO_8859_1);
    return text.indexOf("\r\n\r\n") + 4;
  }

  private static int bodyLength(byte[] answer) {
    return answer.length - endOfHead(answer);
  }

  /** With a head that asks the server to close the connection behind its answer. */
  private static byte[] request(String head, byte[] body, int length) {
    StringBuilder changed = new StringBuilder();
    for (String line : head.split("\r\n")) {
      String name = line.toLowerCase(Locale.ROOT);
      if (!name.startsWith("connection:") && !name.startsWith("expect:")) {
        changed.append(line).append("\r\n");
      }
    }
    byte[] start =
        changed.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    byte[] request = Arrays.copyOf(start, start.length + length);
    System.arraycopy(body, 0, request, start.length, length);
    return request;
  }

  private byte[] ask(byte[] request) throws IOException {
    try (Socket server = connect()) {
      server.getOutputStream().write(request);
      server.getOutputStream().flush();
      return server.getInputStream().readAllBytes();
    }
  }

  private byte[] sendCut(byte[] request) throws IOException {
    try (Socket server = connect()) {
      server.getOutputStream().write(request);
      server.getOutputStream().flush();
      server.shutdownOutput();
      server.getInputStream().transferTo(OutputStream.nullOutputStream());
    }
    return new byte[0];
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), target);
  }

  private static String readHead(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int matched = 0;
    byte[] end = {'\r', '\n', '\r', '\n'};
    while (matched < 4) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException();
      }
      head.write(b);
      matched = b == end[matched] ? matched + 1 : b == '\r' ? 1 : 0;
    }
    return head.toString(StandardCharsets.US_ASCII);
  }

  private static String header(String head, String name) {
    for (String line : head.split("\r\n")) {
      if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
        return line.substring(name.length() + 1).trim();
      }
    }
    return "";
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
