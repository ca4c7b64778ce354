package dev.hfsm.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An exchange with a body that its handler may leave unread. The server reads what is left of it
 * when the answer is closed, which it is when there is nothing to send: both are bounded here.
 */
final class BoundedExchange extends HttpExchange {

  private static final Logger LOG = LoggerFactory.getLogger(BoundedExchange.class);
  private static final int NONE = -1;

  private final HttpExchange exchange;
  private final Dawdlers dawdlers;

  /** Whether the server has its connection back, where another request may be under way by now. */
  private boolean over;

  BoundedExchange(HttpExchange exchange, Dawdlers dawdlers) {
    this.exchange = exchange;
    this.dawdlers = dawdlers;
  }

  /** The server would read first and then send what it still has of the answer. */
  @Override
  public void close() {
    if (over) {
      return;
    }
    try {
      dawdlers.within(
          () -> {
            if (exchange.getResponseCode() != NONE) {
              exchange.getResponseBody().flush();
            }
          });
    } catch (IOException gone) {
      LOG.debug("nobody was there to be answered: {}", gone.toString());
    }
    try {
      dawdlers.within(exchange::close);
    } catch (IOException e) {
      throw new IllegalStateException("closing an exchange throws nothing", e);
    }
    over = true; // only now: the server closes the body through its streams, which may lead here
  }

  @Override
  public void sendResponseHeaders(int status, long length) throws IOException {
    if (isWithoutBody(status, length)) {
      dawdlers.within(() -> exchange.sendResponseHeaders(status, length));
      over = true;
    } else {
      exchange.sendResponseHeaders(status, length);
    }
  }

  /** Then the server ends the exchange at once. */
  private boolean isWithoutBody(int status, long length) {
    return length == NONE || status == 204 || status == 304 || getRequestMethod().equals("HEAD");
  }

  @Override
  public OutputStream getResponseBody() {
    return new FilterOutputStream(exchange.getResponseBody()) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
      }

      /** Not as its super class does, which flushes what has been closed already. */
      @Override
      public void close() throws IOException {
        if (!over) {
          dawdlers.within(out::close);
          over = true;
        }
      }
    };
  }

  @Override
  public Headers getRequestHeaders() {
    return exchange.getRequestHeaders();
  }

  @Override
  public Headers getResponseHeaders() {
    return exchange.getResponseHeaders();
  }

  @Override
  public URI getRequestURI() {
    return exchange.getRequestURI();
  }

  @Override
  public String getRequestMethod() {
    return exchange.getRequestMethod();
  }

  @Override
  public HttpContext getHttpContext() {
    return exchange.getHttpContext();
  }

  @Override
  public InputStream getRequestBody() {
    return exchange.getRequestBody();
  }

  @Override
  public InetSocketAddress getRemoteAddress() {
    return exchange.getRemoteAddress();
  }

  @Override
  public int getResponseCode() {
    return exchange.getResponseCode();
  }

  @Override
  public InetSocketAddress getLocalAddress() {
    return exchange.getLocalAddress();
  }

  @Override
  public String getProtocol() {
    return exchange.getProtocol();
  }

  @Override
  public @Nullable Object getAttribute(String name) {
    return exchange.getAttribute(name);
  }

  @Override
  public void setAttribute(String name, @Nullable Object value) {
    exchange.setAttribute(name, value);
  }

  @Override
  public void setStreams(@Nullable InputStream in, @Nullable OutputStream out) {
    exchange.setStreams(in, out);
  }

  @Override
  public @Nullable HttpPrincipal getPrincipal() {
    return exchange.getPrincipal();
  }
}
