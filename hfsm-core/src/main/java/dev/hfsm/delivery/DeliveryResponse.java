package dev.hfsm.delivery;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/**
 * What a client is answered: to be written by whatever speaks HTTP. Immutable but for the body,
 * which is read once.
 */
public final class DeliveryResponse implements AutoCloseable {

  private final int status;
  private final Map<String, String> headers;
  private final DeliveryBody body;

  /**
   * @param headers no longer changed by whoever gives them
   */
  DeliveryResponse(int status, Map<String, String> headers, DeliveryBody body) {
    this.status = status;
    this.headers = Collections.unmodifiableMap(headers);
    this.body = body;
  }

  /** The status code. */
  public int status() {
    return status;
  }

  /** The header fields by name, {@code Content-Length} among them if there is a body. */
  public Map<String, String> headers() {
    return headers;
  }

  /** The value of one of them. */
  public Optional<String> header(String name) {
    return headers.entrySet().stream()
        .filter(entry -> entry.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** What follows; empty for HEAD and wherever there is none. */
  public DeliveryBody body() {
    return body;
  }

  /** Gives up what the body holds, written or not. */
  @Override
  public void close() {
    body.close();
  }
}
