package dev.hfsm.delivery;

import dev.hfsm.AssetPipeline;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.TransformerId;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Transformation;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Builds the URLs that {@link Delivery} serves, without asking ledger or store: whoever has one can
 * read what it names, whoever alters it has nothing. Immutable and thread-safe.
 *
 * <p>A URL says all that shapes its bytes, the transformers' output versions included, so what it
 * names never changes and can be kept for ever.
 */
public final class AssetUrls {

  private final String base;
  private final SigningKeys keys;
  private final AssetPipeline assets;
  private final InstantSource clock;
  private final Expiry expiry;
  private final String version;

  private AssetUrls(
      String base, SigningKeys keys, AssetPipeline assets, InstantSource clock, Expiry expiry) {
    this.base = base;
    this.keys = keys;
    this.assets = assets;
    this.clock = clock;
    this.expiry = expiry;
    this.version = version(assets.transformers());
  }

  /**
   * URLs that never expire.
   *
   * @param base what stands before every path, without a slash at its end: where {@link Delivery}
   *     is mounted, for instance {@code https://cdn.example.com/assets}; may be empty
   * @param keys the same that {@link Delivery} has
   */
  public static AssetUrls of(AssetPipeline assets, SigningKeys keys, String base) {
    if (base.endsWith("/")) {
      throw new IllegalArgumentException(
          "urls: expected a base without a slash at its end: " + base);
    }
    return new AssetUrls(base, keys, assets, InstantSource.system(), Expiry.NEVER);
  }

  /** The same that expire. */
  public AssetUrls expiring(Expiry when) {
    return new AssetUrls(base, keys, assets, clock, when);
  }

  /** The same by another clock. */
  public AssetUrls clock(InstantSource instants) {
    return new AssetUrls(base, keys, assets, instants, expiry);
  }

  /** A fingerprint of what the transformers put out: 8 hexadecimal digits. */
  static String version(List<TransformerId> transformers) {
    String all =
        transformers.stream().map(TransformerId::toString).collect(Collectors.joining("\n"));
    return Digest.ofContent(all.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 8);
  }

  /** A variant; {@code format=auto} is settled for each client by its {@code Accept} header. */
  public String variant(AssetId asset, Transformation recipe) {
    Format format = recipe.format();
    return url(
        new Link(
            asset,
            recipe.format(Format.AUTO),
            version,
            format == Format.AUTO ? Link.AUTO : format.extension(),
            expiry.second(clock.instant())));
  }

  /**
   * A variant by the name of its preset.
   *
   * @throws IllegalArgumentException if there is no such preset
   */
  public String variant(AssetId asset, String preset) {
    return variant(asset, assets.preset(preset));
  }

  /**
   * The value of a {@code srcset} attribute: the recipe in several widths.
   *
   * @param widths in pixels
   */
  public String srcset(AssetId asset, Transformation recipe, int... widths) {
    List<String> candidates = new ArrayList<>();
    for (int width : widths) {
      candidates.add(variant(asset, scaled(recipe, width)) + " " + width + "w");
    }
    return String.join(", ", candidates);
  }

  /** Keeps the proportions of a box. */
  private static Transformation scaled(Transformation recipe, int width) {
    if (recipe.width().isPresent() && recipe.height().isPresent()) {
      double ratio = recipe.height().getAsInt() / (double) recipe.width().getAsInt();
      return recipe.width(width).height((int) Math.max(1, Math.round(width * ratio)));
    }
    return recipe.width(width);
  }

  /**
   * The bytes as they were uploaded, with whatever they say about where and by whom they were made.
   *
   * @param extension 1 to 12 characters of {@code [a-z0-9]}, for the eye; the type comes from the
   *     bytes
   */
  public String original(AssetId asset, String extension) {
    if (!extension.matches("[a-z0-9]{1,12}")) {
      throw new IllegalArgumentException(
          "url: expected an extension of 1 to 12 characters of [a-z0-9], found " + extension);
    }
    return url(new Link(asset, null, "", extension, expiry.second(clock.instant())));
  }

  private String url(Link link) {
    return base + link.path(keys.current(), keys.sign(link.signedText()));
  }
}
