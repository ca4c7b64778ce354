package dev.hfsm.delivery;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a client asks for.
 *
 * @param method as it came, in capitals
 * @param path the raw path below where {@link Delivery} is mounted, neither decoded nor normalised
 * @param fields the header fields
 */
public record DeliveryRequest(String method, String path, Fields fields) {

  /**
   * Header fields, as whatever speaks HTTP has them: few are looked at, so none are copied. Asked
   * only while {@link Delivery#handle} runs.
   */
  @FunctionalInterface
  public interface Fields {

    /**
     * The values of a field in the order in which they came; empty if it is not there.
     *
     * @param name in any case
     */
    List<String> values(String name);
  }

  /**
   * With the header fields in a map, which is copied.
   *
   * @param headers values by name, names in any case
   */
  public DeliveryRequest(String method, String path, Map<String, List<String>> headers) {
    this(method, path, fields(headers));
  }

  private static Fields fields(Map<String, List<String>> headers) {
    Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
    return name -> copy.getOrDefault(name, List.of());
  }

  /** A request without headers. */
  public static DeliveryRequest get(String path) {
    return new DeliveryRequest("GET", path, name -> List.of());
  }

  /** The values of a header, joined as one list; empty if it is not there. */
  Optional<String> header(String name) {
    List<String> values = fields.values(name);
    return switch (values.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(values.get(0));
      default -> Optional.of(String.join(", ", values));
    };
  }
}
