package dev.hfsm.imaging;

import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.imaging.png.PngException;
import dev.hfsm.imaging.png.PngInfo;
import dev.hfsm.imaging.png.PngLimits;
import dev.hfsm.imaging.png.PngReader;
import dev.hfsm.imaging.resample.Axis;
import dev.hfsm.imaging.resample.Filter;
import dev.hfsm.imaging.resample.Resampler;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Limits;
import dev.hfsm.transform.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the variants of one PNG. Its rows are read once for all of them, or as often as memory
 * makes necessary.
 */
final class PngBurst {

  private final Origin origin;
  private final Bytes in;
  private final Header header;
  private final Budget budget;

  /** One variant before it is begun. */
  private record Planned<T>(Job<T> job, Geometry geometry) {

    long bytes() {
      Axis across = geometry.across().samples();
      Axis down = geometry.down().samples();
      long ending = job.bytes(geometry.canvasWidth(), geometry.canvasHeight());
      return Resampler.bytes(4, across, down, Filter.LANCZOS3)
          + Finish.bytes(geometry, job.recipe(), ending);
    }
  }

  /** One variant while rows come in. */
  private record Variant<T>(Job<T> job, Geometry geometry, Canvas resized, Resampler resampler) {}

  private PngBurst(Origin origin, Budget budget) {
    this.origin = origin;
    this.in = origin.in();
    this.header = origin.header();
    this.budget = budget;
  }

  static <T> List<T> render(Origin origin, List<Job<T>> jobs, Budget budget) throws IOException {
    List<Planned<T>> planned = new ArrayList<>();
    for (Job<T> job : jobs) {
      Geometry geometry =
          Geometry.of(
              origin.header(), origin.orientation(), job.recipe(), budget.limits().maxPixels());
      job.prepare(geometry.canvasWidth(), geometry.canvasHeight());
      planned.add(new Planned<>(job, geometry));
    }
    return new PngBurst(origin, budget).render(planned);
  }

  /** Takes as many at a time as there is memory for. */
  private <T> List<T> render(List<Planned<T>> wanted) throws IOException {
    List<T> done = new ArrayList<>();
    int from = 0;
    while (from < wanted.size()) {
      try (PngReader reader = open(in, budget)) {
        long bytes = reader.bytes() + 16L * header.width() + (1 << 16);
        int to = from;
        while (to < wanted.size()) {
          long more = wanted.get(to).bytes();
          if (to > from && bytes + more > budget.largest()) {
            break;
          }
          bytes += more;
          to++;
        }
        try (Budget.Memory memory = budget.reserve(bytes)) {
          done.addAll(together(reader, wanted.subList(from, to)));
        }
        from = to;
      }
    }
    return List.copyOf(done);
  }

  static PngReader open(Bytes in, Budget budget) throws IOException {
    Limits limits = budget.limits();
    PngLimits accepted = new PngLimits(limits.maxPixels(), limits.maxMetadataBytes());
    try {
      return PngReader.open(new BytesInput(in), accepted, budget::check);
    } catch (PngException e) {
      if (e.reason() == PngException.Reason.TOO_LARGE) {
        throw new RejectedMediaException("too large: " + e.getMessage(), e);
      }
      throw e;
    }
  }

  private <T> List<T> together(PngReader reader, List<Planned<T>> wanted) throws IOException {
    PngInfo info = reader.info();
    if (info.width() != header.width() || info.height() != header.height()) {
      throw new Malformed("it has more than one header");
    }
    List<Variant<T>> variants = new ArrayList<>();
    for (Planned<T> one : wanted) {
      variants.add(variant(one.job(), one.geometry(), info.channels()));
    }
    read(reader, variants);
    List<T> done = new ArrayList<>();
    for (Variant<T> variant : variants) {
      budget.check();
      done.add(finish(variant, info));
    }
    return done;
  }

  private <T> Variant<T> variant(Job<T> job, Geometry geometry, int channels) {
    Canvas resized =
        new Canvas(
            geometry.across().count(), geometry.down().count(), channels == 2 ? 4 : channels);
    Resampler.Sink sink =
        channels == 2
            ? (y, row) -> resized.storeGreyAlpha(y, row)
            : (y, row) -> resized.store(y, row, channels == 4);
    Resampler resampler =
        new Resampler(
            channels,
            geometry.across().samples(),
            geometry.down().samples(),
            Filter.LANCZOS3,
            sink,
            budget::check);
    return new Variant<>(job, geometry, resized, resampler);
  }

  /**
   * Of each variant only the rows of its source; the file is read to the last of them, at least.
   */
  private <T> void read(PngReader reader, List<Variant<T>> variants) throws IOException {
    PngInfo info = reader.info();
    int channels = info.channels();
    float[] row = new float[info.width() * channels];
    PngFloats source = new PngFloats(reader);
    Stopwatch decoding = new Stopwatch();
    for (int y = 0; next(source, row, decoding); y++) {
      for (Variant<T> variant : variants) {
        var part = variant.geometry().source();
        if (y >= part.y() && y < part.y() + part.height()) {
          variant.resampler().row(row, part.x() * channels);
        }
      }
    }
    decoding.tell(Stage.DECODE, budget);
  }

  private static boolean next(PngFloats source, float[] row, Stopwatch decoding)
      throws IOException {
    decoding.start();
    boolean more = source.next(row);
    decoding.stop();
    return more;
  }

  private <T> T finish(Variant<T> variant, PngInfo info) throws IOException {
    Canvas resized = variant.resized();
    Strip.Model model =
        info.alpha() ? Strip.Model.RGBA : info.channels() == 1 ? Strip.Model.GREY : Strip.Model.RGB;
    Tags tags = origin.tags(variant.job().recipe(), model);
    ColorProfile.@Nullable Use profile =
        tags.icc() != null
            ? null
            : ColorProfile.of(header.icc()).flatMap(known -> known.use(model)).orElse(null);
    Canvas colored = profile == null ? resized : profile.toSrgb(resized);
    Canvas canvas = Finish.apply(colored, variant.geometry(), variant.job().recipe(), budget);
    return variant.job().of(canvas, tags);
  }
}
