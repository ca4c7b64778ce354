package dev.hfsm.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.DeliveryRequest;
import dev.hfsm.delivery.DeliveryResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;

/**
 * {@link Delivery} as a handler of the JDK's HTTP server ({@code jdk.httpserver}), mounted wherever
 * its context is. Thread-safe.
 *
 * <p>That server is fast enough for one machine if its process was started with {@code
 * -Dsun.net.httpserver.nodelay=true}; without it every answer is 40 ms late. A thread is taken for
 * as long as a client takes to read: give the server an executor with a bound, and say {@code
 * -Dsun.net.httpserver.maxRspTime=<seconds>}.
 */
public final class DeliveryHandler implements HttpHandler {

  private static final int NO_BODY = -1;

  private final Delivery delivery;

  /** Answers by this delivery. */
  public DeliveryHandler(Delivery delivery) {
    this.delivery = delivery;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    // Closing the exchange before all was written ends the connection: nobody takes a part for all.
    try (exchange;
        DeliveryResponse response = delivery.handle(request(exchange))) {
      response.headers().forEach(exchange.getResponseHeaders()::set);
      if (response.body().size() == 0) {
        exchange.sendResponseHeaders(response.status(), NO_BODY);
      } else {
        exchange.sendResponseHeaders(response.status(), response.body().size());
        response.body().writeTo(exchange.getResponseBody());
      }
    }
  }

  private static DeliveryRequest request(HttpExchange exchange) {
    URI uri = exchange.getRequestURI();
    String context = exchange.getHttpContext().getPath();
    String mount = context.endsWith("/") ? context.substring(0, context.length() - 1) : context;
    String path = uri.getRawPath();
    String below = path.startsWith(mount) ? path.substring(mount.length()) : path;
    String query = uri.getRawQuery();
    return new DeliveryRequest(
        exchange.getRequestMethod(),
        query == null ? below : below + "?" + query,
        name -> exchange.getRequestHeaders().getOrDefault(name, List.of()));
  }
}
