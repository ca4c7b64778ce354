package dev.hfsm.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpHandler;
import dev.hfsm.AssetPipeline;
import dev.hfsm.delivery.Delivery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Describes a {@link DeliveryServer}. Not thread-safe. */
public final class DeliveryServerBuilder {

  private static final Logger ACCESS = LoggerFactory.getLogger("dev.hfsm.http.access");
  private static final Duration DRAIN = Duration.ofSeconds(15);
  private static final Duration ASKING = Duration.ofSeconds(10);
  private static final int THREADS = 300;
  private static final String ROOT = "/";

  final AssetPipeline assets;
  final Map<String, HttpHandler> handlers = new LinkedHashMap<>();
  final List<Filter> filters = new ArrayList<>();
  InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  Consumer<String> accessLog = ACCESS::info;
  int threads = THREADS;
  Duration notice = Duration.ZERO;
  Duration drain = DRAIN;
  Duration asking = ASKING;
  private final Delivery delivery;
  String mount = "/assets";

  DeliveryServerBuilder(AssetPipeline assets, Delivery delivery) {
    this.assets = assets;
    this.delivery = delivery;
  }

  /** Where to listen; a free port of the loopback address by default. */
  public DeliveryServerBuilder listen(InetSocketAddress where) {
    address = where;
    return this;
  }

  /**
   * The path below which assets are, {@code /assets} by default; starts with a slash; {@code /}
   * alone for all that no handler serves.
   */
  public DeliveryServerBuilder mount(String path) {
    if (!path.startsWith("/") || path.endsWith("/") && !path.equals(ROOT)) {
      throw new IllegalArgumentException(
          "mount: expected a path that starts with a slash and does not end with one: " + path);
    }
    mount = path;
    return this;
  }

  /**
   * Something else to serve below a path, logged and ended in order as assets are.
   *
   * @throws IllegalStateException if there is something at that path
   */
  public DeliveryServerBuilder handler(String path, HttpHandler handler) {
    if (handlers.putIfAbsent(path, handler) != null) {
      throw new IllegalStateException("handler " + path + ": expected once, found a second time");
    }
    return this;
  }

  /** Something that sees the requests for assets, inside of the log; several nest in order. */
  public DeliveryServerBuilder aroundAssets(Filter filter) {
    filters.add(filter);
    return this;
  }

  /** Who takes the lines of the access log; the logger {@code dev.hfsm.http.access} by default. */
  public DeliveryServerBuilder accessLog(Consumer<String> lines) {
    accessLog = lines;
    return this;
  }

  /**
   * How many requests are answered at the same time; 300 by default. The others wait. More than
   * twice the pipeline's {@code coldCallers}, or else those who wait for new variants hold up those
   * who ask for what is there.
   */
  public DeliveryServerBuilder threads(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("threads: expected 1 or more, found " + most);
    }
    threads = most;
    return this;
  }

  /**
   * How long a client may take from the first byte of a request to the end of its header fields,
   * and again for what is left of a body that its handler did not read; 10 s by default. Then its
   * connection is closed. How long handlers read bodies is not bounded by this.
   */
  public DeliveryServerBuilder asking(Duration atMost) {
    if (atMost.isZero() || atMost.isNegative()) {
      throw new IllegalArgumentException("asking: expected more than nothing, found " + atMost);
    }
    asking = atMost;
    return this;
  }

  /**
   * How long {@link DeliveryServer#close} goes on serving while {@code /readyz} says no already, so
   * that load balancers can take this node out; nothing by default.
   */
  public DeliveryServerBuilder notice(Duration time) {
    notice = notNegative("notice", time);
    return this;
  }

  /** How long {@link DeliveryServer#close} waits for requests under way; 15 s by default. */
  public DeliveryServerBuilder drain(Duration atMost) {
    drain = notNegative("drain", atMost);
    return this;
  }

  private static Duration notNegative(String name, Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException(name + ": expected nothing or more, found " + time);
    }
    return time;
  }

  /**
   * Begins to serve.
   *
   * @throws IOException if the address cannot be had, as when somebody listens there already
   */
  public DeliveryServer start() throws IOException {
    handler(mount, new DeliveryHandler(delivery));
    // Without it the JDK's server would answer by itself, in HTML, and write nothing down.
    handlers.putIfAbsent(ROOT, exchange -> SmallJson.problem(exchange, 404, "Not found"));
    return new DeliveryServer(this);
  }
}
