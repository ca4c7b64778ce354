package dev.hfsm.storage;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Capability of a store that can be talked to by others over HTTP, through addresses that are
 * signed for one purpose and a limited time. Whoever has such an address can use it: it is a
 * secret. Thread-safe; asks nobody.
 */
public interface Presigner extends PutPresigner {

  /**
   * An address from which the blob under {@code key} can be fetched, in whole or by ranges. Whether
   * there is one is not checked.
   *
   * @param validFor from one second to seven days
   * @param presentation what the store says about the bytes when it serves them
   */
  URI get(StorageKey key, Duration validFor, Presentation presentation);

  /**
   * A request to be made with the method {@code PUT}.
   *
   * @param url where to
   * @param headers what has to be sent along, exactly; {@code Content-Length} is not among them,
   *     because every client sends it by itself, and it has to be the size of the blob
   * @param expires until when the request can be begun
   */
  record PresignedPut(URI url, Map<String, String> headers, Instant expires) {

    /** Copies {@code headers}, in order of name. */
    public PresignedPut {
      headers = Collections.unmodifiableMap(new TreeMap<>(headers));
    }
  }
}
