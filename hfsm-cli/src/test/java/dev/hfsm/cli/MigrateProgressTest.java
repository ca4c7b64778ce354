package dev.hfsm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How far a migration is, where no terminal is. */
class MigrateProgressTest {

  private final StringWriter err = new StringWriter();
  private final AtomicLong now = new AtomicLong(77);

  @Test
  void aRemarkEveryTenSecondsSaysHowMuchHowFastAndHowLong() {
    PrintWriter writer = new PrintWriter(err, true);
    Output output = new Output(writer, writer, Output.Form.TEXT);
    try (MigrateProgress progress = new MigrateProgress(output, finding -> {}, now::get)) {
      progress.planned(100, 1_000_000_000);
      for (int i = 0; i < 20; i++) {
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        progress.copied(5_000_000);
      }
      progress.planned(2, 20_000_000);
    }
    assertThat(err.toString().lines())
        .containsExactly(
            "hfsm: 100 blobs of 1.0 GB to copy",
            "hfsm: copied 10 of 100 blobs, 50.0 MB of 1.0 GB, 5.0 MB/s, about 0:03:10 left",
            "hfsm: copied 20 of 100 blobs, 100.0 MB of 1.0 GB, 5.0 MB/s, about 0:03:00 left",
            "hfsm: came in meanwhile: 2 blobs of 20.0 MB to copy");
  }
}
