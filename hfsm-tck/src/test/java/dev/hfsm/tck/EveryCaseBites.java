package dev.hfsm.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.engine.TestDescriptor;
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
 * @EveryCaseBites.ForEachAdapter
 * final class ThingCases extends ThingContract {        // a name Surefire does not pick up itself
 *   protected Thing newThing() { return EveryCaseBites.underTest(Supplier.class).get(); }
 * }
 * new EveryCaseBites(ThingCases.class).passes(sound);
 * new EveryCaseBites(ThingCases.class).bites(brokenByName);
 * }</pre>
 */
final class EveryCaseBites {

  private static final int AT_A_TIME_FOR_EACH_PROCESSOR = 8;

  /** Finding the cases takes as long as running them: an execution does it once for so many. */
  private static final int ADAPTERS_OF_AN_EXECUTION = 8;

  private static final ThreadLocal<Object> UNDER_TEST = new ThreadLocal<>();
  private static final ThreadLocal<Iterator<Adapter>> ADAPTERS = new ThreadLocal<>();

  /** Of a suite's concrete subclass: its cases are run for one adapter after the other. */
  @Target(ElementType.TYPE)
  @Retention(RetentionPolicy.RUNTIME)
  @ClassTemplate
  @ExtendWith(Adapters.class)
  @interface ForEachAdapter {}

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
    return Objects.requireNonNull(runs(Map.of("sound", adapter)).get("sound")).failures;
  }

  private record Adapter(String name, Object adapter) {}

  /** What came of one adapter. */
  private record Run(Map<String, Boolean> passed, Map<String, Throwable> failures) {
    Run() {
      this(new TreeMap<>(), new TreeMap<>());
    }

    void note(String name, TestExecutionResult result) {
      boolean ok = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
      passed.merge(name, ok, Boolean::logicalAnd);
      if (!ok) {
        failures.put(name, result.getThrowable().orElseGet(AssertionError::new));
      }
    }
  }

  /** Tries several adapters at once: much of the time a case waits for what never comes. */
  private Map<String, Run> runs(Map<String, ?> adapters) {
    Map<String, Run> runs = new ConcurrentHashMap<>();
    Queue<Adapter> left = new ConcurrentLinkedQueue<>();
    adapters.forEach((name, adapter) -> left.add(new Adapter(name, adapter)));
    int processors = Runtime.getRuntime().availableProcessors();
    int count = Math.min(adapters.size(), AT_A_TIME_FOR_EACH_PROCESSOR * processors);
    ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, count));
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        all.add(
            threads.submit(
                () -> {
                  while (!left.isEmpty()) {
                    runs.putAll(runSome(left));
                  }
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
      assertThat(runs.keySet()).as("adapters that were tried").isEqualTo(adapters.keySet());
      return runs;
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError("the suite could not be run: " + e, e);
    } finally {
      threads.shutdownNow();
    }
  }

  private Map<String, Run> runSome(Queue<Adapter> left) {
    List<Adapter> taken = new ArrayList<>();
    ADAPTERS.set(
        Stream.generate(left::poll)
            .limit(ADAPTERS_OF_AN_EXECUTION)
            .takeWhile(Objects::nonNull)
            .peek(taken::add)
            .iterator());
    EngineExecutionResults results;
    try {
      results = EngineTestKit.engine("junit-jupiter").selectors(selectClass(cases)).execute();
    } finally {
      ADAPTERS.remove();
      UNDER_TEST.remove();
    }
    assertThat(results.containerEvents().failed().list()).as("containers that failed").isEmpty();
    assertThat(results.testEvents().skipped().list()).as("cases left out").isEmpty();
    Map<String, Run> runs = new TreeMap<>();
    taken.forEach(adapter -> runs.put(adapter.name, new Run()));
    for (Event event : results.testEvents().finished().list()) {
      Run run = Objects.requireNonNull(runs.get(adapterOf(event)));
      run.note(nameOf(event), event.getRequiredPayload(TestExecutionResult.class));
    }
    assertThat(runs.values())
        .allSatisfy(run -> assertThat(run.passed).as("cases of %s", cases).isNotEmpty());
    return runs;
  }

  /** Takes the adapters of the thread, each when the one before it has been tried. */
  static final class Adapters implements ClassTemplateInvocationContextProvider {

    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
      return true;
    }

    /** Another thread may have taken the last. */
    @Override
    public boolean mayReturnZeroClassTemplateInvocationContexts(ExtensionContext context) {
      return true;
    }

    @Override
    public Stream<ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(
        ExtensionContext context) {
      Iterator<Adapter> adapters =
          Objects.requireNonNull(ADAPTERS.get(), "run this suite by EveryCaseBites");
      return StreamSupport.stream(
              Spliterators.spliteratorUnknownSize(adapters, Spliterator.ORDERED), false)
          .map(Trial::new);
    }
  }

  /** All cases for one adapter. */
  private record Trial(Adapter tried) implements ClassTemplateInvocationContext {

    @Override
    public String getDisplayName(int index) {
      return tried.name;
    }

    @Override
    public void prepareInvocation(ExtensionContext context) {
      UNDER_TEST.set(tried.adapter);
    }
  }

  private static String adapterOf(Event event) {
    TestDescriptor descriptor = event.getTestDescriptor();
    while (!descriptor
        .getUniqueId()
        .getLastSegment()
        .getType()
        .equals("class-template-invocation")) {
      descriptor = descriptor.getParent().orElseThrow();
    }
    return descriptor.getDisplayName();
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
