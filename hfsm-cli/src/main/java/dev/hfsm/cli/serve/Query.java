package dev.hfsm.cli.serve;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The query of a request; of names that are there twice the first counts. */
record Query(Map<String, String> values) {

  static Query of(@Nullable String raw) {
    Map<String, String> values = new HashMap<>();
    for (String pair : (raw == null ? "" : raw).split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        values.putIfAbsent(pair.substring(0, equals), decode(pair.substring(equals + 1)));
      }
    }
    return new Query(values);
  }

  Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** Undoes what {@code encodeURIComponent} did. */
  static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new BadRequest("expected percent-encoded UTF-8");
    }
  }
}
