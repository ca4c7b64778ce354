package dev.hfsm.delivery;

import dev.hfsm.error.MalformedTextException;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Scope;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Transformation;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a signed path says, strictly: one text form for each meaning, nothing encoded.
 *
 * <pre>
 * [/~scope]/s/{key}.{signature}[.{expiry}]/{recipe}@{version}/{digest}.{extension}
 * [/~scope]/s/{key}.{signature}[.{expiry}]/original/{digest}.{extension}
 * </pre>
 *
 * @param asset whose bytes
 * @param recipe the recipe without its format, unless it is lossless, which goes with WebP only;
 *     null for the original
 * @param version what the transformers were when the link was made; empty for the original
 * @param extension of a format, or {@code auto}; of an original anything plain
 * @param expires the second since 1970 from which on it is worth nothing; 0 for never
 */
record Link(
    AssetId asset,
    @Nullable Transformation recipe,
    String version,
    String extension,
    long expires) {

  static final String AUTO = "auto";
  private static final String ORIGINAL = "original";
  private static final String AS_IT_IS = "as-is";
  private static final int MAX_PATH = 1200;
  private static final Pattern PATH =
      Pattern.compile(
          "(?:/~([a-z0-9][a-z0-9_-]{0,62}))?"
              + "/s/([a-z0-9]{1,8})\\.([A-Za-z0-9_-]{43})(?:\\.([1-9][0-9]{0,11}))?"
              + "/(original|([^/@]{1,500})@([0-9a-f]{8}))"
              + "/([0-9a-f]{64})\\.([a-z0-9]{1,12})");

  /** A link and what is said to prove it. */
  record Signed(Link link, String key, String signature) {}

  /** Reads a path; empty if it is none of ours. */
  static Optional<Signed> parse(String path) {
    if (path.length() > MAX_PATH) {
      return Optional.empty();
    }
    Matcher m = PATH.matcher(path);
    if (!m.matches()) {
      return Optional.empty();
    }
    try {
      Scope scope = m.group(1) == null ? Scope.DEFAULT : new Scope(m.group(1));
      AssetId asset = new AssetId(scope, Digest.parse("sha256:" + m.group(8)));
      Transformation recipe = m.group(6) == null ? null : recipe(m.group(6));
      String version = m.group(7) == null ? "" : m.group(7);
      long expires = m.group(4) == null ? 0 : Long.parseLong(m.group(4));
      Link link = new Link(asset, recipe, version, m.group(9), expires);
      boolean plain = recipe == null || link.isOfItsFormat();
      return plain && link.path(m.group(2), m.group(3)).equals(path)
          ? Optional.of(new Signed(link, m.group(2), m.group(3)))
          : Optional.empty();
    } catch (MalformedTextException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Transformation recipe(String text) {
    Transformation recipe = Transformation.parse(text.equals(AS_IT_IS) ? "" : text);
    if (recipe.format() != Format.AUTO && !recipe.isLossless()) {
      throw new IllegalArgumentException("link: expected the format as the extension only");
    }
    return recipe;
  }

  /** The extension names the format; a recipe that is nothing without its own says it as well. */
  private boolean isOfItsFormat() {
    Optional<Format> named = format();
    boolean open = recipe == null || recipe.format() == Format.AUTO;
    return named.isPresent() && (open || recipe.format() == named.get());
  }

  /** The format that the extension names; empty if it names none. */
  Optional<Format> format() {
    return format(extension);
  }

  /** The format that an extension names; empty if it names none. */
  static Optional<Format> format(String extension) {
    for (Format format : Format.values()) {
      String name = format == Format.AUTO ? AUTO : format.extension();
      if (name.equals(extension)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  /** What is signed. The scope is a line of its own, so that no two links have the same text. */
  String signedText() {
    return String.join(
        "\n",
        "hfsm-1",
        asset.scope().name(),
        asset.digest().toString(),
        subject(),
        extension,
        String.valueOf(expires));
  }

  private String subject() {
    if (recipe == null) {
      return ORIGINAL;
    }
    String text = recipe.canonical();
    return (text.isEmpty() ? AS_IT_IS : text) + "@" + version;
  }

  /** The path with a proof. */
  String path(String key, String signature) {
    String scope = asset.scope().name();
    return (scope.isEmpty() ? "" : "/~" + scope)
        + "/s/"
        + key
        + "."
        + signature
        + (expires == 0 ? "" : "." + expires)
        + "/"
        + subject()
        + "/"
        + asset.digest().hex()
        + "."
        + extension;
  }
}
