package dev.hfsm.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * A line to Redis that can be made slow, cut, or dead without a word, that can lose an answer after
 * the command was done, and that can change what the server says. Thread-safe.
 */
final class FaultyLine implements AutoCloseable {

  private static final int BUFFER = 1 << 14;

  private final int target;
  private final ServerSocket door;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicInteger answersToLose = new AtomicInteger();
  private final AtomicInteger answersLost = new AtomicInteger();
  private final AtomicInteger toHangUpOn = new AtomicInteger();
  private volatile State state = State.SOUND;
  private volatile Duration latency = Duration.ZERO;
  private volatile int portion = BUFFER;
  private volatile UnaryOperator<String> translation = UnaryOperator.identity();

  private enum State {
    SOUND,
    /** Whoever comes is turned away. */
    CUT,
    /** Whoever comes is let in, and never heard. */
    SILENT
  }

  FaultyLine(int target) {
    this.target = target;
    try {
      this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run("line", this::accept);
  }

  String uri() {
    return "redis://127.0.0.1:" + door.getLocalPort();
  }

  /** Delays what goes to the server, and passes it on in small pieces. */
  void slow(Duration delay, int bytesAtATime) {
    latency = delay;
    portion = bytesAtATime;
  }

  /** Resets every connection and turns new ones away. */
  void cut() {
    state = State.CUT;
    links.forEach(Link::reset);
  }

  /** Resets every connection; new ones are welcome. */
  void reset() {
    links.forEach(Link::reset);
  }

  /** From now on nothing gets through in either direction, and nobody is told. */
  void silence() {
    state = State.SILENT;
    links.forEach(link -> link.silent = true);
  }

  /** Ends the next connections, in good order, once they have asked something. */
  void hangUp(int count) {
    toHangUpOn.set(count);
  }

  /** On how many it has still to hang up. */
  int yetToHangUpOn() {
    return toHangUpOn.get();
  }

  /** Resets connections instead of passing on the next answers: the commands were done. */
  void loseAnswers(int count) {
    answersToLose.set(count);
  }

  int answersLost() {
    return answersLost.get();
  }

  /** Changes what the server says; to something of the same length. */
  void translate(UnaryOperator<String> words) {
    translation = words;
  }

  /** Sound from now on, for new connections. */
  void heal() {
    latency = Duration.ZERO;
    portion = BUFFER;
    answersToLose.set(0);
    translation = UnaryOperator.identity();
    state = State.SOUND;
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
    if (toHangUpOn.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      run("line-hangs-up", () -> quietly(() -> hangUp(client)));
      return;
    }
    Socket server;
    try {
      server = new Socket(InetAddress.getLoopbackAddress(), target);
    } catch (IOException e) {
      client.close();
      throw e;
    }
    server.setTcpNoDelay(true);
    client.setTcpNoDelay(true);
    Link link = new Link(client, server);
    link.silent = state == State.SILENT;
    links.add(link);
    if (state == State.CUT) {
      link.reset(); // it was cut in between
    }
    run("line-up", link::up);
    run("line-down", link::down);
  }

  private static void hangUp(Socket client) throws IOException {
    try (client) {
      InputStream in = client.getInputStream();
      in.read(new byte[BUFFER]);
      client.shutdownOutput();
      in.transferTo(OutputStream.nullOutputStream()); // or it would be a reset
    }
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
        for (int n = in.read(buffer, 0, portion); n >= 0; n = in.read(buffer, 0, portion)) {
          LockSupport.parkNanos(latency.toNanos());
          if (!silent) {
            out.write(buffer, 0, n);
          }
        }
      } catch (IOException e) {
        // as below
      }
      end();
    }

    void down() {
      byte[] buffer = new byte[BUFFER];
      try {
        InputStream in = server.getInputStream();
        OutputStream out = client.getOutputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          boolean isAnswer = buffer[0] != '>'; // else it was not asked for: a message to listeners
          if (isAnswer && answersToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            answersLost.incrementAndGet();
            reset();
            return;
          }
          if (!silent) {
            String said = new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
            out.write(translation.apply(said).getBytes(StandardCharsets.ISO_8859_1));
          }
        }
      } catch (IOException e) {
        // as below
      }
      end();
    }

    private void end() {
      if (silent) {
        quietly(client::close); // and the server does not hear of it
      } else {
        reset();
      }
    }
  }
}
