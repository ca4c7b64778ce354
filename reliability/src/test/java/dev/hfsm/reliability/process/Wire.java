package dev.hfsm.reliability.process;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A line to PostgreSQL that can be made slow, cut, or dead without a word, and that can swallow the
 * answer to a transaction. Reads the server's messages, hence no TLS. Thread-safe.
 */
final class Wire implements AutoCloseable {

  private static final int BUFFER = 1 << 14;

  private final int target;
  private final ServerSocket door;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicInteger answersToLose = new AtomicInteger();
  private final AtomicInteger answersToPass = new AtomicInteger();
  private final AtomicInteger answersLost = new AtomicInteger();
  private final AtomicInteger tearAfter = new AtomicInteger();
  private volatile State state = State.SOUND;
  private volatile Duration latency = Duration.ZERO;

  private enum State {
    SOUND,
    /** Whoever comes is turned away. */
    CUT,
    /** Whoever comes is let in, and never heard. */
    SILENT
  }

  /** A sound line to a port of this machine. */
  Wire(int target) {
    this.target = target;
    try {
      this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run("wire", this::accept);
  }

  int port() {
    return door.getLocalPort();
  }

  /** Delays everything that goes to the server. */
  void slow(Duration delay) {
    latency = delay;
  }

  /** Resets every connection and turns new ones away. */
  void cut() {
    state = State.CUT;
    links.forEach(Link::reset);
  }

  /**
   * From now on nothing gets through, and nobody is told: neither of the bytes nor of the end of a
   * connection. What is there stays so for ever, as if a router had forgotten it.
   */
  void silence() {
    state = State.SILENT;
    links.forEach(link -> link.silent = true);
  }

  /**
   * Resets connections when their transaction is over, committed as a rule, and before they know.
   *
   * @param pass how many transactions get their answer before
   * @param count how many do not, then
   */
  void loseAnswers(int pass, int count) {
    answersToPass.set(pass);
    answersToLose.set(count);
  }

  /** Resets a connection after so many more bytes have gone to the server over any of them. */
  void tearAfter(int bytes) {
    tearAfter.set(bytes);
  }

  /** Sound from now on, for new connections. */
  void heal() {
    latency = Duration.ZERO;
    answersToLose.set(0);
    tearAfter.set(0);
    state = State.SOUND;
  }

  int answersLost() {
    return answersLost.get();
  }

  @Override
  public void close() {
    quietly(door::close);
    links.forEach(Link::reset);
  }

  private static void run(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private interface Closing {
    void close() throws IOException;
  }

  private static void quietly(Closing closing) {
    try {
      closing.close();
    } catch (IOException e) {
      // it is being broken on purpose
    }
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        connect(door.accept());
      } catch (IOException e) {
        // closed, or the server turned us away; the client sees its connection end
      }
    }
  }

  private void connect(Socket client) throws IOException {
    if (state == State.CUT) {
      client.setSoLinger(true, 0);
      client.close();
      return;
    }
    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
    server.setTcpNoDelay(true);
    client.setTcpNoDelay(true);
    Link link = new Link(client, server);
    link.silent = state == State.SILENT;
    links.add(link);
    if (state == State.CUT) {
      link.reset(); // it was cut in between
    }
    run("wire-up", link::up);
    run("wire-down", link::down);
  }

  /** One connection. */
  private final class Link {

    private final Socket client;
    private final Socket server;
    volatile boolean silent;

    Link(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void reset() {
      quietly(() -> client.setSoLinger(true, 0));
      quietly(client::close);
      quietly(server::close);
      links.remove(this);
    }

    void up() {
      byte[] buffer = new byte[BUFFER];
      try {
        InputStream in = client.getInputStream();
        OutputStream out = server.getOutputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          LockSupport.parkNanos(latency.toNanos());
          if (!silent && !forward(buffer, n, out)) {
            return;
          }
        }
      } catch (IOException e) {
        // as below
      }
      if (silent) {
        quietly(client::close); // and the server does not hear of it
      } else {
        reset();
      }
    }

    /** Whether the line has held. */
    private boolean forward(byte[] buffer, int n, OutputStream out) throws IOException {
      int left = tearAfter.get();
      if (left > 0 && tearAfter.compareAndSet(left, Math.max(0, left - n)) && left <= n) {
        out.write(buffer, 0, left);
        out.flush();
        reset();
        return false;
      }
      out.write(buffer, 0, n);
      return true;
    }

    void down() {
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(server.getInputStream(), BUFFER))) {
        OutputStream out = client.getOutputStream();
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        boolean did = false;
        while (true) {
          int type = in.readByte();
          byte[] body = new byte[in.readInt() - Integer.BYTES];
          in.readFully(body);
          append(answer, type, body);
          did |= type == 'C'; // a command is complete
          boolean ready = type == 'Z';
          if (ready && body[0] == 'I') { // for the next, outside of a transaction
            if (did && losesThisOne()) {
              reset();
              return;
            }
            did = false;
          }
          // An answer that may be lost is kept back until it is complete.
          if (ready || in.available() == 0 && answersToLose.get() == 0) {
            if (!silent) {
              answer.writeTo(out);
            }
            answer.reset();
          }
        }
      } catch (IOException e) {
        if (!silent) {
          reset();
        }
      }
    }

    private boolean losesThisOne() {
      boolean lost =
          answersToLose.get() > 0
              && answersToPass.getAndUpdate(n -> Math.max(0, n - 1)) == 0
              && answersToLose.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
      if (lost) {
        answersLost.incrementAndGet();
      }
      return lost;
    }

    private static void append(ByteArrayOutputStream answer, int type, byte[] body) {
      int length = body.length + Integer.BYTES;
      answer.write(type);
      answer.write(length >>> 24);
      answer.write(length >>> 16);
      answer.write(length >>> 8);
      answer.write(length);
      answer.write(body, 0, body.length);
    }
  }
}
