package dev.hfsm.benchmarks;

import dev.hfsm.AssetPipeline;
import dev.hfsm.PipelineBuilder;
import dev.hfsm.Upload;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.DeliveryRequest;
import dev.hfsm.delivery.DeliveryResponse;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Whether the time of an answer tells an asset that is private from one that is not there: {@code
 * java -cp benchmarks.jar dev.hfsm.benchmarks.PrivateOrUnknown [memory | SQLITE | POSTGRESQL]
 * [requests] [rounds]}. Asks for presets of both, in random order, and compares the two sets of
 * times by the two-sample test of Kolmogorov and Smirnov: p is how likely two sets of the same kind
 * are to be as far apart. {@code each once} asks for another asset every time, so that each answer
 * takes a look-up; {@code again} asks for the same ones, whose answers are remembered; {@code
 * control} does so of two sets that are both not there, and says what the machine itself makes of
 * nothing.
 */
public final class PrivateOrUnknown {

  private static final SigningKeys KEYS = SigningKeys.of("k1", new byte[32]);
  private static final Duration PATIENT = Duration.ofMinutes(2);

  private PrivateOrUnknown() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    String medium = args.length > 0 ? args[0] : "memory";
    int requests = args.length > 1 ? Integer.parseInt(args[1]) : 2000;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
    if (medium.equals("memory")) {
      compare(new InMemoryLedger(InstantSource.system()), requests, rounds);
      return;
    }
    TrialLedger trial = new TrialLedger();
    trial.database = TrialLedger.Database.valueOf(medium);
    trial.open();
    try {
      compare(trial.ledger(), requests, rounds);
    } finally {
      trial.close();
    }
  }

  private static void compare(AssetLedger ledger, int requests, int rounds) {
    InMemoryBlobStore blobs = new InMemoryBlobStore();
    List<AssetId> hidden = new ArrayList<>();
    List<AssetId> unknown = new ArrayList<>();
    // Those of the first round warm the code up and are not counted.
    try (AssetPipeline intake = pipeline(ledger, blobs).start()) {
      for (int i = 0; i < requests * (rounds + 1); i++) {
        Upload upload = Upload.of(bytes(2 * i)).named("IMG_%05d.JPG".formatted(i));
        hidden.add(intake.ingest(upload).id());
        unknown.add(AssetId.of(Digest.ofContent(bytes(2 * i + 1))));
      }
      hidden.forEach(id -> intake.awaitInspected(id, PATIENT));
    }
    try (AssetPipeline still = pipeline(ledger, blobs).build()) {
      Delivery delivery = Delivery.of(still, KEYS).build();
      AssetUrls urls = AssetUrls.of(still, KEYS, "");
      Random order = new Random(20261128);
      for (int round = 0; round <= rounds; round++) {
        int from = round * requests;
        List<String> one = urls(urls, hidden.subList(from, from + requests));
        List<String> two = urls(urls, unknown.subList(from, from + requests));
        String cold = ask(delivery, one, two, order);
        String warm = ask(delivery, repeated(one), repeated(two), order);
        List<String> control = two.subList(two.size() / 2, two.size());
        String same =
            ask(delivery, repeated(control), repeated(two.subList(0, control.size())), order);
        if (round > 0) {
          System.out.printf(
              "round %d  each once: %s%n         again:     %s%n         control:   %s%n",
              round, cold, warm, same);
        }
      }
    }
  }

  /** Twenty of them, again and again: that every URL takes a little longer or less is averaged. */
  private static List<String> repeated(List<String> urls) {
    List<String> some = urls.subList(0, Math.min(20, urls.size()));
    return IntStream.range(0, urls.size()).mapToObj(i -> some.get(i % some.size())).toList();
  }

  private static PipelineBuilder pipeline(AssetLedger ledger, InMemoryBlobStore blobs) {
    return AssetPipeline.builder()
        .ledger(ledger)
        .blobs(blobs)
        .transformer(new Describing())
        .preset("thumb", Transformation.image().cover(320, 320));
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(8).putInt(0x01020304).putInt(number).array();
  }

  private static List<String> urls(AssetUrls urls, List<AssetId> assets) {
    return assets.stream().map(id -> urls.preset(id, "thumb")).toList();
  }

  /** Asks for all of both in random order, and says how far apart the times are. */
  private static String ask(Delivery delivery, List<String> one, List<String> two, Random random) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < one.size() + two.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    double[] first = new double[one.size()];
    double[] second = new double[two.size()];
    for (int i : order) {
      boolean isFirst = i < first.length;
      String url = isFirst ? one.get(i) : two.get(i - first.length);
      double micros = micros(delivery, url);
      if (isFirst) {
        first[i] = micros;
      } else {
        second[i - first.length] = micros;
      }
    }
    Arrays.sort(first);
    Arrays.sort(second);
    double distance = distance(first, second);
    return "private p50 %.1f us, unknown p50 %.1f us, D = %.4f, p = %.3f"
        .formatted(
            first[first.length / 2],
            second[second.length / 2],
            distance,
            probability(distance, first.length, second.length));
  }

  private static double micros(Delivery delivery, String url) {
    DeliveryRequest request = DeliveryRequest.get(url);
    long begin = System.nanoTime();
    try (DeliveryResponse response = delivery.handle(request)) {
      response.body().writeTo(OutputStream.nullOutputStream());
      long end = System.nanoTime();
      if (response.status() != 404) {
        throw new IllegalStateException("expected 404, found " + response.status());
      }
      return (end - begin) / 1e3;
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The largest distance between the two distribution functions; both are in order. */
  private static double distance(double[] one, double[] two) {
    double largest = 0;
    int i = 0;
    int j = 0;
    while (i < one.length && j < two.length) {
      double at = Math.min(one[i], two[j]);
      while (i < one.length && one[i] <= at) {
        i++;
      }
      while (j < two.length && two[j] <= at) {
        j++;
      }
      largest = Math.max(largest, Math.abs(i / (double) one.length - j / (double) two.length));
    }
    return largest;
  }

  /** The asymptotic distribution, with Stephens' correction for samples that are not large. */
  private static double probability(double distance, int one, int two) {
    double n = Math.sqrt(one * (double) two / (one + two));
    double lambda = (n + 0.12 + 0.11 / n) * distance;
    double sum = 0;
    for (int k = 1; k <= 100; k++) {
      sum += (k % 2 == 1 ? 2 : -2) * Math.exp(-2 * k * k * lambda * lambda);
    }
    return lambda < 0.2 ? 1 : Math.max(0, Math.min(1, sum));
  }

  /** Knows as much of every asset as is known of a photo. */
  private static final class Describing extends InspectOnly {
    @Override
    public Facts inspect(Source source, Budget budget) {
      return Facts.of(Fact.WIDTH, 4000)
          .with(Fact.HEIGHT, 3000)
          .with(Fact.UPRIGHT_WIDTH, 4000)
          .with(Fact.UPRIGHT_HEIGHT, 3000)
          .with(Fact.MAKE, "Maker")
          .with(Fact.MODEL, "Model")
          .with(Fact.INSPECTOR, id());
    }
  }
}
