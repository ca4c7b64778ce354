package dev.hfsm.cli.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Writes what the API answers. */
final class Answers {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int NO_BODY = -1;

  private Answers() {}

  /** Writes the fields of an object. */
  @FunctionalInterface
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  static void json(HttpExchange exchange, int status, Fields fields) throws IOException {
    send(exchange, status, "application/json", fields);
  }

  /** RFC 9457, with a title that is meant to be read by people. */
  static void problem(HttpExchange exchange, int status, String title) throws IOException {
    send(
        exchange,
        status,
        "application/problem+json",
        json -> {
          json.writeStringField("title", title);
          json.writeNumberField("status", status);
        });
  }

  private static void send(HttpExchange exchange, int status, String type, Fields fields)
      throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(body)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    }
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", type);
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    bytes(exchange, status, body.toByteArray());
  }

  static void bytes(HttpExchange exchange, int status, byte[] body) throws IOException {
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
