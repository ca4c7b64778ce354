package dev.hfsm.transform;

import dev.hfsm.error.MalformedTextException;
import dev.hfsm.model.Digest;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
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
  TRIM("trim", whole(0, 100), null),
  ROTATE("rotate", new Accepted("90, 180 or 270", Param::rotation), 0),
  FLIP("flip", oneOf(Flip.class), Flip.NONE),
  WIDTH("w", whole(1, 16384), null),
  HEIGHT("h", whole(1, 16384), null),
  FIT("fit", oneOf(Fit.class), Fit.INSIDE),
  GRAVITY("gravity", oneOf(Gravity.class), Gravity.CENTER),
  FOCAL("focal", new Accepted("x:y from 0 to 1 with at most four decimals", Param::focal), null),
  ENLARGE("enlarge", new Accepted("true or false", Param::truth), false),
  BACKGROUND("background", new Accepted("rrggbb or rrggbbaa", Param::color), null),
  BLUR("blur", decimal("0.3", "50"), null),
  SHARPEN("sharpen", decimal("0.3", "10"), null),
  GRAYSCALE("grayscale", new Accepted("true or false", Param::truth), false),
  PAD(
      "pad",
      new Accepted("pixels or top:right:bottom:left from 0 to 16384", Param::padding),
      Padding.NONE),
  WATERMARK("watermark", new Accepted("64 lower-case hex characters", Param::hex), null),
  WATERMARK_AT("watermark-at", oneOf(Gravity.class, Gravity.SMART), Watermark.USUAL_PLACE),
  WATERMARK_OPACITY("watermark-opacity", whole(1, 100), Watermark.USUAL_OPACITY),
  WATERMARK_SCALE("watermark-scale", whole(1, 100), Watermark.USUAL_SCALE),
  STRIP("strip", new Accepted("true or false", Param::truth), false),
  QUALITY("q", new Accepted("auto, lossless or a whole number from 1 to 100", Param::quality), 80),
  PROGRESSIVE("progressive", new Accepted("true or false", Param::truth), false),
  KEEP("keep", new Accepted("icc, copyright or icc:copyright", Kept::parse), Kept.NOTHING),
  FORMAT("format", oneOf(Format.class), Format.AUTO);

  /** The values of {@link #QUALITY} that are no numbers. */
  enum Chosen {
    /** Found by looking at the result. */
    AUTO,
    /** Nothing is given up. */
    LOSSLESS
  }

  private static final Pattern WHOLE = Pattern.compile("0|[1-9][0-9]{0,8}");
  private static final Pattern DECIMAL = Pattern.compile("(0|[1-9][0-9]{0,3})(\\.[0-9]{1,2})?");
  private static final Pattern FRACTION = Pattern.compile("1(\\.0{1,4})?|0(\\.[0-9]{1,4})?");
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
    if (value instanceof Enum<?> e) {
      return e.name().toLowerCase(Locale.ROOT);
    }
    return value instanceof Digest digest ? digest.hex() : value.toString();
  }

  /** What a key accepts, in words and as a parser that answers null to anything else. */
  private record Accepted(String description, Function<String, @Nullable Object> parser) {}

  private static <E extends Enum<E>> Accepted oneOf(Class<E> type) {
    return oneOf(type, null);
  }

  private static <E extends Enum<E>> Accepted oneOf(Class<E> type, @Nullable E but) {
    List<E> values = Arrays.stream(type.getEnumConstants()).filter(v -> v != but).toList();
    return new Accepted(
        "one of " + String.join(", ", values.stream().map(Param::format).toList()),
        text -> values.stream().filter(v -> format(v).equals(text)).findFirst().orElse(null));
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

  private static @Nullable Object quality(String text) {
    return switch (text) {
      case "auto" -> Chosen.AUTO;
      case "lossless" -> Chosen.LOSSLESS;
      default -> whole(1, 100).parser.apply(text);
    };
  }

  private static @Nullable Object hex(String text) {
    try {
      return new Digest(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable Object focal(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 2 || !Arrays.stream(parts).allMatch(p -> FRACTION.matcher(p).matches())) {
      return null;
    }
    int[] n = Arrays.stream(parts).mapToInt(p -> tenThousandths(new BigDecimal(p))).toArray();
    return new Focal(n[0], n[1]);
  }

  private static int tenThousandths(BigDecimal fraction) {
    return fraction.movePointRight(4).intValueExact();
  }

  private static int @Nullable [] numbers(String text) {
    String[] parts = text.split(":", -1);
    return Arrays.stream(parts).allMatch(p -> WHOLE.matcher(p).matches())
        ? Arrays.stream(parts).mapToInt(Integer::parseInt).toArray()
        : null;
  }

  private static @Nullable Object padding(String text) {
    int[] n = numbers(text);
    if (n == null || n.length != 1 && n.length != 4) {
      return null;
    }
    try {
      return n.length == 1
          ? new Padding(n[0], n[0], n[0], n[0])
          : new Padding(n[0], n[1], n[2], n[3]);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable Object crop(String text) {
    int[] n = numbers(text);
    if (n == null || n.length != 4) {
      return null;
    }
    try {
      return new Crop(n[0], n[1], n[2], n[3]);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
