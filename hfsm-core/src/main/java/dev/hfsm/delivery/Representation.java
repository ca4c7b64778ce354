package dev.hfsm.delivery;

import dev.hfsm.Content;
import dev.hfsm.model.MediaType;
import dev.hfsm.storage.ByteRange;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Bytes that were found, on their way to a client: conditions, ranges and header fields.
 *
 * @param modified when they came to be
 * @param kept for how long caches may keep them
 * @param negotiated whether another client may get others
 * @param name of the file, for a client that saves it; may be empty, and is the client's word
 * @param elsewhere where else a client is sent for it, if it is
 */
record Representation(
    Content content,
    Instant modified,
    Kept kept,
    boolean negotiated,
    String name,
    Opener opener,
    Supplier<Optional<Redirects.Redirect>> elsewhere) {

  /** What browsers may show in place; anything else is saved, because it might act. */
  private static final Set<String> SHOWN =
      Set.of(
          "image/jpeg",
          "image/png",
          "image/gif",
          "image/webp",
          "image/avif",
          "image/bmp",
          "image/tiff",
          "image/heic",
          "video/mp4",
          "video/webm",
          "audio/mpeg",
          "audio/ogg",
          "audio/wav",
          "audio/flac");

  /** Room for all of them. */
  private static final int FIELDS = 32;

  /** Whether a browser shows it in place. */
  static boolean isShown(MediaType type) {
    return SHOWN.contains(type.toString());
  }

  /** Opens a part. */
  @FunctionalInterface
  interface Opener {
    DeliveryBody open(ByteRange range);
  }

  /** The value of {@code Cache-Control}. */
  record Kept(String directives) {
    static final Kept FOREVER = new Kept("public, max-age=31536000, immutable");

    /** Another variant in place of the one that was asked for: until that may be there. */
    static final Kept AS_STAND_IN = new Kept("public, max-age=5");

    static final Kept BRIEFLY = new Kept("public, max-age=60");
    private static final long BRIEF = 60;
    private static final long YEAR = Duration.ofDays(365).toSeconds();

    /** The same, but no longer than the link is worth something. */
    Kept until(Instant now, Instant end) {
      long left = Math.max(0, end.getEpochSecond() - now.getEpochSecond());
      if (equals(FOREVER)) {
        return new Kept("public, max-age=" + Math.min(YEAR, left) + ", immutable");
      }
      return left < BRIEF ? new Kept("public, max-age=" + left) : this;
    }
  }

  DeliveryResponse respond(DeliveryRequest request, Timing timing) {
    String tag = "\"" + content.digest().hex().substring(0, 32) + "\"";
    Map<String, String> headers = new LinkedHashMap<>(FIELDS);
    headers.put("ETag", tag);
    headers.put("Last-Modified", Conditions.text(modified));
    headers.put("Cache-Control", kept.directives());
    if (negotiated) {
      headers.put("Vary", "Accept");
    }
    if (kept.equals(Kept.AS_STAND_IN)) {
      headers.put("HFSM-Stand-In", "?1"); // a boolean of RFC 9651
    }
    Conditions conditions = new Conditions(request, tag, modified);
    switch (conditions.evaluate()) {
      case NOT_MODIFIED:
        return new DeliveryResponse(304, timed(headers, timing), DeliveryBody.none());
      case PRECONDITION_FAILED:
        return new Problem(412, "Changed meanwhile", Duration.ZERO, Duration.ZERO)
            .response(request, negotiated, timing);
      default:
        break;
    }
    // The store could not say that it is another variant.
    Optional<Redirects.Redirect> away =
        request.method().equals("GET") && !kept.equals(Kept.AS_STAND_IN)
            ? elsewhere.get()
            : Optional.empty();
    if (away.isPresent()) {
      return sentTo(away.get(), timing);
    }
    headers.put("Accept-Ranges", "bytes");
    headers.put("Content-Type", content.mediaType().toString());
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Content-Security-Policy", "default-src 'none'; sandbox");
    headers.put("Cross-Origin-Resource-Policy", "cross-origin");
    headers.put("Content-Disposition", disposition());
    Optional<Ranges> ranges =
        request.method().equals("GET") && conditions.rangeApplies()
            ? request.header("Range").flatMap(header -> Ranges.parse(header, content.size()))
            : Optional.empty();
    return ranges.isPresent()
        ? partial(ranges.get(), headers, timing)
        : whole(request, headers, timing);
  }

  /** Neither tag nor time: they are not those that the store will say. */
  private DeliveryResponse sentTo(Redirects.Redirect away, Timing timing) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Location", away.to().toString());
    headers.put("Cache-Control", "public, max-age=" + away.keep().toSeconds());
    headers.put("Content-Length", "0");
    headers.put("Referrer-Policy", "no-referrer");
    if (negotiated) {
      headers.put("Vary", "Accept");
    }
    return new DeliveryResponse(307, timed(headers, timing), DeliveryBody.none());
  }

  private DeliveryResponse whole(
      DeliveryRequest request, Map<String, String> headers, Timing timing) {
    headers.put("Content-Length", String.valueOf(content.size()));
    DeliveryBody body =
        request.method().equals("HEAD")
            ? DeliveryBody.none()
            : opener.open(new ByteRange(0, content.size()));
    return new DeliveryResponse(200, timed(headers, timing), body);
  }

  private DeliveryResponse partial(Ranges ranges, Map<String, String> headers, Timing timing) {
    long size = content.size();
    if (ranges.parts().isEmpty()) {
      headers.clear();
      headers.put("Content-Range", "bytes */" + size);
      headers.put("Content-Length", "0");
      headers.put("Cache-Control", "no-store");
      headers.put("X-Content-Type-Options", "nosniff");
      if (negotiated) {
        headers.put("Vary", "Accept");
      }
      return new DeliveryResponse(416, timed(headers, timing), DeliveryBody.none());
    }
    DeliveryBody body;
    if (ranges.parts().size() == 1) {
      ByteRange part = ranges.parts().get(0);
      headers.put("Content-Range", Ranges.contentRange(part, size));
      body = opener.open(part);
    } else {
      String boundary = "hfsm-" + content.digest().hex().substring(0, 24);
      body = new MultipartBody(ranges.parts(), boundary, content.mediaType(), size, opener);
      headers.put("Content-Type", "multipart/byteranges; boundary=" + boundary);
    }
    headers.put("Content-Length", String.valueOf(body.size()));
    return new DeliveryResponse(206, timed(headers, timing), body);
  }

  private static Map<String, String> timed(Map<String, String> headers, Timing timing) {
    String spent = timing.header();
    if (!spent.isEmpty()) {
      headers.put("Server-Timing", spent);
    }
    return headers;
  }

  private String disposition() {
    return (isShown(content.mediaType()) ? "inline" : "attachment")
        + FileName.parameter(name, content.mediaType());
  }
}
