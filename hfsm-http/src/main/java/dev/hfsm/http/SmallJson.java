package dev.hfsm.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Answers of one line. */
final class SmallJson {

  private static final int NO_BODY = -1;

  private SmallJson() {}

  static void send(HttpExchange exchange, int status, String json) throws IOException {
    send(exchange, status, "application/json", json);
  }

  /** What went wrong, as RFC 9457 has it. */
  static void problem(HttpExchange exchange, int status, String title) throws IOException {
    String json = "{\"title\":\"" + title + "\",\"status\":" + status + "}";
    send(exchange, status, "application/problem+json", json);
  }

  private static void send(HttpExchange exchange, int status, String type, String json)
      throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    try (exchange) {
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.sendResponseHeaders(status, NO_BODY);
      } else {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        // Closing reads what is left of the request first, and may fail at it.
        exchange.getResponseBody().flush();
      }
    }
  }
}
