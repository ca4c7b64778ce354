package dev.hfsm.delivery;

import dev.hfsm.AssetPipeline;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.TransformerId;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Transformation;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Builds the URLs that {@link Delivery} serves, without asking ledger or store. A signed one is a
 * right: whoever has it can read what it names, whoever alters it has nothing. One of a preset is
 * not signed, and is served as long as the asset is public. Immutable and thread-safe.
 *
 * <p>A URL says all that shapes its bytes, the transformers' output versions included, so what it
 * names never changes and can be kept for ever.
 */
public final class AssetUrls {

  private final String base;
  private final SigningKeys keys;
  private final AssetPipeline assets;
  private final PublicPresets presets;
  private final InstantSource clock;
  private final Expiry expiry;
  private final String version;

  private AssetUrls(
      String base,
      SigningKeys keys,
      AssetPipeline assets,
      PublicPresets presets,
      InstantSource clock,
      Expiry expiry) {
    this.base = base;
    this.keys = keys;
    this.assets = assets;
    this.presets = presets;
    this.clock = clock;
    this.expiry = expiry;
    this.version = version(assets.transformers());
  }

  /**
   * URLs that never expire.
   *
   * @param base what stands before every path, without a slash at its end: where {@link Delivery}
   *     is mounted, for instance {@code https://cdn.example.com/assets}; may be empty
   * @param keys the same that {@link Delivery} has; {@link SigningKeys#none} if only presets of
   *     public assets are served
   */
  public static AssetUrls of(AssetPipeline assets, SigningKeys keys, String base) {
    if (base.endsWith("/")) {
      throw new IllegalArgumentException(
          "urls: expected a base without a slash at its end: " + base);
    }
    PublicPresets presets = new PublicPresets(assets);
    return new AssetUrls(base, keys, assets, presets, InstantSource.system(), Expiry.NEVER);
  }

  /** The same that expire. */
  public AssetUrls expiring(Expiry when) {
    return new AssetUrls(base, keys, assets, presets, clock, when);
  }

  /** The same by another clock. */
  public AssetUrls clock(InstantSource instants) {
    return new AssetUrls(base, keys, assets, presets, instants, expiry);
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
            recipe.isLossless() ? recipe : recipe.format(Format.AUTO),
            version,
            format == Format.AUTO ? Link.AUTO : format.extension(),
            expiry.second(clock.instant())));
  }

  /**
   * A variant by the name of its preset, signed: served whether the asset is public or not.
   *
   * @throws IllegalArgumentException if there is no such preset
   */
  public String variant(AssetId asset, String preset) {
    return variant(asset, assets.preset(preset));
  }

  /**
   * The value of a {@code srcset} attribute: the recipe in several widths, signed.
   *
   * @param widths in pixels
   */
  public String srcset(AssetId asset, Transformation recipe, int... widths) {
    return Arrays.stream(widths)
        .mapToObj(width -> variant(asset, recipe.inWidth(width)) + " " + width + "w")
        .collect(Collectors.joining(", "));
  }

  /**
   * A preset, without a signature and without an end: served if the asset is public. If the preset
   * says no format, it is settled for each client by its {@code Accept} header.
   *
   * @throws IllegalArgumentException if there is no such preset
   */
  public String preset(AssetId asset, String name) {
    return open(asset, name, presets.get(name).extension());
  }

  /**
   * A preset in a format, as for the {@code source} elements of a {@code picture}; served if the
   * asset is public.
   *
   * @throws IllegalArgumentException if there is no such preset, or if it says another format
   */
  public String preset(AssetId asset, String name, Format format) {
    String extension = format == Format.AUTO ? Link.AUTO : format.extension();
    if (presets.get(name).as(extension).isEmpty()) {
      throw new IllegalArgumentException(
          "preset %s: expected its format, %s, found %s"
              .formatted(name, presets.get(name).recipe().format(), format));
    }
    return open(asset, name, extension);
  }

  /**
   * The value of a {@code srcset} attribute: a preset in widths that it declares, without a
   * signature; served if the asset is public. Widths that no preset declares need a signature: see
   * {@link #srcset(AssetId, Transformation, int...)}.
   *
   * @param widths in pixels; all that the preset declares if there are none
   * @throws IllegalArgumentException if there is no such preset, or if it does not declare them
   */
  public String srcset(AssetId asset, String preset, int... widths) {
    List<Integer> declared = presets.get(preset).widths();
    if (declared.isEmpty()) {
      throw new IllegalArgumentException(
          "preset " + preset + ": expected one that declares widths, found none");
    }
    return (widths.length == 0 ? declared.stream() : Arrays.stream(widths).boxed())
        .map(width -> preset(asset, PublicPresets.named(preset, width)) + " " + width + "w")
        .collect(Collectors.joining(", "));
  }

  private String open(AssetId asset, String name, String extension) {
    return base + new PresetLink(asset, name, presets.get(name).revision(), extension).path();
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
