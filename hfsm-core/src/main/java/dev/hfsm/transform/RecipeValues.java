package dev.hfsm.transform;

import dev.hfsm.model.Digest;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a recipe says: its values, read one by one or as text. */
abstract sealed class RecipeValues permits Transformation {

  final EnumMap<Param, Object> values;

  // Found out when first needed; threads that race find the same.
  private @Nullable String canonical;
  private int hash;

  RecipeValues(EnumMap<Param, Object> values) {
    this.values = values;
  }

  /** What to do with the orientation a camera noted. */
  public Orient orient() {
    return (Orient) value(Param.ORIENT);
  }

  /** The rectangle to keep, in pixels of the upright source. */
  public Optional<Crop> crop() {
    return Optional.ofNullable((Crop) values.get(Param.CROP));
  }

  /** The tolerance in percent with which a border is taken away, if one is. */
  public OptionalInt trim() {
    return whole(Param.TRIM);
  }

  /** Degrees clockwise: 0, 90, 180 or 270. */
  public int rotation() {
    return (int) value(Param.ROTATE);
  }

  /** Mirroring after rotation. */
  public Flip flip() {
    return (Flip) value(Param.FLIP);
  }

  /** Width of the box. */
  public OptionalInt width() {
    return whole(Param.WIDTH);
  }

  /** Height of the box. */
  public OptionalInt height() {
    return whole(Param.HEIGHT);
  }

  /** How the picture meets the box. */
  public Fit fit() {
    return (Fit) value(Param.FIT);
  }

  /** Which part is kept, or where the picture stands. */
  public Gravity gravity() {
    return (Gravity) value(Param.GRAVITY);
  }

  /** The point to keep, if one is given in place of a gravity. */
  public Optional<Focal> focal() {
    return Optional.ofNullable((Focal) values.get(Param.FOCAL));
  }

  /** Whether {@link Fit#INSIDE} may make a small picture larger. */
  public boolean enlarges() {
    return (boolean) value(Param.ENLARGE);
  }

  /** What shows through transparent pixels and fills {@link Fit#CONTAIN}, if said. */
  public Optional<Color> background() {
    return Optional.ofNullable((Color) values.get(Param.BACKGROUND));
  }

  /** Whether the colours are taken away. */
  public boolean isGrayscale() {
    return (boolean) value(Param.GRAYSCALE);
  }

  /** What is added around the picture. */
  public Padding padding() {
    return (Padding) value(Param.PAD);
  }

  /** What is laid over the picture. */
  public Optional<Watermark> watermark() {
    return Optional.ofNullable((Digest) values.get(Param.WATERMARK))
        .map(
            image ->
                new Watermark(
                    image,
                    (Gravity) value(Param.WATERMARK_AT),
                    (int) value(Param.WATERMARK_OPACITY),
                    (int) value(Param.WATERMARK_SCALE)));
  }

  /** Standard deviation of the Gaussian blur in output pixels. */
  public Optional<BigDecimal> blur() {
    return Optional.ofNullable((BigDecimal) values.get(Param.BLUR));
  }

  /** Standard deviation of the unsharp mask in output pixels. */
  public Optional<BigDecimal> sharpen() {
    return Optional.ofNullable((BigDecimal) values.get(Param.SHARPEN));
  }

  /** Whether the compressed picture is copied, where it can be, and everything else left out. */
  public boolean strips() {
    return (boolean) value(Param.STRIP);
  }

  /** Encoder quality, 1 to 100; 80 where it is not a number. */
  public int quality() {
    return value(Param.QUALITY) instanceof Integer quality ? quality : 80;
  }

  /** Whether the quality is chosen by looking at the result. */
  public boolean choosesQuality() {
    return value(Param.QUALITY) == Param.Chosen.AUTO;
  }

  /** Whether the encoder is to give nothing up. */
  public boolean isLossless() {
    return value(Param.QUALITY) == Param.Chosen.LOSSLESS;
  }

  /** Whether a JPEG is to be seen coarsely first. */
  public boolean isProgressive() {
    return (boolean) value(Param.PROGRESSIVE);
  }

  /** Whether the variant keeps this of its source. */
  public boolean keeps(Keep what) {
    return ((Kept) value(Param.KEEP)).all().contains(what);
  }

  /** What the variant is written as. */
  public Format format() {
    return (Format) value(Param.FORMAT);
  }

  /** The canonical text form. */
  public String canonical() {
    String text = canonical;
    if (text == null) {
      text =
          values.entrySet().stream()
              .map(e -> e.getKey().key() + "=" + Param.format(e.getValue()))
              .collect(Collectors.joining(","));
      canonical = text;
    }
    return text;
  }

  final Object value(Param param) {
    Object value = ((Map<Param, Object>) values).getOrDefault(param, param.defaultValue());
    if (value == null) {
      throw new AssertionError(param + " has no default");
    }
    return value;
  }

  private OptionalInt whole(Param param) {
    Object value = values.get(param);
    return value == null ? OptionalInt.empty() : OptionalInt.of((int) value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecipeValues t && t.values.equals(values);
  }

  @Override
  public int hashCode() {
    int code = hash;
    if (code == 0) {
      code = values.hashCode();
      hash = code;
    }
    return code;
  }

  /** The same as {@link #canonical()}. */
  @Override
  public String toString() {
    return canonical();
  }
}
