package dev.hfsm.delivery;

import dev.hfsm.storage.ByteRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ranges of a request (RFC 9110, section 14.2). A header that makes no sense, another unit, and
 * more ranges than are of use are passed over, as the specification allows: all is served then.
 *
 * @param parts what can be served, in the order asked for; empty if nothing of it lies inside
 */
record Ranges(List<ByteRange> parts) {

  private static final int MOST = 16;
  private static final Pattern SPEC = Pattern.compile("\\s*([0-9]{0,18})-([0-9]{0,18})\\s*");

  /** What a {@code Range} header asks for of {@code size} bytes; empty if all is to be served. */
  static Optional<Ranges> parse(String header, long size) {
    String unit = "bytes=";
    if (!header.regionMatches(true, 0, unit, 0, unit.length())) {
      return Optional.empty();
    }
    List<ByteRange> parts = new ArrayList<>();
    String[] specs = header.substring(unit.length()).split(",", MOST + 1);
    if (specs.length > MOST) {
      return Optional.empty();
    }
    long total = 0;
    int asked = 0;
    for (String spec : specs) {
      if (spec.isBlank()) {
        continue; // an element of a list may be empty
      }
      asked++;
      Matcher m = SPEC.matcher(spec);
      if (!m.matches() || m.group(1).isEmpty() && m.group(2).isEmpty()) {
        return Optional.empty();
      }
      if (isBackwards(m.group(1), m.group(2))) {
        return Optional.empty();
      }
      Optional<ByteRange> part = part(m.group(1), m.group(2), size);
      part.ifPresent(parts::add);
      total += part.map(ByteRange::length).orElse(0L);
    }
    // Ranges that overlap could make of a small file a large answer.
    return asked == 0 || parts.size() > 1 && total > size
        ? Optional.empty()
        : Optional.of(new Ranges(List.copyOf(parts)));
  }

  private static boolean isBackwards(String first, String last) {
    return !first.isEmpty() && !last.isEmpty() && Long.parseLong(last) < Long.parseLong(first);
  }

  private static Optional<ByteRange> part(String first, String last, long size) {
    if (first.isEmpty()) {
      long length = Math.min(Long.parseLong(last), size);
      return length == 0 ? Optional.empty() : Optional.of(new ByteRange(size - length, length));
    }
    long from = Long.parseLong(first);
    long to = last.isEmpty() ? Long.MAX_VALUE : Long.parseLong(last);
    return from >= size
        ? Optional.empty()
        : Optional.of(new ByteRange(from, Math.min(to, size - 1) - from + 1));
  }

  /** {@code Content-Range} of a part. */
  static String contentRange(ByteRange part, long size) {
    // Not by a formatter, which would write digits as the host's language does.
    return "bytes " + part.offset() + "-" + (part.offset() + part.length() - 1) + "/" + size;
  }
}
