package dev.hfsm.reliability.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * What a child knows of its parent: it hears its lines, and ends when the parent does. If a thread
 * of the child dies of what nobody has caught, the parent is told, and the child ends as well.
 */
final class Parent {

  /** How a line begins that says so, or that something else has failed. */
  static final String FAILED = "failed ";

  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

  private Parent() {}

  /** Begins to listen; call once. */
  static Parent listen() {
    Thread.setDefaultUncaughtExceptionHandler(Parent::died);
    Parent parent = new Parent();
    Thread thread = new Thread(parent::read, "parent");
    thread.setDaemon(true);
    thread.start();
    return parent;
  }

  private static void died(Thread thread, Throwable cause) {
    cause.printStackTrace();
    failed(thread.getName(), cause);
    Runtime.getRuntime().halt(4);
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        said.add(line);
      }
    } catch (IOException e) {
      System.err.println("the parent cannot be heard any more: " + e);
    }
    Runtime.getRuntime().halt(3);
  }

  /** The next line. */
  String next() {
    try {
      return said.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Tells the parent that something failed. Thread-safe. */
  static void failed(String what, Throwable cause) {
    tell(FAILED + what + ": " + cause.toString().replace('\n', ' '));
  }

  /** Says a line to the parent, as a whole, at once. Thread-safe. */
  static void tell(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    synchronized (System.out) {
      System.out.write(bytes, 0, bytes.length);
      System.out.flush();
    }
  }
}
