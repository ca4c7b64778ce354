package dev.hfsm.delivery;

import dev.hfsm.error.MalformedTextException;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Scope;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the path of a preset says, strictly: one text form for each meaning, nothing encoded.
 *
 * <pre>
 * [/~scope]/v/{preset}[.{width}]-{revision}/{digest}.{extension}
 * </pre>
 *
 * @param asset whose variant
 * @param name of the preset, with its width if one is said
 * @param revision which preset the link was made for, see {@link PublicPresets}
 * @param extension of a format, or {@code auto}
 */
record PresetLink(AssetId asset, String name, String revision, String extension) {

  private static final int MAX_PATH = 220;
  private static final Pattern PATH =
      Pattern.compile(
          "(?:/~([a-z0-9][a-z0-9_-]{0,62}))?"
              + "/v/([a-z0-9][a-z0-9-]{0,31}(?:\\.[1-9][0-9]{0,4})?)-([0-9a-f]{8})"
              + "/([0-9a-f]{64})\\.([a-z]{1,12})");

  /** Reads a path; empty if it is none of ours. */
  static Optional<PresetLink> parse(String path) {
    if (path.length() > MAX_PATH) {
      return Optional.empty();
    }
    Matcher m = PATH.matcher(path);
    if (!m.matches()) {
      return Optional.empty();
    }
    try {
      Scope scope = m.group(1) == null ? Scope.DEFAULT : new Scope(m.group(1));
      AssetId asset = new AssetId(scope, Digest.parse("sha256:" + m.group(4)));
      return Optional.of(new PresetLink(asset, m.group(2), m.group(3), m.group(5)));
    } catch (MalformedTextException | IllegalArgumentException e) {
      return Optional.empty(); // a scope that is reserved
    }
  }

  /** The path. */
  String path() {
    String scope = asset.scope().name();
    return (scope.isEmpty() ? "" : "/~" + scope)
        + "/v/"
        + name
        + "-"
        + revision
        + "/"
        + asset.digest().hex()
        + "."
        + extension;
  }
}
