package dev.hfsm.cli.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the page and the API. On the loopback address whoever is on this machine may, but no
 * page of somebody else's in a browser on it: neither by posting across sites ({@code Origin},
 * {@code Sec-Fetch-Site}) nor by a name that suddenly points here ({@code Host}). Where there is a
 * token, the API wants it.
 */
final class Guard {

  private static final Pattern HOST =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([^\\[\\]:@/\\s]+))(?::[0-9]{1,5})?");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(?:\\.[0-9]{1,3}){3}|::1|0:0:0:0:0:0:0:1");
  private static final Set<String> OWN_SITE = Set.of("same-origin", "none");
  private static final String BEARER = "Bearer ";

  private final InetAddress address;
  private final String host;
  private final @Nullable Token token;

  /**
   * @param address where the server listens
   * @param host the name by which that was said
   * @param token what the API wants; required unless the address is a loopback address
   */
  Guard(InetAddress address, String host, @Nullable Token token) {
    if (token == null && !address.isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "expected a token for an address that others can reach: " + address);
    }
    this.address = address;
    this.host = host;
    this.token = token;
  }

  /** Lets only those through who come by a name of ours. */
  HttpHandler page(HttpHandler handler) {
    return exchange -> {
      if (cameByOwnName(exchange)) {
        handler.handle(exchange);
      } else {
        refuseName(exchange);
      }
    };
  }

  /** Lets only those through who come by a name of ours, from a page of ours, with the token. */
  HttpHandler api(HttpHandler handler) {
    return exchange -> {
      if (!cameByOwnName(exchange)) {
        refuseName(exchange);
      } else if (!cameFromOwnPage(exchange)) {
        Answers.problem(exchange, 403, "Pages of other sites may not use this");
      } else if (!hasToken(exchange)) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
        Answers.problem(exchange, 401, "The token is missing or not the right one");
      } else {
        handler.handle(exchange);
      }
    };
  }

  private static void refuseName(HttpExchange exchange) throws java.io.IOException {
    Answers.problem(exchange, 421, "Expected to be called localhost, or as --host says");
  }

  /** A name is never looked up: who controls it controls the answer. */
  private boolean cameByOwnName(HttpExchange exchange) {
    if (!address.isLoopbackAddress()) {
      return true; // it has many names, and there is a token
    }
    String header = exchange.getRequestHeaders().getFirst("Host");
    Matcher m = HOST.matcher(header == null ? "" : header);
    if (!m.matches()) {
      return false;
    }
    String name = (m.group(1) == null ? m.group(2) : m.group(1)).toLowerCase(Locale.ROOT);
    return LOOPBACK.matcher(name).matches() || name.equals(host.toLowerCase(Locale.ROOT));
  }

  private static boolean cameFromOwnPage(HttpExchange exchange) {
    String site = exchange.getRequestHeaders().getFirst("Sec-Fetch-Site");
    if (site != null && !OWN_SITE.contains(site)) {
      return false;
    }
    String origin = exchange.getRequestHeaders().getFirst("Origin");
    String header = exchange.getRequestHeaders().getFirst("Host");
    return origin == null
        || origin.equalsIgnoreCase("http://" + header)
        || origin.equalsIgnoreCase("https://" + header);
  }

  private boolean hasToken(HttpExchange exchange) {
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    return token == null
        || given != null
            && given.regionMatches(true, 0, BEARER, 0, BEARER.length())
            && token.matches(given.substring(BEARER.length()));
  }
}
