package dev.hfsm.http;

import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.DeliveryRequest;
import dev.hfsm.delivery.DeliveryResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@link Delivery} as a Jakarta servlet (6.0), mounted at a prefix mapping such as {@code
 * /assets/*}. Takes a container thread for as long as a client takes to read, except where Tomcat
 * sends an original itself. Thread-safe.
 */
public final class DeliveryServlet extends HttpServlet {

  private static final long serialVersionUID = 1;

  private final transient Delivery delivery;

  /** Answers by this delivery. */
  public DeliveryServlet(Delivery delivery) {
    this.delivery = delivery;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    DeliveryRequest asked = asked(request);
    try (DeliveryResponse answer = delivery.handle(asked)) {
      try {
        send(answer, request, response);
      } catch (IOException | RuntimeException e) {
        if (response.isCommitted()) {
          throw e; // the container ends the connection: nobody takes a part for all
        }
        // Or the container answers by its own page, which caches may keep as what was to be sent.
        takeBack(answer, response);
        try (DeliveryResponse instead = delivery.broken(asked, e)) {
          send(instead, request, response);
        }
      }
    }
  }

  /** All but what filters in front have said: what is not seen to be allowed is not seen. */
  private static void takeBack(DeliveryResponse answer, HttpServletResponse response) {
    Map<String, List<String>> others = new LinkedHashMap<>();
    for (String name : response.getHeaderNames()) {
      if (answer.headers().keySet().stream().noneMatch(name::equalsIgnoreCase)) {
        others.put(name, List.copyOf(response.getHeaders(name)));
      }
    }
    response.reset();
    others.forEach(
        (name, values) -> {
          if (!response.containsHeader(name)) {
            values.forEach(value -> response.addHeader(name, value));
          }
        });
  }

  private static void send(
      DeliveryResponse answer, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setStatus(answer.status());
    answer.headers().forEach(response::setHeader);
    if (answer.body().size() > 0 && !TomcatSendfile.takes(answer.body(), request, response)) {
      answer.body().writeTo(response.getOutputStream());
    }
  }

  private static DeliveryRequest asked(HttpServletRequest request) {
    String mount = request.getContextPath() + request.getServletPath();
    String path = request.getRequestURI();
    String below = path.startsWith(mount) ? path.substring(mount.length()) : path;
    String query = request.getQueryString();
    return new DeliveryRequest(
        request.getMethod(),
        query == null ? below : below + "?" + query,
        name -> Collections.list(request.getHeaders(name)));
  }
}
