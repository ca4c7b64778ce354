package dev.hfsm.benchmarks;

import static dev.hfsm.transform.Transformation.image;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.DeliveryRequest;
import dev.hfsm.delivery.DeliveryResponse;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.embedded.Hfsm;
import dev.hfsm.model.AssetId;
import dev.hfsm.transform.Format;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What delivery itself costs when all is warm, without a server: run with {@code -prof gc}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class DeliveryBenchmark {

  private static final Map<String, List<String>> BROWSER =
      Map.of(
          "Host", List.of("localhost"),
          "User-Agent", List.of("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101"),
          "Accept",
              List.of("image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5"),
          "Accept-Language", List.of("en"),
          "Accept-Encoding", List.of("gzip, deflate"),
          "Connection", List.of("keep-alive"));

  private Workbench bench;
  private AssetPipeline assets;
  private Delivery delivery;
  private String fixed;
  private String negotiated;
  private Map<String, List<String>> again;

  /** Makes both variants. */
  @Setup
  public void start() throws IOException {
    bench = new Workbench();
    assets = Hfsm.embedded(bench.folder()).start();
    SigningKeys keys = SigningKeys.of("k1", new byte[32]);
    delivery = Delivery.of(assets, keys).build();
    AssetId photo = assets.ingest(Upload.of(DeliveryNode.picture())).id();
    AssetUrls urls = AssetUrls.of(assets, keys, "");
    fixed = urls.variant(photo, image().width(600).format(Format.JPEG));
    negotiated = urls.variant(photo, image().width(600));
    written(BROWSER, negotiated);
    try (DeliveryResponse response = delivery.handle(new DeliveryRequest("GET", fixed, BROWSER))) {
      again = Map.of("If-None-Match", List.of(response.header("ETag").orElseThrow()));
    }
  }

  /** Ends all of it. */
  @TearDown
  public void stop() throws IOException {
    assets.close();
    bench.close();
  }

  private long written(Map<String, List<String>> headers, String path) throws IOException {
    try (DeliveryResponse response = delivery.handle(asked(path, headers))) {
      response.body().writeTo(OutputStream.nullOutputStream());
      return response.headers().size() + response.body().size();
    }
  }

  /** As the servers hand it over. */
  private static DeliveryRequest asked(String path, Map<String, List<String>> headers) {
    return new DeliveryRequest("GET", path, name -> headers.getOrDefault(name, List.of()));
  }

  /** A variant of a fixed format. */
  @Benchmark
  public long fixedFormat() throws IOException {
    return written(BROWSER, fixed);
  }

  /** A variant whose format follows from the client's {@code Accept}. */
  @Benchmark
  public long negotiatedFormat() throws IOException {
    return written(BROWSER, negotiated);
  }

  /** A variant that the client has already: 304. */
  @Benchmark
  public long notModified() throws IOException {
    return written(again, fixed);
  }
}
