package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.LedgerStats;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Scope;
import dev.hfsm.model.WorkKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several JVMs on one SQLite file. */
class SharedFileTest {

  private static final int PROCESSES = 3;
  private static final int ASSETS = 60;
  private static final int SHARED_ASSETS = 20;

  @Test
  void processesLoseNothingAndGetNoWorkTwice(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("ledger.db");
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(start(file, folder, i));
    }
    for (Process process : processes) {
      assertThat(process.waitFor(10, TimeUnit.MINUTES)).as("finished in time").isTrue();
    }
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      // A JVM or a driver may warn of something there; what fails ends with a status.
      String said = Files.readString(folder.resolve(i + ".err"));
      assertThat(processes.get(i).exitValue()).as("process %s, which said: %s", i, said).isZero();
      lines.addAll(Files.readAllLines(folder.resolve(i + ".out")));
    }

    List<String> claimed = with(lines, "claimed ");
    assertThat(claimed).as("claims, by subject").doesNotHaveDuplicates();
    assertThat(with(lines, "fence ")).as("fences").hasSameSizeAs(claimed).doesNotHaveDuplicates();
    int distinct = SHARED_ASSETS + PROCESSES * (ASSETS - SHARED_ASSETS);
    assertThat(with(lines, "created ")).hasSize(distinct).doesNotHaveDuplicates();
    try (HikariDataSource pool =
            new HikariDataSource(TestDatabase.pool(TestDatabase.sqliteUrl(file)));
        JdbcLedger ledger = JdbcLedger.create(pool)) {
      assertThat(with(lines, "admitted "))
          .hasSize(PROCESSES * ASSETS)
          .allSatisfy(id -> assertThat(ledger.reader().asset(AssetId.parse(id))).isPresent());
      LedgerStats stats = ledger.operator().stats(Scope.DEFAULT);
      assertThat(stats.assets()).containsEntry(AssetState.INGESTED, (long) distinct);
      assertThat(stats.duplicates()).isEqualTo((long) PROCESSES * ASSETS - distinct);
    }
  }

  private static List<String> with(List<String> lines, String prefix) {
    return lines.stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()))
        .toList();
  }

  private static Process start(Path file, Path folder, int number) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            Stream.of(
                    List.of(java, "-Xmx128m", "-XX:TieredStopAtLevel=1"),
                    nativeAccess(),
                    List.of("-cp", System.getProperty("java.class.path")),
                    List.of(Child.class.getName(), file.toString(), Integer.toString(number)))
                .flatMap(List::stream)
                .toList())
        .redirectOutput(folder.resolve(number + ".out").toFile())
        .redirectError(folder.resolve(number + ".err").toFile())
        .start();
  }

  /** Newer JDKs warn on standard error about drivers with native code. */
  private static List<String> nativeAccess() {
    return Runtime.version().feature() >= 22
        ? List.of("--enable-native-access=ALL-UNNAMED")
        : List.of();
  }

  /** Admits assets, some of which the others admit too, and claims what it can get. */
  static final class Child {

    private Child() {}

    public static void main(String[] arguments) {
      String worker = "process-" + arguments[1];
      String url = TestDatabase.sqliteUrl(Path.of(arguments[0]));
      try (HikariDataSource pool = new HikariDataSource(TestDatabase.pool(url));
          JdbcLedger ledger = JdbcLedger.create(pool)) {
        ClaimRequest some =
            ClaimRequest.due(worker, EnumSet.allOf(WorkKind.class), 2, Samples.LEASE);
        for (int i = 0; i < ASSETS; i++) {
          String content = i < SHARED_ASSETS ? "shared " + i : worker + " " + i;
          String reference = worker + "/" + i;
          AssetId id = Samples.asset(content);
          Admitted admitted =
              ledger
                  .intake()
                  .admit(Samples.admission(id, reference, ledger.intake().find(id).now()));
          System.out.println("admitted " + id);
          if (admitted.outcome() == Admitted.Outcome.CREATED) {
            System.out.println("created " + id);
          }
          for (Claim claim : ledger.work().claim(some)) {
            System.out.println("claimed " + claim.lease().subject());
            System.out.println("fence " + claim.lease().fence());
          }
        }
      }
    }
  }
}
