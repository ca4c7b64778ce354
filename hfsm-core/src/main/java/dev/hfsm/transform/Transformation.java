package dev.hfsm.transform;

import dev.hfsm.error.MalformedTextException;
import dev.hfsm.model.MediaType;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.OptionalInt;

/**
 * The recipe for a variant: an immutable value with one canonical text form, for instance {@code
 * w=320,h=320,fit=cover,format=webp}. Defaults are left out and keys stand in the order in which
 * the steps are applied: orient, crop, trim, rotate, flip, resize, background, blur, sharpen,
 * grayscale, pad, watermark, encode.
 *
 * <p>{@link #parse} takes keys in any order and defaults written out; it is strict about everything
 * else. Whoever needs the canonical form and no other (a URL) compares the text with {@link
 * #canonical()}.
 */
public final class Transformation extends RecipeValues {

  private static final Transformation IDENTITY = new Transformation(new EnumMap<>(Param.class));
  private static final int MAX_TEXT = 500;

  /** Higher pictures are rare, and a bound is needed. */
  private static final int HIGH = 4;

  private static final int MAX_HEIGHT = 16384;

  private Transformation(EnumMap<Param, Object> values) {
    super(values);
  }

  /** The recipe that changes nothing but turns the picture upright; where every recipe starts. */
  public static Transformation image() {
    return IDENTITY;
  }

  /**
   * Reads a text form: {@code key=value} pairs separated by commas; empty for {@link #image()}.
   *
   * @throws MalformedTextException naming the key, what was expected and what was found
   */
  public static Transformation parse(String text) {
    if (text.length() > MAX_TEXT) {
      throw new MalformedTextException(
          "transformation", "at most " + MAX_TEXT + " characters", text.length() + " characters");
    }
    EnumMap<Param, Object> values = new EnumMap<>(Param.class);
    if (!text.isEmpty()) {
      for (String pair : text.split(",", -1)) {
        int equals = pair.indexOf('=');
        if (equals < 0) {
          throw new MalformedTextException(
              "transformation", "key=value pairs separated by commas", pair);
        }
        Param param = Param.ofKey(pair.substring(0, equals));
        if (values.put(param, param.parse(pair.substring(equals + 1))) != null) {
          throw new MalformedTextException(
              "transformation, key " + param.key(), "to be given once", text);
        }
      }
    }
    try {
      return validated(values);
    } catch (IllegalArgumentException e) {
      throw new MalformedTextException("transformation", e.getMessage(), text);
    }
  }

  private static Transformation validated(EnumMap<Param, Object> given) {
    EnumMap<Param, Object> values = new EnumMap<>(Param.class);
    given.forEach(
        (param, value) -> {
          if (!value.equals(param.defaultValue())) {
            values.put(param, value);
          }
        });
    Transformation t = new Transformation(values);
    Rules.check(t);
    return t;
  }

  private Transformation with(Param param, Object value) {
    EnumMap<Param, Object> copy = new EnumMap<>(values);
    copy.put(param, param.checked(value));
    return validated(copy);
  }

  private Transformation box(int width, int height, Fit fit) {
    EnumMap<Param, Object> copy = new EnumMap<>(values);
    copy.put(Param.WIDTH, Param.WIDTH.checked(width));
    copy.put(Param.HEIGHT, Param.HEIGHT.checked(height));
    copy.put(Param.FIT, fit);
    return validated(copy);
  }

  /** As large as fits inside the box, never enlarged unless {@link #enlarge()} is said too. */
  public Transformation inside(int width, int height) {
    return box(width, height, Fit.INSIDE);
  }

  /** At most this wide, proportions kept. */
  public Transformation width(int width) {
    return with(Param.WIDTH, width);
  }

  /**
   * The same in another width. The proportions of a box are kept if the picture fills it; a box
   * that pictures only have to fit into becomes four times as high as wide if it was lower, or high
   * pictures would not be as wide as is said.
   */
  public Transformation inWidth(int width) {
    OptionalInt across = width();
    OptionalInt down = height();
    if (across.isEmpty() || down.isEmpty()) {
      return width(width);
    }
    double ratio = down.getAsInt() / (double) across.getAsInt();
    double high = fit() == Fit.INSIDE ? Math.max(HIGH, ratio) : ratio;
    long height = Math.max(1, Math.round(width * high));
    return width(width).height((int) Math.min(MAX_HEIGHT, height));
  }

  /** At most this high, proportions kept. */
  public Transformation height(int height) {
    return with(Param.HEIGHT, height);
  }

  /** Exactly this size, proportions kept, what sticks out cut off. */
  public Transformation cover(int width, int height) {
    return box(width, height, Fit.COVER);
  }

  /** Exactly this size, proportions kept, the rest background. */
  public Transformation contain(int width, int height) {
    return box(width, height, Fit.CONTAIN);
  }

  /** Exactly this size, stretched. */
  public Transformation fill(int width, int height) {
    return box(width, height, Fit.FILL);
  }

  /** Lets {@link #inside} make a small picture larger. */
  public Transformation enlarge() {
    return with(Param.ENLARGE, true);
  }

  /** Which part {@link #cover} keeps, or where the picture stands in {@link #contain}. */
  public Transformation gravity(Gravity gravity) {
    return with(Param.GRAVITY, gravity);
  }

  /**
   * Keeps this point as near to the middle of {@link #cover} as possible, in place of a gravity.
   *
   * @param x from the left, a fraction of the width from 0 to 1; four decimals count
   * @param y from the top, a fraction of the height from 0 to 1; four decimals count
   */
  public Transformation focal(double x, double y) {
    if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) {
      throw new IllegalArgumentException("focal: expected 0 to 1, found " + x + ":" + y);
    }
    return focal(new Focal((int) Math.round(x * Focal.ONE), (int) Math.round(y * Focal.ONE)));
  }

  /** Keeps this point as near to the middle of {@link #cover} as possible. */
  public Transformation focal(Focal focal) {
    EnumMap<Param, Object> copy = new EnumMap<>(values);
    copy.remove(Param.GRAVITY);
    copy.put(Param.FOCAL, focal);
    return validated(copy);
  }

  /** What to do with the orientation a camera noted. */
  public Transformation orient(Orient orient) {
    return with(Param.ORIENT, orient);
  }

  /** Keeps this rectangle of the upright source; what lies outside the picture is left out. */
  public Transformation crop(int x, int y, int width, int height) {
    return with(Param.CROP, new Crop(x, y, width, height));
  }

  /**
   * Takes away a border of one colour, that of the pixel at the left top.
   *
   * @param tolerance how far, in percent of the whole range, a sample may be from that colour and
   *     still belong to the border, 0 to 100
   */
  public Transformation trim(int tolerance) {
    return with(Param.TRIM, tolerance);
  }

  /** These pixels and no others: a crop in place of what crop and trim say. */
  public Transformation trimmed(Crop crop) {
    EnumMap<Param, Object> copy = new EnumMap<>(values);
    copy.remove(Param.TRIM);
    copy.put(Param.CROP, crop);
    return validated(copy);
  }

  /** Turns clockwise by 0, 90, 180 or 270 degrees. */
  public Transformation rotate(int degrees) {
    return with(Param.ROTATE, degrees);
  }

  /** Mirrors, after rotation. */
  public Transformation flip(Flip flip) {
    return with(Param.FLIP, flip);
  }

  /** What shows through transparent pixels and fills {@link #contain}. */
  public Transformation background(Color color) {
    return with(Param.BACKGROUND, color);
  }

  /** Takes the colours away: brightness by ITU-R BT.601. */
  public Transformation grayscale() {
    return with(Param.GRAYSCALE, true);
  }

  /** Adds rows and columns of background around the finished picture. */
  public Transformation pad(Padding padding) {
    return with(Param.PAD, padding);
  }

  /** Lays a picture over the finished one. */
  public Transformation watermark(Watermark watermark) {
    EnumMap<Param, Object> copy = new EnumMap<>(values);
    copy.put(Param.WATERMARK, watermark.image());
    copy.put(Param.WATERMARK_AT, watermark.at());
    copy.put(Param.WATERMARK_OPACITY, watermark.opacity());
    copy.put(Param.WATERMARK_SCALE, watermark.scale());
    return validated(copy);
  }

  /** Gaussian blur of that standard deviation in output pixels, 0.3 to 50, two decimals. */
  public Transformation blur(double sigma) {
    return with(Param.BLUR, BigDecimal.valueOf(sigma));
  }

  /** Unsharp mask of that standard deviation in output pixels, 0.3 to 10, two decimals. */
  public Transformation sharpen(double sigma) {
    return with(Param.SHARPEN, BigDecimal.valueOf(sigma));
  }

  /**
   * The picture as it is and nothing else: where the variant has the format of the source, the
   * compressed picture is copied, without loss and with its colour profile, and all metadata is
   * left out; where it has not, it is encoded as ever. Goes with {@link #quality}, {@link #keep}
   * and {@link #format} only.
   */
  public Transformation strip() {
    return with(Param.STRIP, true);
  }

  /** Encoder quality, 1 to 100; 80 if not said. */
  public Transformation quality(int quality) {
    return with(Param.QUALITY, quality);
  }

  /**
   * The lowest encoder quality at which the variant still looks like what was encoded; which that
   * is follows from the source and the recipe.
   */
  public Transformation autoQuality() {
    return with(Param.QUALITY, Param.Chosen.AUTO);
  }

  /** WebP that gives nothing up but the colours of what is transparent. */
  public Transformation losslessWebp() {
    EnumMap<Param, Object> copy = new EnumMap<>(values);
    copy.put(Param.FORMAT, Format.WEBP);
    copy.put(Param.QUALITY, Param.Chosen.LOSSLESS);
    return validated(copy);
  }

  /** A JPEG that is seen coarsely first while it loads; nothing in any other format. */
  public Transformation progressive() {
    return with(Param.PROGRESSIVE, true);
  }

  /** Keeps this too of the source's metadata; a GIF keeps nothing. */
  public Transformation keep(Keep what) {
    return with(Param.KEEP, ((Kept) value(Param.KEEP)).and(what));
  }

  /** What the variant is written as. */
  public Transformation format(Format format) {
    return with(Param.FORMAT, format);
  }

  /** As {@link #resolve(MediaType, Alpha, Motion)} for a picture that does not move. */
  public Transformation resolve(MediaType source, Alpha alpha) {
    return resolve(source, alpha, Motion.STILL);
  }

  /** As {@link #resolve(MediaType, Alpha, Motion)} for that picture. */
  public Transformation resolve(Picture picture) {
    return resolve(picture.type(), picture.alpha(), picture.motion());
  }

  /**
   * This recipe with {@link Format#AUTO} resolved for a source, and without settings that then have
   * no effect. JPEG, PNG and WebP stay what they are, and so does a GIF that moves or is
   * {@linkplain #strip stripped}; any other GIF becomes PNG; anything else becomes PNG if it has
   * alpha and JPEG if not.
   *
   * @param source the type of the source
   * @param alpha what is known about the source's transparency
   * @param motion what is known about the source's frames
   */
  public Transformation resolve(MediaType source, Alpha alpha, Motion motion) {
    EnumMap<Param, Object> copy = new EnumMap<>(values);
    Motion kept = strips() ? Motion.ANIMATED : motion; // a still GIF can be copied as well
    Format resolved = format() == Format.AUTO ? FormatChoice.of(source, alpha, kept) : format();
    copy.put(Param.FORMAT, resolved);
    if (!resolved.isLossy()) {
      copy.remove(Param.QUALITY);
    }
    if (resolved == Format.GIF) {
      copy.remove(Param.KEEP);
    }
    if (resolved != Format.JPEG) {
      copy.remove(Param.PROGRESSIVE);
    }
    return new Transformation(copy);
  }

  /**
   * This recipe with {@link Format#AUTO} resolved for a client. A GIF or WebP that moves becomes
   * WebP if the client names it and wants it no less than GIF, else GIF unless the client refuses
   * that: only there frames are kept. Of any other picture it is WebP if the client names it (a
   * wildcard does not count: clients that cannot show WebP send one too) and wants it no less than
   * what it would get otherwise. That is PNG for a graphic and for what has alpha, and JPEG for any
   * other picture, of these two the other one if the client refuses the first and the picture has
   * no alpha. A graphic is WebP only if PNG is refused. A client that refuses everything gets what
   * one without wishes gets. A recipe that {@linkplain #strip strips} leaves JPEG, PNG, GIF and
   * WebP what they are, unless the client refuses that or, of WebP, does not name it.
   *
   * @param accept what the client takes
   * @param picture what is known about the source
   */
  public Transformation negotiate(Accept accept, Picture picture) {
    if (format() != Format.AUTO) {
      return this;
    }
    return format(
        strips() && FormatChoice.takesItself(accept, picture)
            ? resolve(picture).format()
            : FormatChoice.of(accept, picture));
  }
}
