package dev.hfsm.model;

import dev.hfsm.error.MalformedTextException;
import java.util.Comparator;

/**
 * Names an asset: a scope and the digest of its bytes.
 *
 * @param scope the tenant
 * @param digest the content address
 */
public record AssetId(Scope scope, Digest digest) implements Comparable<AssetId> {

  private static final Comparator<AssetId> ORDER =
      Comparator.comparing(AssetId::scope).thenComparing(AssetId::digest);

  /** An asset of the default scope. */
  public static AssetId of(Digest digest) {
    return new AssetId(Scope.DEFAULT, digest);
  }

  /**
   * Reads the text form {@code [<scope>/]sha256:<64 hex>}.
   *
   * @throws MalformedTextException if {@code text} is anything else
   */
  public static AssetId parse(String text) {
    int slash = text.indexOf('/');
    try {
      return slash < 0
          ? of(Digest.parse(text))
          : new AssetId(
              new Scope(nonEmpty(text.substring(0, slash))),
              Digest.parse(text.substring(slash + 1)));
    } catch (IllegalArgumentException | MalformedTextException e) {
      throw new MalformedTextException("asset id", "[<scope>/]sha256:<64 hex>", text);
    }
  }

  private static String nonEmpty(String scope) {
    if (scope.isEmpty()) {
      throw new IllegalArgumentException("the default scope is written without a slash");
    }
    return scope;
  }

  @Override
  public int compareTo(AssetId other) {
    return ORDER.compare(this, other);
  }

  /** The text form {@code [<scope>/]sha256:<64 hex>}. */
  @Override
  public String toString() {
    return scope.prefix() + digest;
  }
}
