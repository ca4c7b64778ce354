package dev.hfsm.delivery;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.HfsmException;
import dev.hfsm.error.LimitExceededException;
import dev.hfsm.error.NoTransformerException;
import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.error.TransformationException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Why there is nothing to serve, as a status and a small body (RFC 9457). Says nothing that the
 * client did not say itself: what went wrong inside is for the log.
 */
record Problem(int status, String title, Duration retryAfter, Duration keep) implements Routing {

  private static final Duration SOON = Duration.ofSeconds(1);

  /** How long caches, our own among them, keep in mind that there is nothing. */
  static final Duration BRIEFLY = Duration.ofSeconds(5);

  private static final Duration NEVER = Duration.ZERO;

  static final Problem NOT_FOUND = new Problem(404, "Not found", NEVER, BRIEFLY);
  static final Problem METHOD_NOT_ALLOWED = new Problem(405, "Only GET and HEAD", NEVER, NEVER);
  static final Problem FORBIDDEN = new Problem(403, "The signature is not valid", NEVER, NEVER);
  static final Problem EXPIRED = new Problem(410, "This link has expired", NEVER, BRIEFLY);
  static final Problem FOR_THE_MOMENT =
      new Problem(503, "Not available for the moment", SOON, NEVER);
  static final Problem UNEXPECTED = new Problem(500, "Something went wrong", NEVER, NEVER);

  /** What an exception of the pipeline means to a client. */
  static Problem of(HfsmException e) {
    if (e instanceof AssetGoneException) {
      return NOT_FOUND;
    }
    Optional<Problem> shed = Shedding.problem(e);
    if (shed.isPresent()) {
      return shed.get();
    }
    if (e.retryable()) {
      return FOR_THE_MOMENT;
    }
    return forGood(e);
  }

  private static Problem forGood(HfsmException e) {
    if (e instanceof NoTransformerException) {
      return new Problem(415, "No such variant can be made of this type", NEVER, BRIEFLY);
    }
    if (e instanceof RejectedMediaException) {
      return new Problem(422, "This asset was refused", NEVER, BRIEFLY);
    }
    if (e instanceof LimitExceededException) {
      return new Problem(422, "This asset is beyond the limits", NEVER, BRIEFLY);
    }
    return e instanceof TransformationException
        ? new Problem(422, "This variant cannot be made", NEVER, BRIEFLY)
        : UNEXPECTED;
  }

  /** For a path that led nowhere; what looks negotiated says so, here as elsewhere. */
  DeliveryResponse response(DeliveryRequest request) {
    return response(request, request.path().endsWith("." + Link.AUTO), new Timing());
  }

  /**
   * @param negotiated whether a client that takes other formats may be answered something else
   */
  DeliveryResponse response(DeliveryRequest request, boolean negotiated, Timing timing) {
    byte[] body =
        ("{\"title\":\"" + title + "\",\"status\":" + status + "}")
            .getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/problem+json");
    headers.put("Content-Length", String.valueOf(body.length));
    headers.put("Cache-Control", keep.isZero() ? "no-store" : "max-age=" + keep.toSeconds());
    headers.put("X-Content-Type-Options", "nosniff");
    if (!retryAfter.isZero()) {
      headers.put("Retry-After", String.valueOf(retryAfter.toSeconds()));
    }
    if (status == 405) {
      headers.put("Allow", "GET, HEAD");
    }
    if (negotiated) {
      headers.put("Vary", "Accept");
    }
    // What is not there says nothing of how that was found out.
    if (status != 404 && !timing.header().isEmpty()) {
      headers.put("Server-Timing", timing.header());
    }
    boolean head = request.method().equals("HEAD");
    return new DeliveryResponse(
        status, headers, head ? DeliveryBody.none() : DeliveryBody.of(body, 0, body.length));
  }
}
