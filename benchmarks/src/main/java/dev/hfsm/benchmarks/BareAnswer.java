package dev.hfsm.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.hfsm.delivery.DeliveryResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;

/** The same answer to everybody, from an array: what a server costs when nothing is asked. */
final class BareAnswer {

  private final Map<String, String> headers;
  private final byte[] body;

  private BareAnswer(Map<String, String> headers, byte[] body) {
    this.headers = headers;
    this.body = body;
  }

  /** The header fields and the bytes of a real one. */
  static BareAnswer like(DeliveryResponse response) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (response) {
      response.body().writeTo(bytes);
    }
    return new BareAnswer(response.headers(), bytes.toByteArray());
  }

  byte[] body() {
    return body;
  }

  ServerKind.Site site() {
    return new ServerKind.Site(new Handler(this), new Bare(this));
  }

  private record Handler(BareAnswer answer) implements HttpHandler {
    @Override
    public void handle(HttpExchange exchange) throws IOException {
      try (exchange) {
        answer.headers.forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(200, answer.body.length);
        exchange.getResponseBody().write(answer.body);
      }
    }
  }

  private static final class Bare extends HttpServlet {
    private static final long serialVersionUID = 1;
    private final transient BareAnswer answer;

    Bare(BareAnswer answer) {
      this.answer = answer;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      answer.headers.forEach(response::setHeader);
      response.getOutputStream().write(answer.body);
    }
  }
}
