package dev.hfsm.benchmarks;

import dev.hfsm.internal.Spool;
import dev.hfsm.model.Digest;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Spooling 64 MiB: hash, count and hold. An operation is a MiB, so a score is MiB/s. Files are read
 * from and written to the page cache; nothing is synced.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@OperationsPerInvocation(SpoolBenchmark.MEBIBYTES)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 3)
public class SpoolBenchmark {

  static final int MEBIBYTES = 64;

  /** Where bytes come from. */
  public enum Medium {
    HEAP,
    FILE
  }

  /** Where the bytes come from. */
  @Param({"HEAP", "FILE"})
  public Medium from = Medium.HEAP;

  /** How many bytes are read from there at a time. */
  @Param({"65536", "262144", "1048576"})
  public int chunk;

  private Workbench bench;
  private byte[] bytes;
  private Spool.Incoming incoming;
  private Spool spool;
  private PlainIntake plain;

  /** Brings the bytes into place. */
  @Setup
  public void prepare() throws IOException {
    bench = new Workbench();
    bytes = Incoming.onHeap(MEBIBYTES);
    incoming =
        from == Medium.HEAP
            ? Incoming.chunked(bytes, chunk)
            : Incoming.chunked(Incoming.inFile(bench.folder(), MEBIBYTES), chunk);
    spool = new Spool(bench.folder(), Long.MAX_VALUE);
    plain = new PlainIntake(bench.folder());
  }

  /** Removes the files. */
  @TearDown
  public void clear() throws IOException {
    bench.close();
  }

  /** The spool. */
  @Benchmark
  public Digest spool() {
    try (Spool.Spooled spooled = spool.receive(incoming)) {
      return spooled.blob().digest();
    }
  }

  /** MessageDigest and a file, by hand. */
  @Benchmark
  public byte[] plain() throws IOException {
    return plain.receive(incoming, chunk);
  }

  /** MessageDigest alone: no faster is possible. */
  @Benchmark
  public byte[] hashOnly() {
    return PlainIntake.newHash().digest(bytes);
  }
}
