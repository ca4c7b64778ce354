package dev.hfsm.storage;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Scope;
import dev.hfsm.model.VariantKey;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where one copy of a blob lies. A key is used once: it is never written again, whatever happened
 * to it, so a late delete or a zombie's write can only ever hit a dead key.
 *
 * @param text up to 512 characters: segments of 1 to 255 of {@code [a-z0-9._-]} that start with a
 *     letter or digit, separated by single slashes. Safe as a path on every file system and as a
 *     key in every object store.
 */
public record StorageKey(String text) implements Comparable<StorageKey> {

  private static final int MAX_LENGTH = 512;
  private static final String SEGMENT = "[a-z0-9][a-z0-9._-]{0,254}";
  private static final Pattern TEXT = Pattern.compile(SEGMENT + "(/" + SEGMENT + ")*");
  private static final Pattern EXTENSION = Pattern.compile("[a-z0-9]{1,8}");
  private static final Pattern ASSET_KEY =
      Pattern.compile(
          "(?:(?<scope>[a-z0-9][a-z0-9_-]{0,62})/)?"
              + "(?:raw/(?<r1>[0-9a-f]{2})/(?<r2>[0-9a-f]{2})/(?<raw>[0-9a-f]{64})"
              + "|var/(?<v1>[0-9a-f]{2})/(?<v2>[0-9a-f]{2})/(?<var>[0-9a-f]{64})/(?<variant>[0-9a-f]{64}))"
              + "-(?<stamp>[0-9a-f]{27})(?:\\.(?<ext>[a-z0-9]{1,8}))?");

  private static final Pattern LANDING =
      Pattern.compile(
          "((?:[a-z0-9][a-z0-9_-]{0,62}/)?)land/"
              + "([0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}-[0-9a-f]{27})");

  /** Validates the form. */
  public StorageKey {
    if (!isValid(text)) {
      throw new IllegalArgumentException(
          "storage key: expected segments of [a-z0-9._-] separated by slashes, found " + text);
    }
  }

  /** Whether {@code text} is the text of a storage key. */
  public static boolean isValid(String text) {
    return text.length() <= MAX_LENGTH && TEXT.matcher(text).matches();
  }

  /** A fresh key for the bytes of an asset. */
  public static StorageKey raw(AssetId asset, Stamp stamp) {
    return new StorageKey(folder(asset, "raw") + asset.digest().hex() + "-" + stamp);
  }

  /**
   * A fresh key for a variant.
   *
   * @param extension 1 to 8 characters of {@code [a-z0-9]}
   * @throws IllegalArgumentException if {@code extension} is anything else: such a key could never
   *     be told from a stranger's, so nothing would ever clear it away
   */
  public static StorageKey variant(
      AssetId asset, VariantKey variant, Stamp stamp, String extension) {
    if (!EXTENSION.matcher(extension).matches()) {
      throw new IllegalArgumentException(
          "storage key, extension: expected [a-z0-9]{1,8}, found " + extension);
    }
    return new StorageKey(
        folder(asset, "var")
            + asset.digest().hex()
            + "/"
            + variant
            + "-"
            + stamp
            + "."
            + extension);
  }

  /**
   * A fresh key for bytes that are put from outside, and that no row ever names: what is not
   * fetched from there in time is nobody's.
   */
  public static StorageKey landing(AssetId asset, Stamp stamp) {
    return new StorageKey(folder(asset, "land") + asset.digest().hex() + "-" + stamp);
  }

  private static String folder(AssetId asset, String area) {
    String hex = asset.digest().hex();
    return asset.scope().prefix()
        + area
        + "/"
        + hex.substring(0, 2)
        + "/"
        + hex.substring(2, 4)
        + "/";
  }

  /**
   * What the key says about itself, if it is strictly one that {@link #raw} or {@link #variant}
   * could have made; empty for anything else, which is nobody's to delete.
   */
  public Optional<Parts> parts() {
    Matcher m = ASSET_KEY.matcher(text);
    if (!m.matches()) {
      return Optional.empty();
    }
    boolean raw = m.group("raw") != null;
    String hex = raw ? m.group("raw") : m.group("var");
    String fan = raw ? m.group("r1") + m.group("r2") : m.group("v1") + m.group("v2");
    if (!hex.startsWith(fan) || raw != (m.group("ext") == null)) {
      return Optional.empty();
    }
    try {
      Scope scope = m.group("scope") == null ? Scope.DEFAULT : new Scope(m.group("scope"));
      return Optional.of(
          new Parts(
              new AssetId(scope, new Digest(hex)),
              raw ? Optional.empty() : Optional.of(VariantKey.ofHex(m.group("variant"))),
              Stamp.parse(m.group("stamp"))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * What the key says about itself, if it is strictly one that {@link #landing} could have made;
   * empty for anything else. No key has both this and {@link #parts}.
   */
  public Optional<Parts> landed() {
    Matcher m = LANDING.matcher(text);
    return m.matches()
        ? new StorageKey(m.group(1) + "raw/" + m.group(2)).parts()
        : Optional.empty();
  }

  /** Code-unit order, which for these characters is the byte order of every store. */
  @Override
  public int compareTo(StorageKey other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }

  /**
   * What a key says about itself.
   *
   * @param asset whose bytes lie there
   * @param variant which variant, or empty for the original
   * @param stamp when the key was made
   */
  public record Parts(AssetId asset, Optional<VariantKey> variant, Stamp stamp) {}
}
