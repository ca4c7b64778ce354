package dev.hfsm.imaging;

import dev.hfsm.error.HfsmException;
import dev.hfsm.error.LimitExceededException;
import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.internal.MemoryPool;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Alpha;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Limits;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A JVM in which two workers inspect every file of some folders and make a variant of each that can
 * be decoded, out of the memory this JVM has for all transformations. Prints a line for each
 * answer, and then what is left behind.
 *
 * <p>Time is the processor time of the worker, so that a busy machine changes nothing; whoever
 * needs more than {@link #LIMIT_MS} is stopped, as by a deadline.
 */
final class HostileMain {

  static final long LIMIT_MS = 10_000;

  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();
  private static final Pattern LIBRARY = Pattern.compile(".*?(/\\S*\\.(?:so|so\\.[0-9.]+))$");

  /** The memory of the JVM and the processor time of the thread that made it. */
  private static final class CpuBudget implements Budget {
    private final long start = CPU.getCurrentThreadCpuTime();
    private long checks;

    long spentMs() {
      return (CPU.getCurrentThreadCpuTime() - start) / 1_000_000;
    }

    @Override
    public Limits limits() {
      return Limits.DEFAULT;
    }

    @Override
    public void check() {
      checks++;
      if (spentMs() > LIMIT_MS) {
        throw new TransformationException("the deadline has passed", null, true);
      }
    }

    @Override
    public Memory reserve(long bytes) {
      return MemoryPool.ofThisJvm().reserve(bytes, Long.MAX_VALUE);
    }

    @Override
    public long largest() {
      return MemoryPool.ofThisJvm().largest();
    }
  }

  private record Task(Path file, MediaType type) {}

  private HostileMain() {}

  public static void main(String[] folders) throws Exception {
    BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    for (String folder : folders) {
      try (var files = Files.walk(Path.of(folder))) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          Corpus.types(file).forEach(type -> tasks.add(new Task(file, type)));
        }
      }
    }
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Thread worker = new Thread(() -> work(tasks), "worker " + i);
      worker.start();
      workers.add(worker);
    }
    for (Thread worker : workers) {
      worker.join();
    }
    leftBehind();
  }

  private static void work(BlockingQueue<Task> tasks) {
    ImageTransformer engine = new ImageTransformer();
    for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
      Source source = new Source(task.type(), Facts.NONE, task.file());
      CpuBudget inspecting = new CpuBudget();
      String first =
          answer(
              () ->
                  "facts "
                      + engine
                          .inspect(source, inspecting)
                          .get(dev.hfsm.model.Fact.WIDTH)
                          .orElse(0));
      report(task, "inspect", inspecting, first);
      Transformation recipe =
          Transformation.image().inside(320, 320).resolve(task.type(), Alpha.PRESENT);
      Transformation wanted = recipe.format() == Format.WEBP ? recipe.format(Format.PNG) : recipe;
      if (engine.accepts(task.type(), wanted)) {
        CpuBudget rendering = new CpuBudget();
        String second =
            answer(
                () ->
                    "variant " + engine.render(source, List.of(wanted), rendering).get(0).width());
        report(task, "render", rendering, second);
      }
    }
  }

  private interface Step {
    String run();
  }

  private static String answer(Step step) {
    try {
      return "ok\t" + step.run();
    } catch (RejectedMediaException e) {
      return "rejected\t" + e.getMessage();
    } catch (LimitExceededException e) {
      return (e.getMessage().contains("heap was too full") ? "HEAP\t" : "limit\t") + e.getMessage();
    } catch (TransformationException e) {
      return (e.retryable() ? "LATE\t" : "refused\t") + e.getMessage();
    } catch (HfsmException e) {
      return "other\t" + e.getMessage();
    } catch (Throwable e) {
      return "ESCAPED\t" + e;
    }
  }

  private static void report(Task task, String step, CpuBudget budget, String answer) {
    System.out.println(
        String.join(
            "\t",
            "answer",
            task.file().toString(),
            task.type().text(),
            step,
            Long.toString(budget.spentMs()),
            Long.toString(budget.checks),
            answer.replace('\n', ' ')));
  }

  private static void leftBehind() throws IOException {
    // Those that the platform has for itself are in other groups.
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      ThreadGroup group = thread.getThreadGroup();
      if (thread != Thread.currentThread() && group != null && group.getName().equals("main")) {
        System.out.println("thread\t" + thread.getName());
      }
    }
    try (var files = Files.walk(Path.of(System.getProperty("java.io.tmpdir")))) {
      files.filter(Files::isRegularFile).forEach(file -> System.out.println("temporary\t" + file));
    }
    libraries().forEach(library -> System.out.println("library\t" + library));
  }

  /** What is mapped into this process; empty where the system does not say. */
  static Set<String> libraries() throws IOException {
    Path maps = Path.of("/proc/self/maps");
    if (!Files.isReadable(maps)) {
      return Set.of();
    }
    return Files.readAllLines(maps).stream()
        .map(LIBRARY::matcher)
        .filter(java.util.regex.Matcher::matches)
        .map(m -> m.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
