package dev.hfsm.cli.serve;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import dev.hfsm.AssetPipeline;
import dev.hfsm.Preset;
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
import org.jspecify.annotations.Nullable;

/**
 * Counts, since the start, the requests for variants that were there already, and what making them
 * anew would have taken: what it took when they were made. Thread-safe.
 */
final class Savings extends Filter {

  private static final Duration SHORTLY = Duration.ofSeconds(1);
  private static final int REMEMBERED = 2000;
  private static final Set<Integer> SERVED = Set.of(200, 206, 304);
  private static final Pattern SIGNED =
      Pattern.compile("/assets/s/[^/]+/([^/@]+)@[0-9a-f]{8}/([0-9a-f]{64})\\.([a-z]+)");
  private static final Pattern PRESET =
      Pattern.compile(
          "/assets/v/([a-z0-9-]+?)(?:\\.([0-9]{1,5}))?-[0-9a-f]{8}/([0-9a-f]{64})\\.([a-z]+)");

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
        && !made
        && exchange.getResponseHeaders().getFirst("HFSM-Stand-In") == null) {
      count(exchange.getRequestURI().getRawPath());
    }
  }

  private void count(String path) {
    Optional<Made> served = signed(path).or(() -> preset(path));
    if (served.isEmpty()) {
      return; // an original, or an asset of another scope than the page's
    }
    Made made = served.get();
    Optional<Format> format = format(made.extension());
    if (format.isEmpty()) {
      return; // settled by the client's Accept: which variant it was is not known here
    }
    Duration cost;
    synchronized (costs) {
      cost = costs.get(path);
    }
    try {
      if (cost == null) {
        cost = cost(made, format.get());
        synchronized (costs) {
          costs.put(path, cost);
        }
      }
      requests.incrementAndGet();
      nanos.addAndGet(cost.toNanos());
    } catch (HfsmException gone) {
      // It was served, and cannot be looked up any more: a figure less, nothing lost.
    }
  }

  /** What a path names. */
  private record Made(Transformation recipe, String digest, String extension) {}

  private static Optional<Made> signed(String path) {
    Matcher m = SIGNED.matcher(path);
    return m.matches()
        ? Optional.of(
            new Made(
                Transformation.parse(m.group(1).equals("as-is") ? "" : m.group(1)),
                m.group(2),
                m.group(3)))
        : Optional.empty();
  }

  private Optional<Made> preset(String path) {
    Matcher m = PRESET.matcher(path);
    return m.matches()
        ? assets.presets().stream()
            .filter(preset -> preset.name().equals(m.group(1)))
            .map(preset -> in(preset, m.group(2)))
            .map(recipe -> new Made(recipe, m.group(3), m.group(4)))
            .findFirst()
        : Optional.empty();
  }

  private static Transformation in(Preset preset, @Nullable String width) {
    return width == null ? preset.recipe() : preset.in(Integer.parseInt(width));
  }

  private static Optional<Format> format(String extension) {
    return Arrays.stream(Format.values())
        .filter(format -> format != Format.AUTO && format.extension().equals(extension))
        .findFirst();
  }

  /** What was served is there, or about to be kept. */
  private Duration cost(Made made, Format format) {
    AssetId asset = AssetId.of(new Digest(made.digest()));
    return assets.variant(asset, made.recipe().format(format)).awaitMade(SHORTLY).cost();
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
