package dev.hfsm.delivery;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.hfsm.AssetPipeline;
import dev.hfsm.Original;
import dev.hfsm.ReadyVariant;
import dev.hfsm.VariantHandle;
import dev.hfsm.delivery.Representation.Kept;
import dev.hfsm.error.HfsmException;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.Fact;
import dev.hfsm.transform.Accept;
import dev.hfsm.transform.Stage;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests, whatever the HTTP server: for signed URLs, and for presets of assets that are
 * public; see {@link AssetUrls} for how both are made. A variant is made on its first request;
 * whoever asks meanwhile waits for it, up to a bound.
 *
 * <p>What is neither signed nor a preset is refused before anything is looked up: it costs neither
 * ledger nor store. An asset that is private is answered as one that is not there. Small variants
 * are served from the heap, and reached through their rows alone: what was purged is not served
 * once this node has heard of it, nor for longer than {@link
 * dev.hfsm.custody.PurgeReceipt#cachesWithin()} if it does not; what was hidden, for as long at
 * most.
 *
 * <p>Thread-safe. Blocks the calling thread while a variant is made.
 */
public final class Delivery {

  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  private final AssetPipeline assets;
  private final Routes routes;
  private final Duration patience;
  private final Redirects redirects;
  private final PublicAssets publicAssets;
  private final Refusals refusals;
  private final HotBytes hot;
  private final Accepts accepts = new Accepts();

  Delivery(
      AssetPipeline assets, Routes routes, Duration patience, Redirects redirects, long hotBytes) {
    this.assets = assets;
    this.routes = routes;
    this.patience = patience;
    this.redirects = redirects;
    this.publicAssets =
        new PublicAssets(
            id -> assets.find(id).filter(row -> row.visibility() == Visibility.PUBLIC).isPresent());
    this.refusals = new Refusals(Ticker.systemTicker());
    this.hot = new HotBytes(hotBytes);
  }

  /**
   * Serves what a pipeline keeps: presets of what is public to anybody, and anything to whoever has
   * a URL signed with one of the keys.
   */
  public static DeliveryBuilder of(AssetPipeline assets, SigningKeys keys) {
    return new DeliveryBuilder(assets, keys);
  }

  /**
   * Answers a request. Never throws: what goes wrong is a status. The caller closes the response.
   */
  public DeliveryResponse handle(DeliveryRequest request) {
    try {
      Routing routing = routes.find(request);
      return routing instanceof Route route
          ? answer(request, route)
          : ((Problem) routing).response(request);
    } catch (RuntimeException e) {
      LOG.error("a request could not be answered", e);
      return Problem.UNEXPECTED.response(request);
    }
  }

  /**
   * What to answer in place of a response whose body failed before any of it was sent, with its
   * header fields taken back: 503 if it may pass, else 500. For servers that can; the others end
   * the connection. Never throws. The caller closes the response.
   *
   * @param failure what {@link DeliveryBody#writeTo} threw
   */
  public DeliveryResponse broken(DeliveryRequest request, Exception failure) {
    LOG.warn("a body broke off before any of it was sent: {}", failure.toString());
    if (failure instanceof HfsmException known) {
      return Problem.of(known).response(request);
    }
    return (failure instanceof IOException ? Problem.FOR_THE_MOMENT : Problem.UNEXPECTED)
        .response(request);
  }

  private DeliveryResponse answer(DeliveryRequest request, Route route) {
    Timing timing = new Timing();
    try {
      if (route.access() == Route.Access.ANYBODY) {
        if (!publicAssets.contains(route.asset())) {
          return Problem.NOT_FOUND.response(request, route.isNegotiated(), timing);
        }
        routes.keep(request.path(), route);
      }
      Optional<Problem> known = refusals.find(route, request);
      return known.isPresent()
          ? known.get().response(request, route.isNegotiated(), timing)
          : found(request, route, timing).respond(request, timing);
    } catch (HfsmException e) {
      refusals.remember(route, request, e);
      Problem problem = Problem.of(e);
      if (problem == Problem.UNEXPECTED) {
        LOG.warn("a request could not be answered: {}", e.getMessage());
      }
      return problem.response(request, route.isNegotiated(), timing);
    }
  }

  private Representation found(DeliveryRequest request, Route route, Timing timing) {
    Transformation recipe = route.recipe();
    return recipe == null ? original(route, timing) : variant(request, route, recipe, timing);
  }

  private Representation original(Route route, Timing timing) {
    Original original = timing.measure("ledger", () -> assets.open(route.asset()));
    return new Representation(
        original,
        original.asset().admittedAt(),
        route.kept(),
        route.isNegotiated(),
        original.asset().facts().get(Fact.FILE_NAME).orElse(""),
        range -> DeliveryBody.of(original, range, timing),
        () -> redirects.of(original, route.left()));
  }

  private Representation variant(
      DeliveryRequest request, Route route, Transformation recipe, Timing timing) {
    Accept accept = route.isNegotiated() ? accepts.of(request) : Accept.ANYTHING;
    VariantHandle wanted = assets.variant(route.asset(), recipe, accept);
    long begin = System.nanoTime();
    ReadyVariant ready = Shedding.await(wanted, route.access(), patience);
    tell(ready, Duration.ofNanos(System.nanoTime() - begin), timing);
    return new Representation(
        ready,
        ready.requestedAt(),
        ready.made() == ReadyVariant.Made.INSTEAD ? Kept.AS_STAND_IN : route.kept(),
        route.isNegotiated(),
        "",
        range ->
            HotBytes.takes(ready)
                ? hot.open(route.asset().scope(), ready, range, timing)
                : DeliveryBody.of(ready, range, timing),
        () -> redirects.of(route.asset(), ready, route.left()));
  }

  /**
   * Who comes while a variant is being made waits for less than it costs. What its transformer does
   * not tell of decoding and encoding is part of the transformation.
   */
  private static void tell(ReadyVariant ready, Duration took, Timing timing) {
    Duration making =
        ready.made() == ReadyVariant.Made.NOW && ready.cost().compareTo(took) < 0
            ? ready.cost()
            : Duration.ZERO;
    timing.add("ledger", took.minus(making));
    if (ready.made() == ReadyVariant.Made.NOW) {
      Optional<Duration> decode = ready.took(Stage.DECODE);
      Optional<Duration> encode = ready.took(Stage.ENCODE);
      decode.ifPresent(time -> timing.add("decode", time));
      Duration told = decode.orElse(Duration.ZERO).plus(encode.orElse(Duration.ZERO));
      timing.add("transform", ready.cost().minus(told)); // nothing if helpers took more
      encode.ifPresent(time -> timing.add("encode", time));
    }
  }
}
