package dev.hfsm.cli.serve;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import dev.hfsm.AssetPipeline;
import dev.hfsm.error.HfsmException;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts, since the start, the requests for variants that were there already, and what making them
 * anew would have taken: what it took when they were made. Thread-safe.
 */
final class Savings extends Filter {

  private static final Duration SHORTLY = Duration.ofSeconds(1);
  private static final int REMEMBERED = 2000;
  private static final Set<Integer> SERVED = Set.of(200, 206, 304);
  private static final Pattern VARIANT =
      Pattern.compile("/assets(/s/[^/]+/([^/@]+)@[0-9a-f]{8}/([0-9a-f]{64})\\.([a-z]+))");

  private final AssetPipeline assets;
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong nanos = new AtomicLong();
  private final Map<String, Duration> costs =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Duration> eldest) {
          return size() > REMEMBERED;
        }
      };

  Savings(AssetPipeline assets) {
    this.assets = assets;
  }

  @Override
  public String description() {
    return "savings";
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    chain.doFilter(exchange);
    String timing = exchange.getResponseHeaders().getFirst("Server-Timing");
    boolean made = timing != null && timing.contains("transform");
    if (SERVED.contains(exchange.getResponseCode())
        && exchange.getRequestMethod().equals("GET")
        && !made) {
      count(exchange.getRequestURI().getRawPath());
    }
  }

  private void count(String path) {
    Matcher m = VARIANT.matcher(path);
    if (!m.matches()) {
      return; // an original, or an asset of another scope than the page's
    }
    Optional<Format> format = format(m.group(4));
    if (format.isEmpty()) {
      return; // settled by the client's Accept: which variant it was is not known here
    }
    String variant = m.group(1);
    Duration cost;
    synchronized (costs) {
      cost = costs.get(variant);
    }
    try {
      if (cost == null) {
        cost = cost(m.group(2), m.group(3), format.get());
        synchronized (costs) {
          costs.put(variant, cost);
        }
      }
      requests.incrementAndGet();
      nanos.addAndGet(cost.toNanos());
    } catch (HfsmException gone) {
      // It was served, and cannot be looked up any more: a figure less, nothing lost.
    }
  }

  private static Optional<Format> format(String extension) {
    return Arrays.stream(Format.values())
        .filter(format -> format != Format.AUTO && format.extension().equals(extension))
        .findFirst();
  }

  /** What was served is there, or about to be kept. */
  private Duration cost(String recipe, String digest, Format format) {
    Transformation wanted = Transformation.parse(recipe.equals("as-is") ? "" : recipe);
    AssetId asset = AssetId.of(new Digest(digest));
    return assets.variant(asset, wanted.format(format)).awaitMade(SHORTLY).cost();
  }

  /** How many requests were answered with what was there. */
  long requests() {
    return requests.get();
  }

  /** What making it anew would have taken. */
  Duration time() {
    return Duration.ofNanos(nanos.get());
  }
}
