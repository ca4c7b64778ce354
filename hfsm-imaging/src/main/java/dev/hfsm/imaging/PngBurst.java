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
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the variants of one PNG. Its rows are read once for all of them, or as often as memory
 * makes necessary.
 */
final class PngBurst {

  private final Bytes in;
  private final Header header;
  private final Budget budget;

  /** One variant while rows come in. */
  private record Variant(
      Transformation recipe, Geometry geometry, Canvas resized, Resampler resampler) {}

  private PngBurst(Bytes in, Header header, Budget budget) {
    this.in = in;
    this.header = header;
    this.budget = budget;
  }

  static List<Rendition> render(
      Bytes in, Header header, int orientation, List<Transformation> wanted, Budget budget)
      throws IOException {
    List<Geometry> geometries = new ArrayList<>();
    for (Transformation recipe : wanted) {
      geometries.add(Geometry.of(header, orientation, recipe, budget.limits().maxPixels()));
    }
    return new PngBurst(in, header, budget).render(wanted, geometries);
  }

  /** Takes as many at a time as there is memory for. */
  private List<Rendition> render(List<Transformation> wanted, List<Geometry> geometries)
      throws IOException {
    List<Rendition> done = new ArrayList<>();
    int from = 0;
    while (from < wanted.size()) {
      try (PngReader reader = open(in, budget)) {
        long bytes = reader.bytes() + 16L * header.width() + (1 << 16);
        int to = from;
        while (to < wanted.size()) {
          long more = bytes(geometries.get(to), wanted.get(to));
          if (to > from && bytes + more > budget.largest()) {
            break;
          }
          bytes += more;
          to++;
        }
        try (Budget.Memory memory = budget.reserve(bytes)) {
          done.addAll(together(reader, wanted.subList(from, to), geometries.subList(from, to)));
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

  private static long bytes(Geometry geometry, Transformation recipe) {
    Axis across = geometry.across().samples();
    Axis down = geometry.down().samples();
    return Resampler.bytes(4, across, down, Filter.LANCZOS3) + Finish.bytes(geometry, recipe);
  }

  private List<Rendition> together(
      PngReader reader, List<Transformation> wanted, List<Geometry> geometries) throws IOException {
    PngInfo info = reader.info();
    if (info.width() != header.width() || info.height() != header.height()) {
      throw new Malformed("it has more than one header");
    }
    List<Variant> variants = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      variants.add(variant(wanted.get(i), geometries.get(i), info.channels()));
    }
    read(reader, variants);
    List<Rendition> done = new ArrayList<>();
    for (Variant variant : variants) {
      budget.check();
      done.add(finish(variant, info));
    }
    return done;
  }

  private Variant variant(Transformation recipe, Geometry geometry, int channels) {
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
    return new Variant(recipe, geometry, resized, resampler);
  }

  /**
   * Of each variant only the rows of its source; the file is read to the last of them, at least.
   */
  private static void read(PngReader reader, List<Variant> variants) throws IOException {
    PngInfo info = reader.info();
    int channels = info.channels();
    float[] row = new float[info.width() * channels];
    PngFloats source = new PngFloats(reader);
    for (int y = 0; source.next(row); y++) {
      for (Variant variant : variants) {
        var part = variant.geometry().source();
        if (y >= part.y && y < part.y + part.height) {
          variant.resampler().row(row, part.x * channels);
        }
      }
    }
  }

  private Rendition finish(Variant variant, PngInfo info) throws IOException {
    Canvas resized = variant.resized();
    Strip.Model model =
        info.alpha() ? Strip.Model.RGBA : info.channels() == 1 ? Strip.Model.GREY : Strip.Model.RGB;
    ColorProfile.@Nullable Use profile =
        ColorProfile.of(header.icc()).flatMap(known -> known.use(model)).orElse(null);
    Canvas colored = profile == null ? resized : profile.toSrgb(resized);
    Canvas canvas = Finish.apply(colored, variant.geometry(), variant.recipe(), budget);
    budget.check();
    byte[] content = Encoder.encode(canvas, variant.recipe(), budget);
    return Encoder.rendition(variant.recipe(), canvas.width, canvas.height, content);
  }
}
