package dev.hfsm.delivery;

import dev.hfsm.AssetPipeline;
import dev.hfsm.delivery.Representation.Kept;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Transformation;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Finds out what a request may have from its path alone: what is forged, has expired or is no
 * preset ends here and has cost neither ledger nor store. Thread-safe.
 */
final class Routes {

  private final SigningKeys keys;
  private final InstantSource clock;
  private final PublicPresets presets;
  private final String version;
  private final KnownRoutes known = new KnownRoutes();

  Routes(AssetPipeline assets, SigningKeys keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
    this.presets = new PublicPresets(assets);
    this.version = AssetUrls.version(assets.transformers());
  }

  Routing find(DeliveryRequest request) {
    boolean asks = request.method().equals("GET") || request.method().equals("HEAD");
    Optional<KnownRoutes.Known> known = asks ? this.known.find(request.path()) : Optional.empty();
    if (known.isPresent()) {
      return now(known.get());
    }
    Optional<PresetLink> preset = PresetLink.parse(request.path());
    Optional<Link.Signed> signed =
        preset.isPresent() ? Optional.empty() : Link.parse(request.path());
    if (preset.isEmpty() && signed.isEmpty()) {
      return Problem.NOT_FOUND;
    }
    if (!asks) {
      return Problem.METHOD_NOT_ALLOWED;
    }
    return preset.isPresent() ? open(preset.get()) : checked(request.path(), signed.get());
  }

  private Routing open(PresetLink link) {
    Optional<PublicPresets.Entry> entry = presets.find(link.name());
    Optional<Transformation> recipe = entry.flatMap(found -> found.as(link.extension()));
    if (recipe.isEmpty()) {
      return Problem.NOT_FOUND;
    }
    boolean current = entry.get().revision().equals(link.revision());
    return new Route(
        link.asset(),
        recipe.get(),
        Route.Access.ANYBODY,
        current ? Kept.FOREVER : Kept.BRIEFLY,
        Route.FOREVER);
  }

  /** The asset of an open route was found to be public: digests that are made up fill nothing. */
  void keep(String path, Route open) {
    if (known.find(path).isEmpty()) {
      known.keep(path, new KnownRoutes.Known(open, 0));
    }
  }

  /** How much is kept of paths. */
  long knownBytes() {
    return known.bytes();
  }

  private Routing checked(String path, Link.Signed signed) {
    Link link = signed.link();
    if (!keys.verify(signed.key(), signed.signature(), link.signedText())) {
      return Problem.FORBIDDEN;
    }
    Transformation recipe = link.recipe();
    Format format = link.format().orElse(Format.AUTO);
    // A link of another version names what is not made any more: what is now is lent to it.
    boolean lent = recipe != null && !link.version().equals(version);
    Route route =
        new Route(
            link.asset(),
            recipe == null ? null : recipe.format(format),
            Route.Access.BEARER,
            lent ? Kept.BRIEFLY : Kept.FOREVER,
            Route.FOREVER);
    KnownRoutes.Known checked = new KnownRoutes.Known(route, link.expires());
    known.keep(path, checked);
    return now(checked);
  }

  /** What expires is looked at every time. */
  private Routing now(KnownRoutes.Known known) {
    if (known.expires() == 0) {
      return known.route();
    }
    Instant now = clock.instant();
    return now.getEpochSecond() >= known.expires()
        ? Problem.EXPIRED
        : known.route().until(now, Instant.ofEpochSecond(known.expires()));
  }
}
