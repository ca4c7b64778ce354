package dev.hfsm.model;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The name and type of something that can be known about an asset. The set is closed: every fact is
 * a constant of this class.
 *
 * @param <T> the type of the fact's value; always an immutable type with one text form
 */
public final class Fact<T> {

  private static final int MAX_TEXT = 1000;
  private static final List<Fact<?>> ALL_FACTS = new ArrayList<>();

  /** The name the uploader gave; a claim, and data only: never a path. */
  public static final Fact<String> FILE_NAME = text("fileName");

  /** The media type the uploader gave; a claim. */
  public static final Fact<String> DECLARED_TYPE = text("declaredType");

  /** The media type read from the bytes. */
  public static final Fact<MediaType> MEDIA_TYPE = new Fact<>("mediaType", MediaType::parse);

  /** Width in pixels as stored, before orientation. */
  public static final Fact<Integer> WIDTH = new Fact<>("width", Fact::whole);

  /** Height in pixels as stored, before orientation. */
  public static final Fact<Integer> HEIGHT = new Fact<>("height", Fact::whole);

  /** EXIF orientation, 1 to 8; 1 is upright. */
  public static final Fact<Integer> ORIENTATION = new Fact<>("orientation", Fact::whole);

  /** Width in pixels as a person sees it. */
  public static final Fact<Integer> UPRIGHT_WIDTH = new Fact<>("uprightWidth", Fact::whole);

  /** Height in pixels as a person sees it. */
  public static final Fact<Integer> UPRIGHT_HEIGHT = new Fact<>("uprightHeight", Fact::whole);

  /** Number of frames or pages, 1 for a still picture. */
  public static final Fact<Integer> FRAMES = new Fact<>("frames", Fact::whole);

  /** Whether the picture has an alpha channel or a transparent colour. */
  public static final Fact<Boolean> ALPHA = new Fact<>("alpha", Fact::truth);

  /** Whether the picture has so few colours that it is a graphic rather than a photo. */
  public static final Fact<Boolean> GRAPHIC = new Fact<>("graphic", Fact::truth);

  /** The colour that most of the picture has, sRGB as {@code rrggbb} in lower-case hex. */
  public static final Fact<String> DOMINANT_COLOR =
      shaped("dominantColor", Pattern.compile("[0-9a-f]{6}"));

  /** The upright picture as a BlurHash (github.com/woltapp/blurhash), 4 × 3 terms. */
  public static final Fact<String> BLUR_HASH =
      shaped("blurHash", Pattern.compile("[0-9A-Za-z#$%*+,.:;=?@\\[\\]^_{|}~-]{6,170}"));

  /** The upright picture as a ThumbHash (github.com/evanw/thumbhash), in base64. */
  public static final Fact<String> THUMB_HASH =
      shaped("thumbHash", Pattern.compile("[0-9A-Za-z+/]{4,60}={0,2}"));

  /** Description of the embedded ICC profile. */
  public static final Fact<String> ICC_PROFILE = text("iccProfile");

  /** Camera maker. */
  public static final Fact<String> MAKE = text("make");

  /** Camera model. */
  public static final Fact<String> MODEL = text("model");

  /** When the picture was taken, in the camera's local time. */
  public static final Fact<LocalDateTime> TAKEN = new Fact<>("taken", LocalDateTime::parse);

  /** Where the picture was taken. Private: never part of a variant or of a public answer. */
  public static final Fact<GeoPoint> GPS = new Fact<>("gps", GeoPoint::parse);

  /** What the upright picture looks like, in 64 bits. */
  public static final Fact<PerceptualHash> PERCEPTUAL_HASH =
      new Fact<>("perceptualHash", PerceptualHash::parse);

  /**
   * SHA-256 over the upright pixels and their dimensions: equal for the same picture re-encoded
   * losslessly.
   */
  public static final Fact<Digest> PIXEL_DIGEST = new Fact<>("pixelDigest", Digest::parse);

  /** Another asset of the same scope with the same pixels that was known before this one. */
  public static final Fact<AssetId> SAME_PIXELS_AS = new Fact<>("samePixelsAs", AssetId::parse);

  /** Why the asset was refused. */
  public static final Fact<String> REJECTION = text("rejection");

  /** Who learned these facts, for re-inspection. */
  public static final Fact<TransformerId> INSPECTOR = new Fact<>("inspector", TransformerId::parse);

  private final String name;
  private final Function<String, T> parser;

  private Fact(String name, Function<String, T> parser) {
    this.name = name;
    this.parser = parser;
    ALL_FACTS.add(this);
  }

  private static Fact<String> text(String name) {
    return new Fact<>(name, Function.identity());
  }

  private static Fact<String> shaped(String name, Pattern shape) {
    return new Fact<>(
        name,
        text -> {
          if (!shape.matcher(text).matches()) {
            throw new IllegalArgumentException("expected " + shape);
          }
          return text;
        });
  }

  /** As {@link Integer#toString(int)} writes it, and no other way. */
  private static Integer whole(String text) {
    int value = Integer.parseInt(text);
    if (!Integer.toString(value).equals(text)) {
      throw new NumberFormatException("expected a plain whole number");
    }
    return value;
  }

  private static Boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("expected true or false");
    };
  }

  /** Every fact, in the order of declaration, which is the order of the text form. */
  public static List<Fact<?>> all() {
    return List.copyOf(ALL_FACTS);
  }

  /** The name, unique, camel case, at most 64 characters. */
  public String name() {
    return name;
  }

  /** Whether the fact may identify a person or a place. */
  public boolean isPrivate() {
    return this == GPS;
  }

  /** Parses the value's text form. */
  T parse(String text) {
    return parser.apply(text);
  }

  /** Strings from outside are made safe to store; every other type is safe by construction. */
  @SuppressWarnings("unchecked") // a String fact takes Strings
  T clean(T value) {
    return value instanceof String s ? (T) PlainText.clean(s, MAX_TEXT) : value;
  }

  @Override
  public String toString() {
    return name;
  }
}
