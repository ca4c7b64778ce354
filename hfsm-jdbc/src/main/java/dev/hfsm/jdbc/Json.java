package dev.hfsm.jdbc;

import static java.util.stream.Collectors.joining;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Discarded;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Subject;
import dev.hfsm.storage.StorageKey;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists of rows as one parameter, which both databases can unfold. */
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

  static String keys(Collection<StorageKey> keys) {
    return array(keys.stream().map(k -> texts(k.text())));
  }

  static String discarded(Collection<Discarded> garbage) {
    return array(
        garbage.stream().map(g -> texts(g.key().text(), Objects.toString(g.size(), null))));
  }

  static String leases(List<Lease> leases) {
    return array(
        IntStream.range(0, leases.size())
            .mapToObj(
                i -> {
                  Lease lease = leases.get(i);
                  Subject s = lease.subject();
                  return texts(
                      Integer.toString(i),
                      s.asset().scope().name(),
                      s.asset().digest().hex(),
                      s.kind().name(),
                      Rows.variantText(s),
                      lease.worker(),
                      Long.toString(lease.fence()));
                }));
  }

  static String admissions(Collection<Admission> admissions) {
    return array(
        admissions.stream()
            .map(
                a ->
                    texts(
                        a.asset().scope().name(),
                        a.asset().digest().hex(),
                        Long.toString(a.size()),
                        a.key().text(),
                        a.facts().toString(),
                        Steps.pixels(a.facts()),
                        Long.toString(Admissions.freshUntil(a)),
                        a.reference().text(),
                        Boolean.toString(a.visibility() == Visibility.PUBLIC))));
  }

  /** Rows that are made already. */
  static String rows(Collection<String> rows) {
    return array(rows.stream());
  }

  /** One row; numbers come as texts, and are cast where they are used. */
  static String texts(@Nullable String... values) {
    return array(Stream.of(values).map(Json::text));
  }

  /** As RFC 8259 says. */
  private static String text(@Nullable String value) {
    if (value == null) {
      return "null";
    }
    if (isPlain(value)) {
      return '"' + value + '"'; // nearly all: digests, keys, numbers
    }
    StringBuilder text = new StringBuilder(value.length() + 16).append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> text.append('\\').append(c);
        case '\n' -> text.append("\\n");
        default -> {
          if (c < ' ') {
            text.append("\\u%04x".formatted((int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    return text.append('"').toString();
  }

  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  private static String array(Stream<String> values) {
    return values.collect(joining(",", "[", "]"));
  }
}
