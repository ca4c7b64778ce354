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
import java.util.List;
import java.util.concurrent.Executor;
import javax.imageio.IIOException;

/**
 * Reads facts from pictures and makes variants of them, without native decoders of its own: JPEG,
 * PNG, GIF, WebP, BMP, TIFF, Photoshop files and icons are decoded; of AVIF, HEIC and JPEG 2000
 * only the size is read. Of an animation or a file of several pages the first frame is used, but a
 * GIF that becomes a GIF keeps its frames.
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

  private final Helpers helpers;

  /** An engine that works on the threads that call it; any number of threads may share one. */
  public ImageTransformer() {
    this.helpers = Helpers.NONE;
  }

  /**
   * An engine that may use more threads than the one that calls it: while a JPEG is decoded, others
   * resize and encode its variants. What comes out is the same.
   *
   * @param executor of the host, which ends it; it may run what it is given late, or refuse it. The
   *     engine never waits for a task to begin, and a task that begins after the call has ended
   *     does nothing. The engine starts no threads
   * @param most how many tasks of one call are given to it at a time, 0 or more
   */
  public ImageTransformer(Executor executor, int most) {
    this.helpers = new Helpers(executor, most);
  }

  @Override
  public TransformerId id() {
    return ID;
  }

  @Override
  public boolean inspects(MediaType source) {
    return Headers.decodes(source) || Headers.measures(source) || RawPreview.in(source);
  }

  @Override
  public boolean accepts(MediaType source, Transformation resolved) {
    return (Headers.decodes(source) || RawPreview.in(source))
        && resolved.format() != Format.AUTO
        && (resolved.format() != Format.WEBP || WebpNative.available());
  }

  @Override
  public Facts inspect(Source source, Budget budget) {
    return guarded(source, in -> Inspector.inspect(in, source.type(), ID, budget), budget);
  }

  @Override
  public List<Rendition> render(Source source, List<Transformation> wanted, Budget budget) {
    Operations operations =
        new Operations(source, new Passes(helpers), ImageTransformer::animated, budget);
    return guarded(source, in -> operations.render(wanted), budget);
  }

  private static Rendition animated(
      Source source, Transformation recipe, Animation.Last last, Budget budget) {
    return guarded(
        source,
        in -> {
          Header header = Headers.read(in, source.type(), budget.limits());
          return Animation.render(in, header, recipe, last, budget);
        },
        budget);
  }

  private record Passes(Helpers helpers) implements Operations.Engine {
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
      Origin origin = Origin.of(in, Headers.read(in, source.type(), limits), limits);
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
                          "the raw picture is kept as it is: it holds no preview that can be decoded",
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
    String message = e.getMessage();
    if (e instanceof JpegException || e instanceof PngException || e instanceof GifException) {
      return String.valueOf(message);
    }
    boolean readable =
        e instanceof IIOException && message != null && message.matches("\\p{Print}{8,200}");
    return readable && message != null ? message : "its data is damaged";
  }
}
