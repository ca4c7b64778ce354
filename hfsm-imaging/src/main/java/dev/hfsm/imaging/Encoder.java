package dev.hfsm.imaging;

import dev.hfsm.error.TransformationException;
import dev.hfsm.imaging.gif.GifWriter;
import dev.hfsm.imaging.jpegenc.JpegEncoder;
import dev.hfsm.imaging.jpegenc.JpegSpec;
import dev.hfsm.imaging.jpegenc.RgbRows;
import dev.hfsm.imaging.jpegenc.Sampling;
import dev.hfsm.imaging.png.PngSpec;
import dev.hfsm.imaging.png.PngWriter;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Color;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Stage;
import dev.hfsm.transform.Transformation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.OptionalInt;

/** Writes finished pictures as JPEG, PNG, WebP or GIF: pixels in sRGB and nothing else. */
final class Encoder {

  /** From this quality on colour is kept at full resolution. */
  private static final int FULL_COLOR_FROM = 91;

  /** Filtered rows of photos hardly get smaller beyond it, and take twice the time. */
  private static final int PNG_LEVEL = 3;

  /** What libwebp takes for a pixel, as measured, with the file and its copy. */
  private static final long LOSSY_BYTES = 10;

  private static final long LOSSLESS_BYTES = 44;

  private static final int MAX_JPEG_SIDE = 65_500;
  private static final int MAX_WEBP_SIDE = 16_383;

  private Encoder() {}

  /** How a coloured JPEG of that quality samples colour. */
  static Sampling sampling(int quality) {
    return quality >= FULL_COLOR_FROM ? Sampling.YCC_444 : Sampling.YCC_420;
  }

  /** How a JPEG of that size is written; refuses sizes that readers do not take. */
  static JpegSpec jpeg(int width, int height, Sampling sampling, Transformation recipe) {
    side(width, height, MAX_JPEG_SIDE, Format.JPEG);
    JpegSpec spec = JpegSpec.of(width, height, sampling, recipe.quality());
    return recipe.isProgressive() ? spec.with(JpegSpec.Scans.PROGRESSIVE) : spec;
  }

  private static void side(int width, int height, int most, Format format) {
    if (Math.max(width, height) > most) {
      throw new TransformationException(
          "%s: at most %d pixels on a side, the variant would be %d × %d"
              .formatted(format, most, width, height),
          null,
          false);
    }
  }

  /** Bytes that encoding takes at most, with the file that comes out. */
  static long bytes(int width, int height, Transformation recipe) {
    long pixels = (long) width * height;
    return switch (recipe.format()) {
      case JPEG -> {
        JpegSpec spec = jpeg(width, height, sampling(recipe.quality()), recipe);
        yield JpegEncoder.bytes(spec) + fileBytes(spec) + 20L * width;
      }
      case PNG -> PngWriter.bytes(PngSpec.of(width, height, 4, PNG_LEVEL)) + 12 * pixels;
      case GIF -> gifBytes(width, height);
      default -> (recipe.isLossless() ? LOSSLESS_BYTES : LOSSY_BYTES) * pixels + (1 << 20);
    };
  }

  /** Bytes of a growing file and of its copy: noise takes a byte or two for a sample. */
  static long fileBytes(JpegSpec spec) {
    long pixels = (long) spec.width() * spec.height();
    return (spec.quality() >= FULL_COLOR_FROM ? 9 : 4) * pixels + (1 << 16);
  }

  static byte[] encode(Canvas canvas, Transformation recipe, Tags tags, Budget budget)
      throws IOException {
    Stopwatch encoding = new Stopwatch();
    encoding.start();
    byte[] file = encoded(canvas, recipe, tags, budget);
    encoding.stop();
    encoding.tell(Stage.ENCODE, budget);
    return file;
  }

  private static byte[] encoded(Canvas canvas, Transformation recipe, Tags tags, Budget budget)
      throws IOException {
    return switch (recipe.format()) {
      case JPEG -> jpeg(canvas.over(Color.WHITE), recipe, tags, budget);
      case PNG -> png(canvas, tags, budget);
      case WEBP -> {
        side(canvas.width, canvas.height, Format.WEBP);
        Canvas colored = canvas.withColor();
        yield WebpFile.tagged(WebpNative.encode(colored, recipe), colored, tags);
      }
      case GIF -> gif(canvas.withAlpha(), budget);
      case AUTO ->
          throw new IllegalArgumentException("format: expected a resolved one, found auto");
    };
  }

  /** The same with what it carries besides the picture. */
  static JpegSpec tagged(JpegSpec spec, Tags tags) {
    byte[] icc = tags.icc();
    byte[] exif = tags.exif();
    JpegSpec profiled = icc == null ? spec : spec.withProfile(icc);
    return exif == null ? profiled : profiled.withExif(exif);
  }

  /** A profile of colours needs a picture that has them. */
  private static Canvas fitting(Canvas canvas, Tags tags) {
    return tags.icc() == null ? canvas : canvas.withColor();
  }

  private static byte[] jpeg(Canvas pixels, Transformation recipe, Tags tags, Budget budget)
      throws IOException {
    Canvas canvas = fitting(pixels, tags);
    Sampling sampling = canvas.channels == 1 ? Sampling.GREY : sampling(recipe.quality());
    JpegSpec spec = tagged(jpeg(canvas.width, canvas.height, sampling, recipe), tags);
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 14);
    JpegEncoder encoder = new JpegEncoder(spec, out, budget::check);
    RgbRows rows = new RgbRows(encoder, spec);
    for (int y = 0; y < canvas.height; y++) {
      rows.row(canvas.data, y * canvas.width * canvas.channels);
    }
    encoder.finish();
    return out.toByteArray();
  }

  private static byte[] png(Canvas pixels, Tags tags, Budget budget) throws IOException {
    Canvas canvas = fitting(pixels, tags);
    PngSpec plain = PngSpec.of(canvas.width, canvas.height, canvas.channels, PNG_LEVEL);
    byte[] icc = tags.icc();
    byte[] exif = tags.exif();
    PngSpec profiled = icc == null ? plain : plain.withProfile(icc);
    PngSpec spec = exif == null ? profiled : profiled.withExif(exif);
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 14);
    try (PngWriter writer = new PngWriter(spec, out, budget::check)) {
      for (int y = 0; y < canvas.height; y++) {
        writer.row(canvas.data, y * canvas.width * canvas.channels);
      }
      writer.finish();
    }
    return out.toByteArray();
  }

  private static byte[] gif(Canvas canvas, Budget budget) throws IOException {
    side(canvas.width, canvas.height, Format.GIF);
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 12);
    GifWriter writer =
        new GifWriter(canvas.width, canvas.height, OptionalInt.empty(), out, budget::check);
    writer.frame(canvas.data, 0);
    writer.finish();
    return out.toByteArray();
  }

  /** Refuses sizes that the format does not have. */
  static void side(int width, int height, Format format) {
    side(width, height, format == Format.GIF ? GifWriter.MAX_SIDE : MAX_WEBP_SIDE, format);
  }

  /** Noise takes codes of 12 bits for pixels of 8; the file is there thrice while it grows. */
  private static long gifBytes(int width, int height) {
    return GifWriter.bytes(width, height) + 5L * width * height + (1 << 16);
  }

  /** The variant that a file is. */
  static Rendition rendition(Transformation recipe, int width, int height, byte[] content) {
    return new Rendition(
        recipe, recipe.format().mediaType().orElseThrow(), width, height, ByteSource.of(content));
  }
}
