package dev.hfsm.delivery;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Evaluates the conditions of a request in the order of RFC 9110, section 13.2.2, for a
 * representation that has a strong entity tag and a time.
 */
final class Conditions {

  /** Elements of a list may be empty (RFC 9110, section 5.6.1.2). */
  private static final Pattern TAG =
      Pattern.compile("[\\s,]*+(W/)?(\"[\\x21\\x23-\\x7e\\x80-\\xff]*+\")\\s*+(?:,|$)");

  private final DeliveryRequest request;
  private final String tag;
  private final Instant modified;

  /**
   * @param tag with its quotes
   * @param modified when it last changed
   */
  Conditions(DeliveryRequest request, String tag, Instant modified) {
    this.request = request;
    this.tag = tag;
    this.modified = modified.truncatedTo(ChronoUnit.SECONDS);
  }

  /** What is to be answered. */
  enum Outcome {
    GO_ON,
    NOT_MODIFIED,
    PRECONDITION_FAILED
  }

  Outcome evaluate() {
    Optional<String> match = request.header("If-Match");
    if (match.isPresent()) {
      if (!lists(match.get(), Comparison.STRONG)) {
        return Outcome.PRECONDITION_FAILED;
      }
    } else if (isAfter(request.header("If-Unmodified-Since"))) {
      return Outcome.PRECONDITION_FAILED;
    }
    Optional<String> none = request.header("If-None-Match");
    if (none.isPresent()) {
      return lists(none.get(), Comparison.WEAK) ? Outcome.NOT_MODIFIED : Outcome.GO_ON;
    }
    Optional<Instant> since = request.header("If-Modified-Since").flatMap(HttpDate::parse);
    return since.isPresent() && !modified.isAfter(since.get())
        ? Outcome.NOT_MODIFIED
        : Outcome.GO_ON;
  }

  /**
   * Whether a range may be served: only of the very representation that the client has a part of.
   */
  boolean rangeApplies() {
    Optional<String> condition = request.header("If-Range");
    if (condition.isEmpty()) {
      return true;
    }
    String value = condition.get().strip();
    // A time is no strong validator: two variants can be made within one second.
    return value.equals(tag);
  }

  private boolean isAfter(Optional<String> header) {
    return header.flatMap(HttpDate::parse).filter(modified::isAfter).isPresent();
  }

  private enum Comparison {
    STRONG,
    WEAK
  }

  private boolean lists(String header, Comparison comparison) {
    if (header.strip().equals("*")) {
      return true;
    }
    Matcher m = TAG.matcher(header);
    for (int at = 0; m.region(at, header.length()).lookingAt(); at = m.end()) {
      boolean weak = m.group(1) != null;
      if (m.group(2).equals(tag) && (comparison == Comparison.WEAK || !weak)) {
        return true;
      }
    }
    return false;
  }

  /** As a header says it. */
  static String text(Instant time) {
    return HttpDate.text(time);
  }
}
