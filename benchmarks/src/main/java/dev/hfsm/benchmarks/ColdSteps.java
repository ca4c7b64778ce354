package dev.hfsm.benchmarks;

import static dev.hfsm.transform.Transformation.image;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.DeliveryRequest;
import dev.hfsm.delivery.DeliveryResponse;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.filesystem.FileSystemBlobStore;
import dev.hfsm.imaging.ImageTransformer;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Transformer;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Where the time of a first request goes: {@code java -cp benchmarks.jar
 * dev.hfsm.benchmarks.ColdSteps [SQLITE | POSTGRESQL] [variants] [pause]}. Variants that nobody has
 * made are asked for one after the other, {@code pause} milliseconds apart, without a server. Tells
 * of each call to ledger, store and transformer when it began, counted from the request, how long
 * it took, in which part of the requests it was made, and on which kind of thread; medians, in
 * milliseconds. The first quarter warms up and is not counted.
 */
public final class ColdSteps {

  private static final Set<String> ROLES =
      Set.of("intake", "work", "collector", "reader", "operator", "custody", "costs");

  private final Queue<Step> steps = new ConcurrentLinkedQueue<>();

  private ColdSteps() {}

  /** A call, in nanoseconds. */
  private record Step(String name, String thread, long begin, long end) {}

  /** What was found of one kind of call. */
  private record Found(List<Double> begins, List<Double> durations) {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    TrialLedger trial = new TrialLedger();
    trial.database = TrialLedger.Database.valueOf(args.length > 0 ? args[0] : "SQLITE");
    int variants = args.length > 1 ? Integer.parseInt(args[1]) : 200;
    long pause = args.length > 2 ? Long.parseLong(args[2]) : 0;
    trial.open();
    try (Workbench bench = new Workbench();
        BlobStore files = FileSystemBlobStore.open(bench.folder().resolve("blobs"))) {
      new ColdSteps().run(trial.ledger(), files, variants, pause);
    } finally {
      trial.close();
    }
  }

  private void run(AssetLedger ledger, BlobStore files, int variants, long pause)
      throws IOException, InterruptedException {
    SigningKeys keys = SigningKeys.of("k1", new byte[32]);
    List<Double> all = new ArrayList<>();
    List<Double> beyond = new ArrayList<>();
    Map<String, Found> found = new LinkedHashMap<>();
    try (AssetPipeline assets =
        AssetPipeline.builder()
            .ledger(watched(ledger))
            .blobs(timed(BlobStore.class, "store", files))
            .transformer(timed(Transformer.class, "transformer", new ImageTransformer()))
            .start()) {
      AssetId photo = assets.ingest(Upload.of(DeliveryNode.picture())).id();
      assets.awaitInspected(photo, Duration.ofMinutes(1));
      Delivery delivery = Delivery.of(assets, keys).build();
      AssetUrls urls = AssetUrls.of(assets, keys, "");
      for (int i = 0; i < variants; i++) {
        String url = urls.variant(photo, image().width(200 + i).quality(77).format(Format.JPEG));
        TimeUnit.MILLISECONDS.sleep(pause); // so that what the last one left behind has ended
        steps.clear();
        long begin = System.nanoTime();
        double transform;
        try (DeliveryResponse response = delivery.handle(DeliveryRequest.get(url))) {
          response.body().writeTo(OutputStream.nullOutputStream());
          transform = ServerTiming.making(response.header("Server-Timing").orElse(""));
        }
        long end = System.nanoTime();
        if (i >= variants / 4) {
          all.add((end - begin) / 1e6);
          beyond.add((end - begin) / 1e6 - transform);
          note(found, begin, end);
        }
      }
    }
    print(all, beyond, found);
  }

  private AssetLedger watched(AssetLedger ledger) {
    return (AssetLedger)
        Proxy.newProxyInstance(
            AssetLedger.class.getClassLoader(),
            new Class<?>[] {AssetLedger.class},
            (proxy, method, arguments) -> {
              Object role = method.invoke(ledger, arguments);
              return ROLES.contains(method.getName())
                  ? timed(raw(method.getReturnType()), method.getName(), role)
                  : role;
            });
  }

  @SuppressWarnings("unchecked")
  private static Class<Object> raw(Class<?> type) {
    return (Class<Object>) type;
  }

  private <T> T timed(Class<T> type, String name, T target) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              long begin = System.nanoTime();
              try {
                return method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              } finally {
                steps.add(
                    new Step(
                        name + "." + method.getName(),
                        Thread.currentThread().getName().replaceAll("[0-9]+", ""),
                        begin,
                        System.nanoTime()));
              }
            });
    return type.cast(proxy);
  }

  private void note(Map<String, Found> found, long begin, long end) {
    for (Step step : steps) {
      if (step.begin() >= begin && step.begin() <= end) {
        Found one =
            found.computeIfAbsent(
                "%-28s %-18s".formatted(step.name(), step.thread()),
                name -> new Found(new ArrayList<>(), new ArrayList<>()));
        one.begins().add((step.begin() - begin) / 1e6);
        one.durations().add((step.end() - step.begin()) / 1e6);
      }
    }
  }

  private static void print(List<Double> all, List<Double> beyond, Map<String, Found> found) {
    System.out.printf(
        Locale.ROOT,
        "%d requests: %.2f ms, of which beyond the transformation p50 %.2f, p90 %.2f, p99 %.2f%n",
        all.size(),
        at(all, 0.5),
        at(beyond, 0.5),
        at(beyond, 0.9),
        at(beyond, 0.99));
    found.entrySet().stream()
        .filter(entry -> entry.getValue().begins().size() * 10 >= all.size())
        .sorted(Comparator.comparingDouble(entry -> at(entry.getValue().begins(), 0.5)))
        .forEach(
            entry ->
                System.out.printf(
                    Locale.ROOT,
                    "%s at %6.2f for %6.3f, %.2f in each%n",
                    entry.getKey(),
                    at(entry.getValue().begins(), 0.5),
                    at(entry.getValue().durations(), 0.5),
                    (double) entry.getValue().begins().size() / all.size()));
  }

  private static double at(List<Double> values, double part) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[Math.min(sorted.length - 1, (int) (sorted.length * part))];
  }
}
