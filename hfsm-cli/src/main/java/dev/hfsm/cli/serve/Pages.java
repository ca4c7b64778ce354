package dev.hfsm.cli.serve;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of the page, out of the jar: a closed list, nothing is looked up by what is asked. */
final class Pages implements HttpHandler {

  /** Nothing from elsewhere, nothing inline. Pictures that were fetched are shown as blobs. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
          + " connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

  private static final List<String> FILES =
      List.of(
          "index.html",
          "style.css",
          "icon.svg",
          "main.js",
          "api.js",
          "uploads.js",
          "card.js",
          "variants.js",
          "presets.js",
          "budgets.js",
          "placeholder.js",
          "words.js");

  private final Map<String, Page> pages = new LinkedHashMap<>();

  private record Page(String type, byte[] bytes) {}

  Pages() {
    for (String file : FILES) {
      pages.put("/" + file, new Page(type(file), read(file)));
    }
    pages.put("/", pages.get("/index.html"));
  }

  private static String type(String file) {
    return switch (file.substring(file.lastIndexOf('.') + 1)) {
      case "html" -> "text/html; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> "text/javascript; charset=utf-8";
    };
  }

  private static byte[] read(String file) {
    try (InputStream in = Pages.class.getResourceAsStream("page/" + file)) {
      if (in == null) {
        throw new IllegalStateException("expected " + file + " in the jar");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Page page = pages.get(exchange.getRequestURI().getRawPath());
    String method = exchange.getRequestMethod();
    if (page == null) {
      Answers.problem(exchange, 404, "There is nothing here");
    } else if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      Answers.problem(exchange, 405, "Only GET and HEAD");
    } else {
      Headers headers = exchange.getResponseHeaders();
      headers.set("Content-Type", page.type());
      headers.set("Cache-Control", "no-cache");
      headers.set("Content-Security-Policy", POLICY);
      headers.set("X-Content-Type-Options", "nosniff");
      headers.set("Referrer-Policy", "no-referrer");
      headers.set("Cross-Origin-Opener-Policy", "same-origin");
      headers.set("Cross-Origin-Resource-Policy", "same-origin");
      Answers.bytes(exchange, 200, page.bytes());
    }
  }
}
