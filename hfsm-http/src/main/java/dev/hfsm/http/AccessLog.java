package dev.hfsm.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line for each exchange, and keeps what goes wrong in one from ending in a stack trace:
 * clients hang up all the time.
 */
final class AccessLog extends Filter {

  private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
  private static final int NO_BODY = -1;

  private final Consumer<String> lines;

  AccessLog(Consumer<String> lines) {
    this.lines = lines;
  }

  @Override
  public String description() {
    return "access log";
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) {
    long begin = System.nanoTime();
    String client = exchange.getRemoteAddress().getAddress().getHostAddress();
    CountingStream out = new CountingStream(exchange.getResponseBody());
    exchange.setStreams(null, out);
    String outcome = "ok";
    try {
      chain.doFilter(exchange);
    } catch (IOException e) {
      boolean hungUp = out.refused() || out.count() == 0 && isOfConnection(e);
      outcome = hungUp ? "hung-up" : "broke-off";
      if (!hungUp) {
        LOG.warn("an answer broke off: {}", e.toString());
      }
    } catch (RuntimeException e) {
      outcome = "failed";
      LOG.error("a request could not be answered", e);
      apologise(exchange);
    } finally {
      exchange.close();
      lines.accept(
          LogLine.of(
              client,
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              Math.max(0, exchange.getResponseCode()),
              out.count(),
              System.nanoTime() - begin,
              outcome));
    }
  }

  /** The header is not written through the stream: there only the exception tells. */
  private static boolean isOfConnection(IOException e) {
    String message = String.valueOf(e.getMessage());
    return e instanceof ClosedChannelException
        || message.startsWith("Broken pipe")
        || message.startsWith("Connection reset");
  }

  private static void apologise(HttpExchange exchange) {
    try {
      if (exchange.getResponseCode() == -1) {
        exchange.sendResponseHeaders(500, NO_BODY);
      }
    } catch (IOException e) {
      LOG.debug("nobody was there to be told: {}", e.toString());
    }
  }
}
