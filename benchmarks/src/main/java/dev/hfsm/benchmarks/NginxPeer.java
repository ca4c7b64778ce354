package dev.hfsm.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** An nginx of this machine that serves one file: see {@code benchmarks/peers/nginx}. */
final class NginxPeer implements AutoCloseable {

  private final Process process;
  private final int port;

  private NginxPeer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts one.
   *
   * @param template holds {@code nginx.conf}
   * @param folder for its files, not there yet
   * @param name of the file to serve
   */
  static NginxPeer start(Path template, Path folder, String name, byte[] bytes)
      throws IOException, InterruptedException {
    Files.createDirectories(folder.resolve("files"));
    Files.write(folder.resolve("files").resolve(name), bytes);
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String conf =
        Files.readString(template.resolve("nginx.conf"))
            .replace("@USER@", System.getProperty("user.name"))
            .replace("@FOLDER@", folder.toString())
            .replace("@PORT@", Integer.toString(port));
    Files.writeString(folder.resolve("nginx.conf"), conf);
    Process process =
        new ProcessBuilder("nginx", "-p", folder.toString(), "-c", folder + "/nginx.conf")
            .redirectOutput(folder.resolve("log").toFile())
            .redirectErrorStream(true)
            .start();
    NginxPeer peer = new NginxPeer(process, port);
    peer.awaitOpen(folder);
    return peer;
  }

  private void awaitOpen(Path folder) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (true) {
      try (Socket open = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          process.destroy();
          throw new IOException(Files.readString(folder.resolve("log")), e);
        }
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
  }

  int port() {
    return port;
  }

  ProcessHandle process() {
    return process.toHandle();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }
}
