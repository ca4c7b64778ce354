package dev.hfsm.imaging;

import dev.hfsm.error.LimitExceededException;
import dev.hfsm.error.MalformedTextException;
import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.imaging.jpeg.JpegDecoder;
import dev.hfsm.imaging.jpeg.JpegException;
import dev.hfsm.imaging.jpeg.JpegFrame;
import dev.hfsm.imaging.jpeg.JpegInput;
import dev.hfsm.imaging.jpeg.JpegOutput;
import dev.hfsm.imaging.jpeg.JpegPlane;
import dev.hfsm.imaging.jpeg.JpegScale;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Limits;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What untrusted bytes come to, one class for each parser, in the form that fuzzers call. A target
 * returns if it was given an answer or a typed refusal; whatever else comes out of it is a finding,
 * and so is work without an end: more looks at the budget than any file of its size can need.
 */
public final class FuzzTargets {

  private static final Limits LIMITS = Limits.DEFAULT.withMaxPixels(300_000);
  private static final long MEMORY = 64_000_000;
  private static final long MOST_CHECKS = 400_000;

  private FuzzTargets() {}

  /** A finding. */
  private static AssertionError finding(String what, Throwable cause) {
    return new AssertionError(what, cause);
  }

  /** Inspects a file of that type and makes a variant of it. */
  private static void engine(byte[] data, String type) {
    Path file = null;
    TestBudget budget = new TestBudget(LIMITS, MEMORY, MOST_CHECKS, Long.MAX_VALUE);
    try {
      file = Files.createTempFile("fuzz", "");
      Files.write(file, data);
      ImageTransformer engine = new ImageTransformer();
      Source source = new Source(new MediaType(type), Facts.NONE, file);
      engine.inspect(source, budget);
      Transformation recipe = Transformation.image().inside(30, 30).format(Format.PNG);
      engine.render(source, List.of(recipe), budget);
    } catch (RejectedMediaException e) {
      if (e.getMessage() == null || e.getMessage().isBlank()) {
        throw finding("a refusal without a reason", e);
      }
    } catch (LimitExceededException e) {
      if (e.getMessage().contains("heap was too full")) {
        throw finding("more memory than was reserved", e);
      }
    } catch (TransformationException e) {
      if (e.retryable()) {
        throw finding("work without an end", e);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete(file);
    }
    if (budget.reserved.get() != 0) {
      throw finding("memory that was not given back", null);
    }
  }

  private static void delete(@org.jspecify.annotations.Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads within the file only. */
  private record Inside(byte[] data) implements JpegInput {
    @Override
    public long size() {
      return data.length;
    }

    @Override
    public int read(long at, byte[] into, int offset, int length) {
      if (at < 0 || at > data.length || length < 0 || length > into.length - offset) {
        throw finding("read " + length + " bytes at " + at + " of " + data.length, null);
      }
      return JpegInput.of(data).read(at, into, offset, length);
    }
  }

  /** The JPEG decoder, at all scales, and the engine around it. */
  public static final class Jpeg {
    private Jpeg() {}

    public static void fuzzerTestOneInput(byte[] data) {
      try {
        JpegDecoder decoder = JpegDecoder.open(new Inside(data), 100);
        JpegFrame frame = decoder.frame();
        if ((long) frame.width() * frame.height() <= LIMITS.maxPixels()) {
          JpegScale[] scales = {
            JpegScale.FULL, JpegScale.HALF, JpegScale.QUARTER, JpegScale.EIGHTH
          };
          JpegScale scale = scales[data.length % 4];
          decoder.decode(List.of(JpegOutput.of(frame, scale, Jpeg::rows)), () -> {});
        }
      } catch (JpegException e) {
        // What the decoder says of damaged files.
      }
      engine(data, "image/jpeg");
    }

    private static void rows(JpegPlane plane, int y, int rows, float[] samples, int stride) {
      boolean inside =
          y >= 0
              && rows > 0
              && y + rows <= plane.height()
              && plane.width() <= stride
              && (rows - 1) * stride + plane.width() <= samples.length;
      if (!inside) {
        throw finding("rows " + y + " and " + rows + " more of " + plane, null);
      }
    }
  }

  /** PNG. */
  public static final class Png {
    private Png() {}

    public static void fuzzerTestOneInput(byte[] data) {
      engine(data, "image/png");
    }
  }

  /** GIF, and what animations become. */
  public static final class Gif {
    private Gif() {}

    public static void fuzzerTestOneInput(byte[] data) {
      engine(data, "image/gif");
    }
  }

  /** The chunks of WebP, and the decoder behind it. */
  public static final class Webp {
    private Webp() {}

    public static void fuzzerTestOneInput(byte[] data) {
      engine(data, "image/webp");
    }
  }

  /** BMP. */
  public static final class Bmp {
    private Bmp() {}

    public static void fuzzerTestOneInput(byte[] data) {
      engine(data, "image/bmp");
    }
  }

  /** The directories of TIFF, and the decoder behind it. */
  public static final class Tiff {
    private Tiff() {}

    public static void fuzzerTestOneInput(byte[] data) {
      engine(data, "image/tiff");
    }
  }

  /** Photoshop files. */
  public static final class Psd {
    private Psd() {}

    public static void fuzzerTestOneInput(byte[] data) {
      engine(data, "image/vnd.adobe.photoshop");
    }
  }

  /** Icons. */
  public static final class Ico {
    private Ico() {}

    public static void fuzzerTestOneInput(byte[] data) {
      engine(data, "image/x-icon");
    }
  }

  /** Raw pictures and their previews. */
  public static final class Raw {
    private Raw() {}

    public static void fuzzerTestOneInput(byte[] data) {
      engine(data, "image/x-adobe-dng");
    }
  }

  /** Boxes of types that are only measured. */
  public static final class Boxes {
    private Boxes() {}

    public static void fuzzerTestOneInput(byte[] data) {
      for (String type : List.of("image/heic", "image/jp2")) {
        TestBudget budget = new TestBudget(LIMITS, MEMORY, MOST_CHECKS, Long.MAX_VALUE);
        Path file = null;
        try {
          file = Files.createTempFile("fuzz", "");
          Files.write(file, data);
          new ImageTransformer().inspect(new Source(new MediaType(type), Facts.NONE, file), budget);
        } catch (RejectedMediaException e) {
          // An answer.
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        } finally {
          delete(file);
        }
      }
    }
  }

  /** Colour profiles. */
  public static final class Icc {
    private Icc() {}

    public static void fuzzerTestOneInput(byte[] data) {
      ColorProfile.of(data)
          .ifPresent(
              profile -> {
                profile.description();
                for (Strip.Model model : Strip.Model.values()) {
                  Canvas canvas = new Canvas(7, 3, model.channels);
                  for (int i = 0; i < canvas.data.length; i++) {
                    canvas.data[i] = (byte) (i * 37);
                  }
                  profile.use(model).ifPresent(use -> use.toSrgb(canvas));
                }
              });
    }
  }

  /** EXIF. */
  public static final class Exif {
    private Exif() {}

    public static void fuzzerTestOneInput(byte[] data) {
      Metadata.read(data).rights().exif();
    }
  }

  /** Recipes: what is read has one text, which is read as the same. */
  public static final class Recipe {
    private Recipe() {}

    public static void fuzzerTestOneInput(byte[] data) {
      try {
        Transformation recipe = Transformation.parse(new String(data, StandardCharsets.UTF_8));
        if (!Transformation.parse(recipe.toString()).equals(recipe)) {
          throw finding("read again it is another recipe: " + recipe, null);
        }
      } catch (MalformedTextException e) {
        // An answer.
      }
    }
  }
}
