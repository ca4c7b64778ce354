package dev.hfsm.jdbc;

import static java.util.stream.Collectors.joining;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Subject;
import dev.hfsm.model.VariantKey;
import dev.hfsm.storage.StorageKey;
import java.util.Collection;
import java.util.stream.Stream;

/**
 * Lists of identities as one parameter, which both databases can unfold into rows. Nothing has to
 * be escaped: the types admit lower-case letters, digits and {@code ._/-} only.
 */
final class Json {

  private Json() {}

  static String assets(Collection<AssetId> assets) {
    return array(assets.stream().map(a -> texts(a.scope().name(), a.digest().hex())));
  }

  static String subjects(Collection<Subject> subjects) {
    return array(
        subjects.stream()
            .map(
                s ->
                    texts(
                        s.asset().scope().name(),
                        s.asset().digest().hex(),
                        s.kind().name(),
                        Rows.variantText(s))));
  }

  static String variants(Collection<VariantKey> variants) {
    return array(variants.stream().map(v -> texts(v.hex())));
  }

  static String keys(Collection<StorageKey> keys) {
    return array(keys.stream().map(k -> texts(k.text())));
  }

  private static String texts(String... values) {
    return array(Stream.of(values).map(v -> '"' + v + '"'));
  }

  private static String array(Stream<String> values) {
    return values.collect(joining(",", "[", "]"));
  }
}
