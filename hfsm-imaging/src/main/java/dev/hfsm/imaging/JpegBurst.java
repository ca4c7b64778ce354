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
import dev.hfsm.transform.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Makes the variants of one JPEG. The coded data are gone through once for all of them, or as often
 * as memory makes necessary; components that several variants want at the same scale are
 * transformed once.
 */
final class JpegBurst {

  private static final JpegSink NOBODY = (plane, y, rows, samples, stride) -> {};

  private final JpegDecoder decoder;
  private final JpegFrame frame;
  private final Origin origin;
  private final ColorProfile.@Nullable Use profile;
  private final Helpers helpers;
  private final Budget budget;

  private JpegBurst(JpegDecoder decoder, Origin origin, Helpers helpers, Budget budget) {
    this.decoder = decoder;
    this.frame = decoder.frame();
    this.origin = origin;
    this.profile = profile(origin.header(), frame);
    this.helpers = helpers;
    this.budget = budget;
  }

  /** One variant before it is begun. */
  private record Planned<T>(Job<T> job, JpegPlan plan, Tags tags) {}

  static <T> List<T> render(Origin origin, List<Job<T>> jobs, Helpers helpers, Budget budget)
      throws IOException {
    JpegDecoder decoder = open(origin.in(), origin.header(), budget);
    JpegBurst burst = new JpegBurst(decoder, origin, helpers, budget);
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
    Map<Shared, JpegSink> nobody = new LinkedHashMap<>();
    long bytes = 1 << 17;
    for (Planned<T> one : plans) {
      JpegPlan plan = one.plan();
      Geometry geometry = plan.geometry();
      long ending = one.job().bytes(geometry.canvasWidth(), geometry.canvasHeight());
      bytes += JpegVariant.bytes(plan, ending) + 3 * one.tags().bytes();
      for (JpegPlan.Part part : plan.parts()) {
        boolean another = nobody.putIfAbsent(Shared.of(plan, part), NOBODY) == null;
        bytes += another && helpers.exist() ? RowBatches.bytes(frame, part.plane()) : 0;
      }
    }
    return bytes + decoder.bytesNeeded(outputs(nobody));
  }

  private <T> List<T> together(List<Planned<T>> plans) throws IOException {
    List<JpegVariant> variants = new ArrayList<>();
    Map<Shared, List<Integer>> wanted = new LinkedHashMap<>();
    for (Planned<T> one : plans) {
      ColorProfile.Use use = one.tags().icc() == null ? profile : null;
      for (JpegPlan.Part part : one.plan().parts()) {
        wanted
            .computeIfAbsent(Shared.of(one.plan(), part), s -> new ArrayList<>())
            .add(variants.size());
      }
      variants.add(new JpegVariant(one.plan(), frame, use, one.tags(), budget));
    }
    return helpers.exist() ? shared(plans, variants, wanted) : alone(plans, variants, wanted);
  }

  /** On this thread; each row is taken where the decoder has left it. */
  private <T> List<T> alone(
      List<Planned<T>> plans, List<JpegVariant> variants, Map<Shared, List<Integer>> wanted)
      throws IOException {
    Stopwatch taking = new Stopwatch();
    Map<Shared, JpegSink> sinks = new LinkedHashMap<>();
    wanted.forEach(
        (shared, takers) ->
            sinks.put(
                shared,
                unchecked(
                    (plane, y, rows, samples, stride) -> {
                      taking.start();
                      for (int taker : takers) {
                        variants.get(taker).rows(plane, y, rows, samples, stride);
                      }
                      taking.stop();
                    })));
    decode(sinks, budget::check, taking);
    List<T> done = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      budget.check();
      done.add(finish(plans.get(i), variants.get(i)));
    }
    return done;
  }

  /** This thread decodes, and does with the helpers what is to be done besides. */
  private <T> List<T> shared(
      List<Planned<T>> plans, List<JpegVariant> variants, Map<Shared, List<Integer>> wanted)
      throws IOException {
    AtomicReferenceArray<T> done = new AtomicReferenceArray<>(plans.size());
    try (Lines lines = new Lines(helpers.counted(budget), plans.size())) {
      List<Taker> takers = new ArrayList<>();
      variants.forEach(variant -> takers.add(variant::rows));
      RowBatches batches = new RowBatches(lines, takers, frame);
      Stopwatch helping = new Stopwatch();
      Map<Shared, JpegSink> sinks = new LinkedHashMap<>();
      wanted.forEach(
          (shared, by) ->
              sinks.put(
                  shared,
                  (plane, y, rows, samples, stride) ->
                      batches.rows(by, plane, y, rows, samples, stride)));
      decode(
          sinks,
          () -> {
            budget.check();
            helping.start();
            batches.group();
            helping.stop();
          },
          helping);
      batches.send();
      for (int i = 0; i < plans.size(); i++) {
        int line = i;
        lines.add(
            line,
            () -> {
              budget.check();
              done.set(line, finish(plans.get(line), variants.get(line)));
            });
      }
      lines.await(0);
    }
    List<T> all = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      all.add(done.get(i));
    }
    return all;
  }

  private interface Check {
    void run() throws IOException;
  }

  /**
   * @param besides what this thread does meanwhile that is not decoding
   */
  private void decode(Map<Shared, JpegSink> sinks, Check check, Stopwatch besides)
      throws IOException {
    Stopwatch decoding = new Stopwatch();
    decoding.start();
    Runnable unchecked =
        () -> {
          try {
            check.run();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    try {
      if (decoder.decode(outputs(sinks), unchecked) > 0) {
        throw new Malformed("damaged: its data hold codes that mean nothing");
      }
      decoding.stop();
      decoding.without(besides);
      decoding.tell(Stage.DECODE, budget);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
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

  private List<JpegOutput> outputs(Map<Shared, JpegSink> sinks) {
    List<JpegOutput> outputs = new ArrayList<>();
    sinks.forEach(
        (shared, sink) -> {
          List<JpegScale> scales =
              new ArrayList<>(Collections.nCopies(frame.components().size(), JpegScale.NONE));
          scales.set(shared.component(), shared.scale());
          outputs.add(new JpegOutput(shared.region(), scales, sink));
        });
    return outputs;
  }
}
