package dev.hfsm.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.hfsm.imaging.ImageTransformer;
import dev.hfsm.model.Facts;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import net.coobird.thumbnailator.Thumbnails;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of {@link ImageTask} by HFSM's engine on one thread, by Thumbnailator where it has the
 * format, and by sharp if it is installed, in turns in one run. Tells medians.
 */
public final class ImageTasks {

  private static final String USAGE =
      "[--sharp <folder>] [--tasks A,B,...] [--rounds <n>] [--helpers <n>] [--results <folder>]"
          + " [photo.jpg]";

  /** Thumbnailator takes so long that it is asked in one round of so many. */
  private static final int SLOW_ROUNDS = 5;

  private @Nullable Path sharp;
  private @Nullable Path results;
  private @Nullable Path photo;
  private Set<ImageTask> tasks = EnumSet.allOf(ImageTask.class);
  private int rounds = 15;

  private ImageTransformer transformer = new ImageTransformer();
  private final GenerousBudget budget = new GenerousBudget();

  private ImageTasks(String[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--sharp" -> sharp = Path.of(arguments[++i]);
        case "--results" -> results = Path.of(arguments[++i]);
        case "--rounds" -> rounds = Integer.parseInt(arguments[++i]);
        case "--helpers" -> transformer = helped(Integer.parseInt(arguments[++i]));
        case "--tasks" ->
            tasks =
                EnumSet.copyOf(
                    Arrays.stream(arguments[++i].split(",")).map(ImageTask::valueOf).toList());
        default -> photo = Path.of(arguments[i]);
      }
    }
  }

  private static ImageTransformer helped(int helpers) {
    ThreadFactory daemons =
        task -> {
          Thread thread = new Thread(task, "helper");
          thread.setDaemon(true);
          return thread;
        };
    return ImageTransformer.builder()
        .helpers(Executors.newFixedThreadPool(helpers, daemons), helpers)
        .build();
  }

  /** Takes what {@code USAGE} says. */
  public static void main(String[] arguments) throws IOException {
    if (Arrays.asList(arguments).contains("--help")) {
      System.out.println(USAGE);
      return;
    }
    new ImageTasks(arguments).run();
  }

  private void run() throws IOException {
    try (Workbench bench = new Workbench();
        SharpPeer peer = sharp == null ? null : SharpPeer.start(sharp)) {
      TaskInputs inputs = new TaskInputs(bench.folder());
      Path original = photo;
      if (original == null) {
        original = bench.folder().resolve("painted.jpg");
        Landscape.paint(original);
      }
      inputs.make(original);
      System.out.printf(
          "%s %s by %s; %s%n",
          System.getProperty("java.vm.name"),
          System.getProperty("java.vm.version"),
          System.getProperty("java.vendor"),
          peer == null ? "no sharp" : peer.version());
      for (ImageTask task : tasks) {
        measure(task, inputs.file(task.input), peer);
      }
    }
  }

  /** What one contender took, round by round, and made last. */
  private static final class Times {
    private final List<Double> millis = new ArrayList<>();
    private final List<Double> processor = new ArrayList<>();
    private List<Integer> bytes = List.of();

    void add(double time, double cpu, List<Integer> sizes) {
      millis.add(time);
      processor.add(cpu);
      bytes = sizes;
    }

    double median() {
      return median(millis);
    }

    /** What processors were busy for it, which other programs on the machine hardly change. */
    double cpu() {
      return median(processor);
    }

    private static double median(List<Double> values) {
      double[] sorted = values.stream().mapToDouble(m -> m).sorted().toArray();
      return sorted[sorted.length / 2];
    }
  }

  /** One task by all contenders. */
  private record Figures(Times hfsm, Times sharp, Times thumbnailator) {}

  private void measure(ImageTask task, Path input, @Nullable SharpPeer peer) throws IOException {
    double first = hfsm(task, input, new Times());
    for (int round = 0; round < rounds / 2; round++) { // warms up
      round(task, input, peer, round, new Figures(new Times(), new Times(), new Times()));
    }
    Figures figures = new Figures(new Times(), new Times(), new Times());
    for (int round = 0; round < rounds; round++) {
      round(task, input, peer, round, figures);
    }
    print(task, figures, first, allocated(task, input));
  }

  private void round(
      ImageTask task, Path input, @Nullable SharpPeer peer, int round, Figures figures)
      throws IOException {
    hfsm(task, input, figures.hfsm);
    if (peer != null) {
      SharpPeer.Answer answer =
          peer.make(input, task.extension(), ImageTask.QUALITY, task.widths, results);
      figures.sharp.add(answer.nanos() / 1e6, answer.cpuMicros() / 1e3, answer.bytes());
    }
    if (task != ImageTask.B && round % SLOW_ROUNDS == 0) { // it does not write WebP
      long before = cpu();
      double millis = thumbnailator(task, input);
      figures.thumbnailator.add(millis, (cpu() - before) / 1e6, List.of());
    }
  }

  private static void print(ImageTask task, Figures figures, double first, double allocated) {
    double median = figures.hfsm.median();
    System.out.printf(
        Locale.ROOT,
        "%-11s %s: %.1f ms, this thread %.1f ms, %s bytes; %.1f MB allocated, first call %.0f ms%n",
        task,
        task.title,
        median,
        figures.hfsm.cpu(),
        figures.hfsm.bytes,
        allocated,
        first);
    print("sharp", figures.sharp, figures.hfsm);
    print("Thumbnailator", figures.thumbnailator, figures.hfsm);
  }

  private static void print(String peer, Times times, Times ours) {
    if (!times.millis.isEmpty()) {
      System.out.printf(
          Locale.ROOT,
          "%-11s %.2f × %s's %.1f ms, of processors %.2f × %.1f ms, %s bytes%n",
          "",
          ours.median() / times.median(),
          peer,
          times.median(),
          ours.cpu() / times.cpu(),
          times.cpu(),
          times.bytes);
    }
  }

  /** Nanoseconds that this thread has been running. */
  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** Megabytes on the heap. */
  private double allocated(ImageTask task, Path input) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    hfsm(task, input, new Times());
    return (threads.getCurrentThreadAllocatedBytes() - before) / 1e6;
  }

  /** Milliseconds. */
  private double hfsm(ImageTask task, Path input, Times times) throws IOException {
    long begin = System.nanoTime();
    long before = cpu();
    List<byte[]> made = hfsm(task, input);
    double cpu = (cpu() - before) / 1e6;
    double millis = (System.nanoTime() - begin) / 1e6;
    times.add(millis, cpu, made.stream().map(m -> m.length).toList());
    Path folder = results;
    if (folder != null) {
      for (int i = 0; i < made.size(); i++) {
        String name = "hfsm-%d.%s".formatted(task.widths.get(i), task.extension());
        Files.write(folder.resolve(name), made.get(i));
      }
    }
    return millis;
  }

  private List<byte[]> hfsm(ImageTask task, Path input) throws IOException {
    List<Transformation> recipes = task.recipes();
    Source source = new Source(task.input.type, Facts.NONE, input);
    List<byte[]> made = new ArrayList<>();
    for (Rendition rendition : transformer.render(source, recipes, budget)) {
      try (InputStream content = rendition.content().open()) {
        made.add(content.readAllBytes());
      }
    }
    return made;
  }

  /** Milliseconds. */
  private static double thumbnailator(ImageTask task, Path input) throws IOException {
    byte[] file = Files.readAllBytes(input);
    long begin = System.nanoTime();
    for (int width : task.widths) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      var resized =
          Thumbnails.of(new ByteArrayInputStream(file)).width(width).outputFormat(task.extension());
      if (!task.extension().equals("png")) {
        resized.outputQuality(ImageTask.QUALITY / 100f);
      }
      resized.toOutputStream(out);
    }
    return (System.nanoTime() - begin) / 1e6;
  }
}
