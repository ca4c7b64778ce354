package dev.hfsm.benchmarks;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The steps of an asset's life in the ledger. Every operation is one durable transaction; a score
 * is transactions per second of all threads together.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx512m")
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 3)
public class LedgerBenchmark {

  private static final int BATCH = 100;

  /** Assets that are about to be admitted. */
  @State(Scope.Thread)
  public static class Newcomers {

    private List<Admission> admissions = List.of();

    /** Thinks them up. */
    @Setup(Level.Invocation)
    public void prepare(TrialLedger ledger) {
      admissions = Stream.generate(ledger::newcomer).limit(BATCH).toList();
    }
  }

  /** Assets whose inspection is owed. */
  @State(Scope.Thread)
  public static class Owed {

    private final List<Claim> claims = new ArrayList<>();
    private final String worker = "w" + Thread.currentThread().getId();

    /** Admits them. */
    @Setup(Level.Invocation)
    public void prepare(TrialLedger ledger) {
      claims.clear();
      for (int i = 0; i < BATCH; i++) {
        ledger.admit(ledger.newcomer());
      }
    }

    /** Settles what was claimed. */
    @TearDown(Level.Invocation)
    public void settle(TrialLedger ledger) {
      claims.forEach(ledger::fingerprint);
      claims.forEach(ledger::describe);
    }
  }

  /** Assets whose inspection is leased to this thread. */
  @State(Scope.Thread)
  public static class Leased {

    private final List<Claim> claims = new ArrayList<>();
    private final String worker = "w" + Thread.currentThread().getId();

    /** Admits and claims them. */
    @Setup(Level.Invocation)
    public void prepare(TrialLedger ledger) {
      claims.clear();
      for (int i = 0; i < BATCH; i++) {
        ledger.admit(ledger.newcomer());
      }
      for (int i = 0; i < BATCH; i++) {
        claims.add(ledger.claim(worker));
      }
    }
  }

  /** Asset, reference, work and history of a new asset. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void admit(TrialLedger ledger, Newcomers newcomers) {
    newcomers.admissions.forEach(ledger::admit);
  }

  /** A lease on one piece of due work. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void claim(TrialLedger ledger, Owed owed) {
    for (int i = 0; i < BATCH; i++) {
      owed.claims.add(ledger.claim(owed.worker));
    }
  }

  /** A step of an inspection under its fence; two of them finish it. */
  @Benchmark
  @OperationsPerInvocation(2 * BATCH)
  public void advance(TrialLedger ledger, Leased leased) {
    leased.claims.forEach(ledger::fingerprint);
    leased.claims.forEach(ledger::describe);
  }
}
