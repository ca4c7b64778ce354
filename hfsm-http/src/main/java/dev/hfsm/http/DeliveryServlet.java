package dev.hfsm.http;

import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.DeliveryRequest;
import dev.hfsm.delivery.DeliveryResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;

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
      send(answer, request, response);
    } catch (IOException | RuntimeException e) {
      if (response.isCommitted()) {
        throw e; // the container ends the connection: nobody takes a part for all
      }
      // Or the container answers by its own page, which caches may keep as what was to be sent.
      response.reset();
      try (DeliveryResponse instead = delivery.broken(asked, e)) {
        send(instead, request, response);
      }
    }
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
