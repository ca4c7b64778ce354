package dev.hfsm.delivery;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a client asks for.
 *
 * @param method as it came, in capitals
 * @param path the raw path below where {@link Delivery} is mounted, neither decoded nor normalised
 * @param headers values by name, names in any case
 */
public record DeliveryRequest(String method, String path, Map<String, List<String>> headers) {

  /** Copies the headers; names are looked up whatever their case. */
  public DeliveryRequest {
    Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach((name, values) -> copy.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
    headers = java.util.Collections.unmodifiableMap(copy);
  }

  /** A request without headers. */
  public static DeliveryRequest get(String path) {
    return new DeliveryRequest("GET", path, Map.of());
  }

  /** The values of a header, joined as one list; empty if it is not there. */
  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name)).map(values -> String.join(", ", values));
  }
}
