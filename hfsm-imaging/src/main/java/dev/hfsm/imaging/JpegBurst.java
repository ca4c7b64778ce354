package dev.hfsm.imaging;

import dev.hfsm.imaging.jpeg.JpegDecoder;
import dev.hfsm.imaging.jpeg.JpegFrame;
import dev.hfsm.imaging.jpeg.JpegInput;
import dev.hfsm.imaging.jpeg.JpegOutput;
import dev.hfsm.imaging.jpeg.JpegPlane;
import dev.hfsm.imaging.jpeg.JpegRegion;
import dev.hfsm.imaging.jpeg.JpegScale;
import dev.hfsm.imaging.jpeg.JpegSink;
import dev.hfsm.transform.Budget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the variants of one JPEG. The coded data are gone through once for all of them, or as often
 * as memory makes necessary; components that several variants want at the same scale are
 * transformed once.
 */
final class JpegBurst {

  private final JpegDecoder decoder;
  private final JpegFrame frame;
  private final Origin origin;
  private final ColorProfile.@Nullable Use profile;
  private final Budget budget;

  private JpegBurst(JpegDecoder decoder, Origin origin, Budget budget) {
    this.decoder = decoder;
    this.frame = decoder.frame();
    this.origin = origin;
    this.profile = profile(origin.header(), frame);
    this.budget = budget;
  }

  /** One variant before it is begun. */
  private record Planned<T>(Job<T> job, JpegPlan plan, Tags tags) {}

  static <T> List<T> render(Origin origin, List<Job<T>> jobs, Budget budget) throws IOException {
    JpegDecoder decoder = open(origin.in(), origin.header(), budget);
    JpegBurst burst = new JpegBurst(decoder, origin, budget);
    List<Planned<T>> planned = new ArrayList<>();
    for (Job<T> job : jobs) {
      planned.add(burst.planned(job));
    }
    return burst.render(planned);
  }

  private <T> Planned<T> planned(Job<T> job) throws IOException {
    Geometry geometry =
        Geometry.of(
            origin.header(), origin.orientation(), job.recipe(), budget.limits().maxPixels());
    job.prepare(geometry.canvasWidth(), geometry.canvasHeight());
    Tags tags = origin.tags(job.recipe(), model(frame));
    boolean asItIs = job.direct() && (profile == null || tags.icc() != null);
    return new Planned<>(job, JpegPlan.of(frame, geometry, job.recipe(), asItIs), tags);
  }

  static ColorProfile.@Nullable Use profile(Header header, JpegFrame frame) {
    return ColorProfile.of(header.icc()).flatMap(known -> known.use(model(frame))).orElse(null);
  }

  /** Reads the headers; what they say is what our own reader of them found. */
  static JpegDecoder open(Bytes in, Header header, Budget budget) throws IOException {
    JpegDecoder decoder =
        JpegDecoder.open(
            new JpegInput() {
              @Override
              public long size() {
                return in.size();
              }

              @Override
              public int read(long at, byte[] into, int offset, int length) {
                return in.read(at, into, offset, length);
              }
            },
            budget.limits().maxScans());
    JpegFrame frame = decoder.frame();
    if (frame.width() != header.width() || frame.height() != header.height()) {
      throw new Malformed("it has more than one frame");
    }
    return decoder;
  }

  static Strip.Model model(JpegFrame frame) {
    return switch (frame.components().size()) {
      case 1 -> Strip.Model.GREY;
      case 3 -> Strip.Model.RGB;
      default -> Strip.Model.CMYK;
    };
  }

  /** Takes as many at a time as there is memory for. */
  private <T> List<T> render(List<Planned<T>> plans) throws IOException {
    List<T> done = new ArrayList<>();
    int from = 0;
    while (from < plans.size()) {
      int to = from + 1;
      while (to < plans.size() && bytes(plans.subList(from, to + 1)) <= budget.largest()) {
        to++;
      }
      List<Planned<T>> together = plans.subList(from, to);
      try (Budget.Memory memory = budget.reserve(bytes(together))) {
        done.addAll(together(together));
      }
      from = to;
    }
    return List.copyOf(done);
  }

  private <T> long bytes(List<Planned<T>> plans) {
    Map<Shared, List<JpegSink>> nobody = new LinkedHashMap<>();
    long bytes = 1 << 17;
    for (Planned<T> one : plans) {
      JpegPlan plan = one.plan();
      Geometry geometry = plan.geometry();
      long ending = one.job().bytes(geometry.canvasWidth(), geometry.canvasHeight());
      bytes += JpegVariant.bytes(plan, ending) + 3 * one.tags().bytes();
      plan.parts().forEach(part -> nobody.putIfAbsent(Shared.of(plan, part), List.of()));
    }
    return bytes + decoder.bytesNeeded(outputs(nobody));
  }

  private <T> List<T> together(List<Planned<T>> plans) throws IOException {
    List<JpegVariant> variants = new ArrayList<>();
    Map<Shared, List<JpegSink>> sinks = new LinkedHashMap<>();
    for (Planned<T> one : plans) {
      ColorProfile.Use use = one.tags().icc() == null ? profile : null;
      JpegVariant variant = new JpegVariant(one.plan(), frame, use, one.tags(), budget);
      variants.add(variant);
      for (JpegPlan.Part part : one.plan().parts()) {
        sinks
            .computeIfAbsent(Shared.of(one.plan(), part), s -> new ArrayList<>())
            .add(unchecked(variant::rows));
      }
    }
    try {
      if (decoder.decode(outputs(sinks), budget::check) > 0) {
        throw new Malformed("damaged: its data hold codes that mean nothing");
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    List<T> done = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      budget.check();
      done.add(finish(plans.get(i), variants.get(i)));
    }
    return done;
  }

  private static <T> T finish(Planned<T> one, JpegVariant variant) throws IOException {
    if (one.plan().planar().isEmpty()) {
      return one.job().of(variant.pixels(), one.tags());
    }
    Geometry geometry = one.plan().geometry();
    return one.job().of(variant.file(), geometry.canvasWidth(), geometry.canvasHeight());
  }

  /** Takes rows, and may fail to write what it makes of them. */
  interface Taker {
    void rows(JpegPlane plane, int y, int rows, float[] samples, int stride) throws IOException;
  }

  static JpegSink unchecked(Taker taker) {
    return (plane, y, rows, samples, stride) -> {
      try {
        taker.rows(plane, y, rows, samples, stride);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  /** A component at a scale, which may serve several variants. */
  private record Shared(int component, JpegScale scale, JpegRegion region) {
    static Shared of(JpegPlan plan, JpegPlan.Part part) {
      return new Shared(part.component(), part.plane().scale(), plan.region());
    }
  }

  private List<JpegOutput> outputs(Map<Shared, List<JpegSink>> sinks) {
    List<JpegOutput> outputs = new ArrayList<>();
    sinks.forEach(
        (shared, takers) -> {
          List<JpegScale> scales =
              new ArrayList<>(Collections.nCopies(frame.components().size(), JpegScale.NONE));
          scales.set(shared.component(), shared.scale());
          JpegSink all =
              (plane, y, rows, samples, stride) -> {
                for (JpegSink taker : takers) {
                  taker.rows(plane, y, rows, samples, stride);
                }
              };
          outputs.add(new JpegOutput(shared.region(), scales, all));
        });
    return outputs;
  }
}
