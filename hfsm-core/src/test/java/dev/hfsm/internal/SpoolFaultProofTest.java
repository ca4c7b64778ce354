package dev.hfsm.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.hfsm.ProofLine;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.internal.Spool.Spooled;
import java.io.ByteArrayInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every disk call of the spool fails in turn: opening, each write, each short write, closing. */
class SpoolFaultProofTest {

  private static final int CALLS = 50;
  private static final List<String> REASONS =
      List.of("No space left on device", "Input/output error");

  @TempDir Path folder;

  /** Fails at one call, after taking half of it if it is a write. */
  private static final class FaultyFiles implements Spool.Opener {
    final int failAt;
    final String reason;
    int calls;
    int open;

    FaultyFiles(int failAt, String reason) {
      this.failAt = failAt;
      this.reason = reason;
    }

    private boolean fails() {
      return calls++ == failAt;
    }

    @Override
    public OutputStream open(Path file) throws IOException {
      if (fails()) {
        throw new IOException(reason);
      }
      open++;
      OutputStream real = Files.newOutputStream(file, StandardOpenOption.WRITE);
      return new FilterOutputStream(real) {
        private boolean closed;

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          boolean fails = fails();
          real.write(bytes, offset, fails ? length / 2 : length);
          if (fails) {
            throw new IOException(reason);
          }
        }

        @Override
        public void close() throws IOException {
          if (!closed) {
            closed = true;
            open--;
            real.close();
            if (fails()) {
              throw new IOException(reason);
            }
          }
        }
      };
    }
  }

  @Test
  void everyCallThatFailsEndsInAClearErrorAndLeavesNothing() throws IOException {
    ProofLine line = new ProofLine("g4", "spool faults");
    byte[] content = new byte[Spool.MEMORY + 3_200_000];
    new Random(line.seed()).nextBytes(content);
    int runs = 0;
    for (String reason : REASONS) {
      for (int call = 0; call < CALLS; call++, runs++) {
        FaultyFiles files = new FaultyFiles(call, reason);
        Spool spool = new Spool(folder, content.length, files);
        Throwable error =
            catchThrowable(() -> spool.receive(() -> new ByteArrayInputStream(content)).close());
        assertThat(error)
            .as("call %d of %d: %s", call, files.calls, reason)
            .isInstanceOf(BlobStoreException.class)
            .hasMessageContaining(reason);
        assertThat(files.open).as("open files after call %d", call).isZero();
        assertThat(left()).as("files left after call %d", call).isEmpty();
      }
    }
    FaultyFiles healthy = new FaultyFiles(-1, "");
    try (Spooled spooled =
        new Spool(folder, content.length, healthy)
            .receive(() -> new ByteArrayInputStream(content))) {
      assertThat(spooled.content().open().readAllBytes()).isEqualTo(content);
    }
    assertThat(healthy.calls).as("calls of an upload").isGreaterThanOrEqualTo(CALLS);
    line.write(
        0,
        "no space and input/output error, after half a write, at each of the first %d calls for one"
            + " upload: %d uploads refused, no file and no descriptor left",
        CALLS,
        runs);
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
