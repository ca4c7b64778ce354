package dev.hfsm.transform;

import dev.hfsm.error.MalformedTextException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a transformation's text form: how each is written, what it accepts, what it is when
 * left out. The order of declaration is the order of the canonical text, and the order in which the
 * steps are applied.
 */
enum Param {
  ORIENT("orient", oneOf(Orient.class), Orient.AUTO),
  CROP("crop", new Accepted("x:y:width:height in pixels", Param::crop), null),
  ROTATE("rotate", new Accepted("90, 180 or 270", Param::rotation), 0),
  FLIP("flip", oneOf(Flip.class), Flip.NONE),
  WIDTH("w", whole(1, 16384), null),
  HEIGHT("h", whole(1, 16384), null),
  FIT("fit", oneOf(Fit.class), Fit.INSIDE),
  GRAVITY("gravity", oneOf(Gravity.class), Gravity.CENTER),
  ENLARGE("enlarge", new Accepted("true or false", Param::truth), false),
  BACKGROUND("background", new Accepted("rrggbb or rrggbbaa", Param::color), null),
  BLUR("blur", decimal("0.3", "50"), null),
  SHARPEN("sharpen", decimal("0.3", "10"), null),
  QUALITY("q", whole(1, 100), 80),
  FORMAT("format", oneOf(Format.class), Format.AUTO);

  private static final Pattern WHOLE = Pattern.compile("0|[1-9][0-9]{0,8}");
  private static final Pattern DECIMAL = Pattern.compile("(0|[1-9][0-9]{0,3})(\\.[0-9]{1,2})?");
  private static final Pattern COLOR = Pattern.compile("[0-9a-f]{6}([0-9a-f]{2})?");

  private final String key;
  private final Accepted accepted;
  private final @Nullable Object defaultValue;

  Param(String key, Accepted accepted, @Nullable Object defaultValue) {
    this.key = key;
    this.accepted = accepted;
    this.defaultValue = defaultValue;
  }

  String key() {
    return key;
  }

  @Nullable Object defaultValue() {
    return defaultValue;
  }

  static Param ofKey(String key) {
    return Arrays.stream(values())
        .filter(p -> p.key.equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new MalformedTextException(
                    "transformation",
                    "one of the keys "
                        + String.join(", ", Arrays.stream(values()).map(Param::key).toList()),
                    key));
  }

  Object parse(String text) {
    Object value = accepted.parser.apply(text);
    if (value == null) {
      throw new MalformedTextException("transformation, key " + key, accepted.description, text);
    }
    return value;
  }

  /** Checks a value given in code by writing and reading it. */
  Object checked(Object value) {
    if (value.equals(defaultValue)) {
      return value;
    }
    try {
      return parse(format(value));
    } catch (MalformedTextException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  static String format(Object value) {
    return value instanceof Enum<?> e ? e.name().toLowerCase(Locale.ROOT) : value.toString();
  }

  /** What a key accepts, in words and as a parser that answers null to anything else. */
  private record Accepted(String description, Function<String, @Nullable Object> parser) {}

  private static <E extends Enum<E>> Accepted oneOf(Class<E> type) {
    E[] values = type.getEnumConstants();
    return new Accepted(
        "one of " + String.join(", ", Arrays.stream(values).map(Param::format).toList()),
        text -> Arrays.stream(values).filter(v -> format(v).equals(text)).findFirst().orElse(null));
  }

  private static Accepted whole(int min, int max) {
    return new Accepted(
        "a whole number from " + min + " to " + max,
        text -> {
          if (!WHOLE.matcher(text).matches()) {
            return null;
          }
          int value = Integer.parseInt(text);
          return value < min || value > max ? null : value;
        });
  }

  private static Accepted decimal(String min, String max) {
    return new Accepted(
        "a number from " + min + " to " + max + " with at most two decimals",
        text -> {
          if (!DECIMAL.matcher(text).matches()) {
            return null;
          }
          BigDecimal value =
              new BigDecimal(new BigDecimal(text).stripTrailingZeros().toPlainString());
          boolean inside =
              value.compareTo(new BigDecimal(min)) >= 0
                  && value.compareTo(new BigDecimal(max)) <= 0;
          return inside ? value : null;
        });
  }

  private static @Nullable Object rotation(String text) {
    return switch (text) {
      case "0" -> 0;
      case "90" -> 90;
      case "180" -> 180;
      case "270" -> 270;
      default -> null;
    };
  }

  private static @Nullable Object truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> null;
    };
  }

  private static @Nullable Object color(String text) {
    if (!COLOR.matcher(text).matches()) {
      return null;
    }
    return text.length() == 6
        ? Color.rgb(Integer.parseInt(text, 16))
        : new Color(Integer.parseUnsignedInt(text, 16));
  }

  private static @Nullable Object crop(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 4 || !Arrays.stream(parts).allMatch(p -> WHOLE.matcher(p).matches())) {
      return null;
    }
    int[] n = Arrays.stream(parts).mapToInt(Integer::parseInt).toArray();
    try {
      return new Crop(n[0], n[1], n[2], n[3]);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
