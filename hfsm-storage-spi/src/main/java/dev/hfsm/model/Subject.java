package dev.hfsm.model;

import dev.hfsm.error.MalformedTextException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a piece of work is about. There is at most one live piece of work per subject.
 *
 * @param kind what is owed
 * @param asset the asset it is owed to
 * @param variant the variant to make; null exactly when {@code kind} is {@link WorkKind#INSPECT}
 */
public record Subject(WorkKind kind, AssetId asset, @Nullable VariantKey variant) {

  /** Checks that kind and variant agree. */
  public Subject {
    if ((kind == WorkKind.DERIVE) != (variant != null)) {
      throw new IllegalArgumentException("a variant key belongs to DERIVE and to nothing else");
    }
  }

  /** The inspection of an asset. */
  public static Subject inspect(AssetId asset) {
    return new Subject(WorkKind.INSPECT, asset, null);
  }

  /** The making of a variant. */
  public static Subject derive(AssetId asset, VariantKey variant) {
    return new Subject(WorkKind.DERIVE, asset, variant);
  }

  /**
   * Reads the text form {@code inspect <asset>} or {@code derive <asset> <variant key>}.
   *
   * @throws MalformedTextException if {@code text} is anything else
   */
  public static Subject parse(String text) {
    String[] parts = text.split(" ", -1);
    try {
      if (parts.length == 2 && parts[0].equals("inspect")) {
        return inspect(AssetId.parse(parts[1]));
      }
      if (parts.length == 3 && parts[0].equals("derive")) {
        return derive(AssetId.parse(parts[1]), VariantKey.ofHex(parts[2]));
      }
    } catch (MalformedTextException | IllegalArgumentException e) {
      // falls through to the one message below
    }
    throw new MalformedTextException(
        "subject", "inspect <asset> or derive <asset> <variant>", text);
  }

  /** The text form {@code inspect <asset>} or {@code derive <asset> <variant key>}. */
  @Override
  public String toString() {
    String text = kind.name().toLowerCase(Locale.ROOT) + " " + asset;
    return variant == null ? text : text + " " + variant;
  }
}
