package dev.hfsm.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Once an answer has ended, its connection may carry the next request already, and a stream of it
 * waits for that one.
 */
class BoundedExchangeTest {

  private final Recorded recorded = new Recorded("GET");

  private static HttpExchange bounded(HttpExchange exchange) {
    return new BoundedExchange(
        exchange, new Dawdlers(Runnable::run, Duration.ofSeconds(10), System::nanoTime));
  }

  @Test
  void whatHasNoBodyIsNotTouchedOnceItsHeadIsSent() throws IOException {
    HttpExchange exchange = bounded(recorded);
    exchange.sendResponseHeaders(404, -1);
    exchange.getResponseBody().close();
    exchange.close();
    assertThat(recorded.calls).containsExactly("head 404 -1");
  }

  @Test
  void anAnswerToHeadEndsWithItsHeadWhateverItsLength() throws IOException {
    Recorded head = new Recorded("HEAD");
    HttpExchange exchange = bounded(head);
    exchange.sendResponseHeaders(200, 5);
    exchange.close();
    assertThat(head.calls).containsExactly("head 200 5");
  }

  @Test
  void aBodyIsClosedOnceAndNothingComesAfterIt() throws IOException {
    HttpExchange exchange = bounded(recorded);
    exchange.sendResponseHeaders(200, 1);
    OutputStream body = exchange.getResponseBody();
    body.write(new byte[1]);
    body.close();
    body.close();
    exchange.close();
    assertThat(recorded.calls).containsExactly("head 200 1", "close body");
  }

  @Test
  void aBodyThatBreaksOffIsSentAsFarAsItIsThereAndItsConnectionClosed() throws IOException {
    HttpExchange exchange = bounded(recorded);
    exchange.sendResponseHeaders(200, 2);
    exchange.getResponseBody().write(new byte[1]);
    exchange.close();
    exchange.close();
    assertThat(recorded.calls).containsExactly("head 200 2", "flush body", "close exchange");
  }

  /**
   * As where a filter has put a stream of its own around the body, which the server then closes.
   */
  @Test
  void whatClosesItsBodyThroughUsIsLetThrough() throws IOException {
    HttpExchange[] outside = new HttpExchange[1];
    Recorded wrapped =
        new Recorded("POST") {
          @Override
          public void close() {
            try {
              outside[0].getResponseBody().close();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    outside[0] = bounded(wrapped);
    outside[0].sendResponseHeaders(405, 1);
    outside[0].close();
    assertThat(wrapped.calls).containsExactly("head 405 1", "flush body", "close body");
  }

  /** Writes down what is done to it. */
  private static class Recorded extends HttpExchange {
    private final List<String> calls = new ArrayList<>();
    private final String method;
    private int code = -1;

    Recorded(String method) {
      this.method = method;
    }

    @Override
    public void sendResponseHeaders(int status, long length) {
      code = status;
      calls.add("head " + status + " " + length);
    }

    @Override
    public OutputStream getResponseBody() {
      return new ByteArrayOutputStream() {
        @Override
        public void flush() {
          calls.add("flush body");
        }

        @Override
        public void close() {
          calls.add("close body");
        }
      };
    }

    @Override
    public void close() {
      calls.add("close exchange");
    }

    @Override
    public int getResponseCode() {
      return code;
    }

    @Override
    public String getRequestMethod() {
      return method;
    }

    @Override
    public Headers getRequestHeaders() {
      return new Headers();
    }

    @Override
    public Headers getResponseHeaders() {
      return new Headers();
    }

    @Override
    public URI getRequestURI() {
      return URI.create("/");
    }

    @Override
    public HttpContext getHttpContext() {
      throw new AssertionError("nobody asks for the context");
    }

    @Override
    public InputStream getRequestBody() {
      return InputStream.nullInputStream();
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
      return new InetSocketAddress(0);
    }

    @Override
    public InetSocketAddress getLocalAddress() {
      return new InetSocketAddress(0);
    }

    @Override
    public String getProtocol() {
      return "HTTP/1.1";
    }

    @Override
    public Object getAttribute(String name) {
      throw new AssertionError("nobody asks for " + name);
    }

    @Override
    public void setAttribute(String name, Object value) {
      throw new AssertionError("nobody sets " + name);
    }

    @Override
    public void setStreams(InputStream in, OutputStream out) {
      throw new AssertionError("nobody sets streams");
    }

    @Override
    public HttpPrincipal getPrincipal() {
      throw new AssertionError("nobody asks for a principal");
    }
  }
}
