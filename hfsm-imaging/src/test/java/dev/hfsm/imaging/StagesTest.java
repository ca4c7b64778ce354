package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Stage;
import dev.hfsm.transform.Transformation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the engine tells of the time that decoding and encoding take. */
class StagesTest extends EngineFixture {

  private static final Transformation SMALL = Transformation.image().inside(40, 40);

  private static List<Transformation> recipes() {
    return List.of(
        SMALL.format(Format.JPEG),
        SMALL.format(Format.JPEG).rotate(90),
        SMALL.format(Format.JPEG).sharpen(1),
        SMALL.format(Format.JPEG).autoQuality(),
        SMALL.format(Format.PNG),
        SMALL.format(Format.GIF));
  }

  private Duration timed(Source source, List<Transformation> recipes, TestBudget budget) {
    long begin = System.nanoTime();
    List<Rendition> made = engine.render(source, recipes, budget);
    Duration all = Duration.ofNanos(System.nanoTime() - begin);
    assertThat(made).hasSameSizeAs(recipes);
    return all;
  }

  @Test
  void decodingAndEncodingTakeTimeAndTogetherNoMoreThanAll() {
    for (Map.Entry<String, byte[]> file : EveryKind.files().entrySet()) {
      MediaType type = EveryKind.type(file.getKey());
      Source source = Pictures.source(folder, type, file.getValue());
      for (Transformation recipe : recipes()) {
        if (engine.accepts(type, recipe)) {
          TestBudget budget = new TestBudget();
          Duration all = timed(source, List.of(recipe), budget);
          isPartOf(all, budget, file.getKey() + " as " + recipe);
        }
      }
    }
  }

  private static void isPartOf(Duration all, TestBudget budget, String what) {
    assertThat(budget.took).as(what).containsOnlyKeys(Stage.values());
    assertThat(budget.took.values()).as(what).allMatch(time -> !time.isZero());
    Duration told = budget.took.values().stream().reduce(Duration.ZERO, Duration::plus);
    assertThat(told).as(what).isLessThanOrEqualTo(all);
  }

  @Test
  void whatIsMadeTogetherIsToldTogether() {
    Source source = Pictures.source(folder, MediaType.JPEG, EveryKind.files().get("baseline.jpg"));
    TestBudget budget = new TestBudget();
    isPartOf(timed(source, recipes(), budget), budget, "all together");
  }

  @Test
  void whatIsCopiedIsNeitherDecodedNorEncoded() {
    Source source = Pictures.source(folder, MediaType.JPEG, EveryKind.files().get("baseline.jpg"));
    TestBudget budget = new TestBudget();
    timed(source, List.of(Transformation.image().strip().format(Format.JPEG)), budget);
    assertThat(budget.took).isEmpty();
  }
}
