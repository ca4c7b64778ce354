package dev.hfsm.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** Tells a load balancer or an orchestrator how it is: 200, or 503 and what is in the way. */
final class Probe implements HttpHandler {

  private final Supplier<List<String>> obstacles;

  Probe(Supplier<List<String>> obstacles) {
    this.obstacles = obstacles;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestURI().getRawPath().equals(exchange.getHttpContext().getPath())) {
      SmallJson.problem(exchange, 404, "Not found");
      return;
    }
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      SmallJson.problem(exchange, 405, "Only GET and HEAD");
      return;
    }
    List<String> found = obstacles.get();
    if (found.isEmpty()) {
      SmallJson.send(exchange, 200, "{\"status\":\"ok\"}");
    } else {
      SmallJson.send(
          exchange,
          503,
          "{\"status\":\"unavailable\",\"because\":[\"" + String.join("\",\"", found) + "\"]}");
    }
  }
}
