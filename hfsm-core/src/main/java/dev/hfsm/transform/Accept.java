package dev.hfsm.transform;

import dev.hfsm.model.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client says it takes: an {@code Accept} header (RFC 9110, section 12.5.1). Parts that make
 * no sense are passed over, as are parameters other than {@code q}; a header without any sense at
 * all takes everything. Immutable.
 */
public final class Accept {

  /** Everything, as when there is no header. */
  public static final Accept ANYTHING = new Accept(List.of());

  private static final int MAX_RANGES = 64;
  private static final Pattern RANGE =
      Pattern.compile("\\*/\\*|[a-z0-9!#$&^_.+-]+/(\\*|[a-z0-9!#$&^_.+-]+)");
  private static final Pattern WEIGHT = Pattern.compile("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?");

  private final List<Range> ranges;
  private @Nullable String aboutFormats; // found out when first needed; threads find the same

  private Accept(List<Range> ranges) {
    this.ranges = List.copyOf(ranges);
  }

  private record Range(String type, int weight) {

    /** 0 if it does not match, the more the closer it does. */
    int closeness(String wanted) {
      if (type.equals(wanted)) {
        return 3;
      }
      if (type.equals("*/*")) {
        return 1;
      }
      boolean family =
          type.endsWith("/*") && wanted.startsWith(type.substring(0, type.length() - 1));
      return family ? 2 : 0;
    }
  }

  /** Reads the value of a header; of more than 64 ranges the first count. */
  public static Accept parse(String header) {
    List<Range> ranges = new ArrayList<>();
    for (String part : header.toLowerCase(Locale.ROOT).split(",", MAX_RANGES + 1)) {
      String[] pieces = part.split(";", -1);
      String type = pieces[0].strip();
      int weight = weight(pieces);
      if (ranges.size() < MAX_RANGES && weight >= 0 && RANGE.matcher(type).matches()) {
        ranges.add(new Range(type, weight));
      }
    }
    return ranges.isEmpty() ? ANYTHING : new Accept(ranges);
  }

  /** Thousandths, or -1 if the weight makes no sense. */
  private static int weight(String[] pieces) {
    for (int i = 1; i < pieces.length; i++) {
      String piece = pieces[i].strip();
      if (piece.startsWith("q=")) {
        String value = piece.substring(2).strip();
        return WEIGHT.matcher(value).matches()
            ? (int) Math.round(Double.parseDouble(value) * 1000)
            : -1;
      }
    }
    return 1000;
  }

  /** How much a type is wanted, in thousandths: 0 is not at all. The closest range decides. */
  public int weight(MediaType type) {
    String wanted = type.toString();
    int closest = ranges.isEmpty() ? 1 : 0;
    int weight = ranges.isEmpty() ? 1000 : 0;
    for (Range range : ranges) {
      int closeness = range.closeness(wanted);
      if (closeness > closest) {
        closest = closeness;
        weight = range.weight;
      }
    }
    return weight;
  }

  /** The same client if it refused this type. */
  public Accept without(MediaType type) {
    String refused = type.toString();
    List<Range> others = new ArrayList<>();
    for (Range range : ranges) {
      if (!range.type.equals(refused)) {
        others.add(range);
      }
    }
    if (ranges.isEmpty()) {
      others.add(new Range("*/*", 1000));
    }
    others.add(new Range(refused, 0));
    return new Accept(others);
  }

  /**
   * What it says about the formats there are, as a text: whoever says the same of them gets the
   * same, whatever else he takes.
   */
  public String aboutFormats() {
    String about = aboutFormats;
    if (about == null) {
      StringBuilder text = new StringBuilder();
      for (Format format : Format.values()) {
        format
            .mediaType()
            .ifPresent(type -> text.append(names(type) ? '+' : ' ').append(weight(type)));
      }
      about = text.toString();
      aboutFormats = about;
    }
    return about;
  }

  /** Whether the client named this very type and did not refuse it. */
  public boolean names(MediaType type) {
    return ranges.stream().anyMatch(range -> range.type.equals(type.toString()))
        && weight(type) > 0;
  }
}
