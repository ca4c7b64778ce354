package dev.hfsm.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/**
 * Proves a contract suite: a sound adapter passes every case, every broken adapter fails one, and
 * every case fails on some broken adapter. A case that never fails checks nothing.
 *
 * <p>The suite's concrete subclass takes its adapter from {@link #underTest}:
 *
 * <pre>{@code
 * final class ThingCases extends ThingContract {        // a name Surefire does not pick up itself
 *   protected Thing newThing() { return EveryCaseBites.underTest(Supplier.class).get(); }
 * }
 * new EveryCaseBites(ThingCases.class).passes(sound);
 * new EveryCaseBites(ThingCases.class).bites(brokenByName);
 * }</pre>
 */
final class EveryCaseBites {

  private static final int AT_A_TIME_FOR_EACH_PROCESSOR = 4;
  private static final InheritableThreadLocal<Object> UNDER_TEST = new InheritableThreadLocal<>();

  private final Class<?> cases;

  /**
   * @param cases the concrete suite
   */
  EveryCaseBites(Class<?> cases) {
    this.cases = cases;
  }

  /**
   * What the execution under way is about, as it was given to {@link #passes} or {@link #bites}.
   */
  static <A> A underTest(Class<A> type) {
    return type.cast(UNDER_TEST.get());
  }

  /** Checks that a sound adapter passes every case, and that no case was left out. */
  void passes(Object sound) {
    assertThat(failures(sound)).as("cases that fail on the sound adapter").isEmpty();
  }

  /**
   * Checks that each broken adapter is caught, yet works on the whole (one that cannot do anything
   * would be caught by everything), and that each case catches one.
   *
   * @param brokenByName adapters, each with one defect
   */
  void bites(Map<String, ?> brokenByName) {
    TreeSet<String> cannotFail = new TreeSet<>();
    Map<String, Object> uncaught = new LinkedHashMap<>();
    Map<String, Integer> useless = new TreeMap<>();
    StringBuilder matrix = new StringBuilder();
    Map<String, Run> runs = runs(brokenByName);
    for (Map.Entry<String, ?> broken : brokenByName.entrySet()) {
      Run run = Objects.requireNonNull(runs.get(broken.getKey()));
      Map<String, Boolean> passed = run.passed;
      Map<String, Throwable> failures = run.failures;
      if (cannotFail.isEmpty() && uncaught.isEmpty() && matrix.isEmpty()) {
        cannotFail.addAll(passed.keySet());
      }
      cannotFail.removeAll(failures.keySet());
      if (failures.isEmpty()) {
        uncaught.put(broken.getKey(), broken.getValue());
      }
      if (failures.size() * 4 > passed.size() * 3) {
        useless.put(broken.getKey(), failures.size());
      }
      matrix.append('\n').append(broken.getKey()).append(": ");
      matrix.append(String.join(", ", failures.keySet()));
    }
    String seen = "%nwhat each broken adapter failed:%s".formatted(matrix);
    assertThat(brokenByName).as("broken adapters").isNotEmpty();
    assertThat(uncaught.keySet()).as("broken adapters that no case catches%s", seen).isEmpty();
    assertThat(cannotFail).as("cases that catch no broken adapter%s", seen).isEmpty();
    assertThat(useless).as("broken adapters that fail nearly everything%s", seen).isEmpty();
  }

  private Map<String, Throwable> failures(Object adapter) {
    return run(adapter).failures;
  }

  /** What came of one adapter. */
  private record Run(Map<String, Boolean> passed, Map<String, Throwable> failures) {}

  /** Tries several adapters at once: much of the time a case waits for what never comes. */
  private Map<String, Run> runs(Map<String, ?> adapters) {
    Map<String, Run> runs = new ConcurrentHashMap<>();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            AT_A_TIME_FOR_EACH_PROCESSOR * Runtime.getRuntime().availableProcessors());
    try {
      List<Future<?>> all = new ArrayList<>();
      adapters.forEach(
          (name, adapter) -> all.add(threads.submit(() -> runs.put(name, run(adapter)))));
      for (Future<?> one : all) {
        one.get();
      }
      return runs;
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError("the suite could not be run: " + e, e);
    } finally {
      threads.shutdownNow();
    }
  }

  private Run run(Object adapter) {
    Map<String, Boolean> passed = new TreeMap<>();
    UNDER_TEST.set(adapter);
    EngineExecutionResults results;
    try {
      results = EngineTestKit.engine("junit-jupiter").selectors(selectClass(cases)).execute();
    } finally {
      UNDER_TEST.remove();
    }
    assertThat(results.containerEvents().failed().list()).as("containers that failed").isEmpty();
    assertThat(results.testEvents().skipped().list()).as("cases left out").isEmpty();
    List<Event> finished = results.testEvents().finished().list();
    assertThat(finished).as("cases of %s", cases).isNotEmpty();
    Map<String, Throwable> failures = new TreeMap<>();
    for (Event event : finished) {
      TestExecutionResult result = event.getRequiredPayload(TestExecutionResult.class);
      boolean ok = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
      passed.merge(nameOf(event), ok, Boolean::logicalAnd);
      if (!ok) {
        failures.put(nameOf(event), result.getThrowable().orElseGet(AssertionError::new));
      }
    }
    return new Run(passed, failures);
  }

  /** Invocations of a parameterized case are one case. */
  private static String nameOf(Event event) {
    return event
        .getTestDescriptor()
        .getSource()
        .filter(MethodSource.class::isInstance)
        .map(MethodSource.class::cast)
        .map(m -> m.getJavaClass().getSimpleName() + "." + m.getMethodName())
        .orElseGet(() -> event.getTestDescriptor().getUniqueId().toString());
  }
}
