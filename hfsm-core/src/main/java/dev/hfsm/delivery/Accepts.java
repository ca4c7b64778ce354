package dev.hfsm.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hfsm.transform.Accept;

/** {@code Accept} headers that were read: browsers have few. Thread-safe. */
final class Accepts {

  private static final int MOST = 1000;
  private static final int LONGEST = 300;

  private final Cache<String, Accept> known = Caffeine.newBuilder().maximumSize(MOST).build();

  /** What a request takes. */
  Accept of(DeliveryRequest request) {
    String header = request.header("Accept").orElse("");
    if (header.isEmpty()) {
      return Accept.ANYTHING;
    }
    return header.length() > LONGEST ? Accept.parse(header) : known.get(header, Accept::parse);
  }
}
