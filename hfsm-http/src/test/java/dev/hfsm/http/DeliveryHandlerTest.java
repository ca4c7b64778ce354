package dev.hfsm.http;

import com.sun.net.httpserver.HttpServer;
import dev.hfsm.delivery.Delivery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The cases over the JDK's own server. */
class DeliveryHandlerTest extends ServedCases {

  @Override
  Running serve(Delivery delivery) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService threads = Executors.newFixedThreadPool(16);
    server.setExecutor(threads);
    server.createContext("/assets", new DeliveryHandler(delivery));
    server.start();
    return new Running(
        server.getAddress().getPort(),
        () -> {
          server.stop(0);
          threads.shutdownNow();
        });
  }
}
