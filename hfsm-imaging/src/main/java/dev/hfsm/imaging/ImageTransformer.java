package dev.hfsm.imaging;

import dev.hfsm.error.HfsmException;
import dev.hfsm.error.LimitExceededException;
import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.imaging.gif.GifException;
import dev.hfsm.imaging.jpeg.JpegException;
import dev.hfsm.imaging.png.PngException;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.TransformerId;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Limits;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import dev.hfsm.transform.Transformer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.imageio.spi.ImageReaderSpi;

/**
 * Reads facts from pictures and makes variants of them, without native decoders of its own: JPEG,
 * PNG, GIF, WebP, BMP, TIFF, Photoshop files and icons are decoded; of AVIF, HEIC and JPEG 2000
 * only the size is read. Of an animation or a file of several pages the first frame is used, but a
 * GIF or WebP that becomes a GIF or WebP keeps its frames.
 *
 * <p>Variants are JPEG, PNG, GIF or, where the platform has the encoder, WebP; in sRGB and without
 * any metadata but what a recipe keeps. Pictures are resized with a Lanczos filter of three lobes,
 * in the source's colour space and not in linear light, alpha premultiplied. Thread-safe; keeps
 * nothing between calls.
 *
 * <p>Whatever a broken or hostile file makes a decoder do ends in one of the exceptions that {@link
 * Transformer} names.
 */
public final class ImageTransformer implements Transformer {

  private static final TransformerId ID = new TransformerId("image", 1);

  private final OtherReaders others;
  private final Helpers helpers;

  /** An engine that works on the threads that call it; any number of threads may share one. */
  public ImageTransformer() {
    this(OtherReaders.NONE, Helpers.NONE);
  }

  private ImageTransformer(OtherReaders others, Helpers helpers) {
    this.others = others;
    this.helpers = helpers;
  }

  /** For an engine that reads more than it does by itself, or uses more threads. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Describes an engine. Allows readers of ImageIO for types that the engine does not decode by
   * itself. Without being allowed none is used, whatever lies on the class path. Not thread-safe.
   *
   * <p>A reader gets the whole file, by a stream that ends with the deadline; limits are held
   * against the size it tells before it decodes anything, and memory is reserved for its result. Of
   * what else it does the engine knows nothing: how much memory it takes, whether it ends when it
   * does not read, whether it is native code. Whoever allows one vouches for it.
   */
  public static final class Builder {

    private final Map<MediaType, ImageReaderSpi> readers = new HashMap<>();
    private Helpers helpers = Helpers.NONE;

    private Builder() {}

    /**
     * Decodes the first picture of files of this type by that reader.
     *
     * @param type one that the engine does not decode by itself
     * @param reader makes the readers, one for each file
     * @throws IllegalArgumentException if the engine decodes the type by itself
     * @throws IllegalStateException if a reader was already allowed for the type
     */
    public Builder allowReader(MediaType type, ImageReaderSpi reader) {
      if (Headers.decodes(type) || RawPreview.in(type)) {
        throw new IllegalArgumentException(
            "type: expected one the engine does not decode, found " + type);
      }
      if (readers.putIfAbsent(type, reader) != null) {
        throw new IllegalStateException("a reader for " + type + " was already allowed");
      }
      return this;
    }

    /**
     * More threads than the one that calls: while a JPEG is decoded, others resize and encode its
     * variants. What comes out is the same.
     *
     * @param executor of the host, which ends it; it may run what it is given late, or refuse it.
     *     The engine never waits for a task to begin, and a task that begins after the call has
     *     ended does nothing. The engine starts no threads. What they do is counted towards the
     *     costs of the variants
     * @param most how many tasks of one call are given to it at a time, 0 or more
     */
    public Builder helpers(Executor executor, int most) {
      helpers = new Helpers(executor, most);
      return this;
    }

    /** The engine. */
    public ImageTransformer build() {
      return new ImageTransformer(
          readers.isEmpty() ? OtherReaders.NONE : new AllowedReaders(readers), helpers);
    }
  }

  @Override
  public TransformerId id() {
    return ID;
  }

  @Override
  public boolean inspects(MediaType source) {
    return decodes(source) || Headers.measures(source);
  }

  @Override
  public boolean accepts(MediaType source, Transformation resolved) {
    return decodes(source)
        && resolved.format() != Format.AUTO
        && (resolved.format() != Format.WEBP || WebpNative.available());
  }

  private boolean decodes(MediaType type) {
    return Headers.decodes(type) || RawPreview.in(type) || others.types().contains(type);
  }

  @Override
  public Facts inspect(Source source, Budget budget) {
    return guarded(source, in -> Inspector.inspect(in, source.type(), others, ID, budget), budget);
  }

  @Override
  public List<Rendition> render(Source source, List<Transformation> wanted, Budget budget) {
    Operations operations =
        new Operations(
            source, new Passes(others, helpers), new Animations(), ImageTransformer::copy, budget);
    return guarded(source, in -> operations.render(wanted), budget);
  }

  private static Optional<Rendition> copy(Source source, Transformation recipe, Budget budget) {
    return guarded(source, in -> Stripped.copy(in, recipe, budget), budget);
  }

  private static final class Animations implements Operations.Animator {
    @Override
    public boolean moves(Source source, Budget budget) {
      return Animation.reads(source.type())
          && guarded(
              source, in -> Headers.read(in, source.type(), budget.limits()).frames() > 1, budget);
    }

    @Override
    public Rendition render(
        Source source, Transformation recipe, Animation.Last last, Budget budget) {
      return guarded(
          source,
          in -> {
            Limits limits = budget.limits();
            Origin origin = Origin.of(in, Headers.read(in, source.type(), limits), limits);
            return Animation.render(origin, recipe, last, budget);
          },
          budget);
    }
  }

  private record Passes(OtherReaders others, Helpers helpers) implements Operations.Engine {
    @Override
    public <T> List<T> pass(Source source, List<Job<T>> jobs, Budget budget) {
      return jobs.isEmpty()
          ? List.of()
          : guarded(source, in -> pass(in, source, jobs, budget), budget);
    }

    private <T> List<T> pass(Bytes in, Source source, List<Job<T>> jobs, Budget budget)
        throws IOException {
      Limits limits = budget.limits();
      if (RawPreview.in(source.type())) {
        return JpegBurst.render(preview(in, limits), jobs, helpers, budget);
      }
      Origin origin = Origin.of(in, Headers.read(in, source.type(), limits, others), limits);
      if (source.type().equals(MediaType.JPEG)) {
        return JpegBurst.render(origin, jobs, helpers, budget);
      }
      if (source.type().equals(MediaType.PNG)) {
        return PngBurst.render(origin, jobs, budget);
      }
      List<T> done = new ArrayList<>();
      for (Job<T> job : jobs) {
        done.add(new Renderer<>(origin, job, budget).render());
      }
      return List.copyOf(done);
    }

    /** The preview is stored as the sensor saw it; the raw picture says how it is turned. */
    private static Origin preview(Bytes in, Limits limits) throws IOException {
      RawPreview.Found preview =
          RawPreview.find(in, limits)
              .orElseThrow(
                  () ->
                      new TransformationException(
                          "the raw picture is kept as it is: it holds no preview that can be"
                              + " decoded",
                          null,
                          false));
      Metadata.Exif exif = Metadata.ofTiff(in, limits);
      int said = exif.orientation();
      return new Origin(preview.in(), preview.header(), said == 0 ? 1 : said, exif.rights());
    }
  }

  private interface Work<T> {
    T on(Bytes in) throws IOException;
  }

  /** The one place where what decoders throw is told apart. */
  private static <T> T guarded(Source source, Work<T> work, Budget budget) {
    String type = Headers.name(source.type());
    try (Bytes in = new Bytes(source.file(), budget)) {
      return work.on(in);
    } catch (HfsmException e) {
      throw e;
    } catch (SourceUnreadable e) {
      throw new TransformationException("the source file could not be read", e, true);
    } catch (LinkageError e) {
      throw new TransformationException(
          type + " needs what this JVM does not have, such as the module java.desktop", e, false);
    } catch (OutOfMemoryError e) {
      throw new LimitExceededException(
          "this JVM's heap was too full for the picture; it may be freer later", true);
    } catch (Malformed e) {
      throw new RejectedMediaException("cannot be decoded as " + type + ": " + e.getMessage(), e);
    } catch (IOException | RuntimeException | StackOverflowError | AssertionError e) {
      throw new RejectedMediaException("cannot be decoded as " + type + ": " + words(e), e);
    }
  }

  /** A decoder's message if it was written for people. */
  private static String words(Throwable e) {
    if (e instanceof JpegException || e instanceof PngException || e instanceof GifException) {
      return String.valueOf(e.getMessage());
    }
    return "its data is damaged";
  }
}
