package dev.hfsm.delivery;

import dev.hfsm.AssetPipeline;
import dev.hfsm.delivery.Representation.Kept;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Transformation;
import java.time.Duration;
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

  Routes(AssetPipeline assets, SigningKeys keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
    this.presets = new PublicPresets(assets);
    this.version = AssetUrls.version(assets.transformers());
  }

  Routing find(DeliveryRequest request) {
    Optional<PresetLink> preset = PresetLink.parse(request.path());
    Optional<Link.Signed> signed =
        preset.isPresent() ? Optional.empty() : Link.parse(request.path());
    if (preset.isEmpty() && signed.isEmpty()) {
      return Problem.NOT_FOUND;
    }
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return Problem.METHOD_NOT_ALLOWED;
    }
    return preset.isPresent() ? open(preset.get()) : checked(signed.get());
  }

  private Routing open(PresetLink link) {
    Optional<PublicPresets.Entry> entry = presets.find(link.name());
    Optional<Transformation> recipe = entry.flatMap(known -> known.as(link.extension()));
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

  private Routing checked(Link.Signed signed) {
    Link link = signed.link();
    if (!keys.verify(signed.key(), signed.signature(), link.signedText())) {
      return Problem.FORBIDDEN;
    }
    Instant now = clock.instant();
    if (link.expires() != 0 && now.getEpochSecond() >= link.expires()) {
      return Problem.EXPIRED;
    }
    Transformation recipe = link.recipe();
    Format format = link.format().orElse(Format.AUTO);
    Duration left =
        link.expires() == 0
            ? Route.FOREVER
            : Duration.between(now, Instant.ofEpochSecond(link.expires()));
    return new Route(
        link.asset(),
        recipe == null ? null : recipe.format(format),
        Route.Access.BEARER,
        freshness(link, now),
        left);
  }

  /** A link of another version names what is not made any more: what is now is lent to it. */
  private Kept freshness(Link link, Instant now) {
    if (link.recipe() != null && !link.version().equals(version)) {
      return Kept.BRIEFLY;
    }
    return link.expires() == 0
        ? Kept.FOREVER
        : Kept.until(now, Instant.ofEpochSecond(link.expires()));
  }
}
