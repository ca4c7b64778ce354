package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.imaging.jpegenc.JpegSpec;
import dev.hfsm.model.Facts;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is reserved is enough: each task is done again in a JVM whose heap has what it reserved and
 * the little that the JVM and its classes take.
 */
class ReservedMemoryTest {

  private static final int BESIDES_MB = 20;
  private static final int YOUNG_MB = 4;

  @TempDir Path folder;

  /** Does one task: a file and a recipe, or no recipe to inspect it. */
  static final class Main {
    public static void main(String[] arguments) {
      TestBudget budget = new TestBudget();
      task(Path.of(arguments[0]), arguments.length > 1 ? arguments[1] : "", budget);
      System.out.println("reserved " + budget.mostReserved.get());
    }
  }

  private static void task(Path file, String recipe, TestBudget budget) {
    ImageTransformer engine = new ImageTransformer();
    Source source = new Source(EveryKind.type(file.toString()), Facts.NONE, file);
    if (recipe.isEmpty()) {
      engine.inspect(source, budget);
    } else {
      engine.render(source, List.of(Transformation.parse(recipe)), budget);
    }
  }

  @Test
  void noTaskTakesMoreThanItReserved() throws Exception {
    JpegSpec spec = Samples.spec(3000, 2000);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("baseline.jpg", Samples.jpeg(spec));
    files.put("progressive.jpg", Samples.jpeg(spec.with(JpegSpec.Scans.PROGRESSIVE)));
    files.put("p3.jpg", Samples.jpeg(spec.withProfile(Samples.displayP3())));
    files.put("large.png", Samples.png(3000, 2000, 3));
    files.put("alpha.png", Samples.png(2000, 1000, 4));
    List<List<String>> tasks = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      String path = Files.write(folder.resolve(file.getKey()), file.getValue()).toString();
      tasks.add(List.of(path));
      tasks.add(List.of(path, "w=800,format=jpeg"));
    }
    String progressive = folder.resolve("progressive.jpg").toString();
    String alpha = folder.resolve("alpha.png").toString();
    tasks.add(List.of(progressive, "w=1600,format=png"));
    tasks.add(List.of(progressive, "w=2500,rotate=90,format=jpeg,progressive=true"));
    tasks.add(List.of(alpha, "w=1500,blur=2,format=gif"));
    for (List<String> task : tasks) {
      TestBudget budget = new TestBudget();
      task(Path.of(task.get(0)), task.size() > 1 ? task.get(1) : "", budget);
      long heap = (budget.mostReserved.get() >> 20) + 1 + BESIDES_MB;
      List<String> lines =
          ChildJvm.run(
              List.of(
                  "-Xmx" + heap + "m",
                  "-Xmn" + YOUNG_MB + "m",
                  "-XX:+UseSerialGC",
                  "-XX:+ExitOnOutOfMemoryError"),
              Main.class,
              task);
      assertThat(lines)
          .as(task + " in " + heap + " MB")
          .contains("reserved " + budget.mostReserved.get());
    }
  }
}
