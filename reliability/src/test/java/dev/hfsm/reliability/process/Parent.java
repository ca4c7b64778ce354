package dev.hfsm.reliability.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** What a child knows of its parent: it hears its lines, and ends when the parent does. */
final class Parent {

  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

  private Parent() {}

  /** Begins to listen; call once. */
  static Parent listen() {
    Parent parent = new Parent();
    Thread thread = new Thread(parent::read, "parent");
    thread.setDaemon(true);
    thread.start();
    return parent;
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

  /** Says a line to the parent, as a whole, at once. Thread-safe. */
  static void tell(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    synchronized (System.out) {
      System.out.write(bytes, 0, bytes.length);
      System.out.flush();
    }
  }
}
