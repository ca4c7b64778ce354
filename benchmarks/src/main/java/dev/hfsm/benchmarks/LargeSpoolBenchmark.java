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
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Spooling a file of 1 GiB with a heap of 64 MB: a score is seconds for all of it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx64m")
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class LargeSpoolBenchmark {

  private static final int MEBIBYTES = 1024;
  private static final int CHUNK = 1 << 16;

  private Workbench bench;
  private Spool.Incoming incoming;
  private Spool spool;
  private PlainIntake plain;

  /** Writes the file. */
  @Setup
  public void prepare() throws IOException {
    bench = new Workbench();
    incoming = Incoming.chunked(Incoming.inFile(bench.folder(), MEBIBYTES), CHUNK);
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
    return plain.receive(incoming, CHUNK);
  }
}
