package dev.hfsm.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Ingested;
import dev.hfsm.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Memory does not grow with the size of an upload. One GiB by default; {@code -Dhfsm.stream.gib=10}
 * for the long form.
 */
class LargeStreamTest {

  private static final int GIB = Integer.getInteger("hfsm.stream.gib", 1);

  @TempDir Path folder;

  @Test
  void aStreamFarLargerThanTheHeapIsIngested() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                LargeStreamTest.class.getName(),
                folder.toString(),
                Integer.toString(GIB))
            .redirectErrorStream(true)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
    System.out.println("[large stream] " + said.strip());
    assertThat(said).contains("CREATED " + ((long) GIB << 30));
    assertThat(child.exitValue()).isZero();
  }

  /** Runs in the child. */
  public static void main(String[] args) throws IOException {
    long size = Long.parseLong(args[1]) << 30;
    try (AssetPipeline assets =
        Hfsm.embedded(Path.of(args[0], "data")).maxUploadBytes(size).build()) {
      long start = System.nanoTime();
      Ingested ingested = assets.ingest(Upload.of(new Noise(size)));
      System.out.printf(
          "%s %d in %.1f s at -Xmx%dm%n",
          ingested.outcome(),
          ingested.size(),
          (System.nanoTime() - start) / 1e9,
          Runtime.getRuntime().maxMemory() >> 20);
    }
  }

  /** Bytes that do not repeat soon, made as fast as they are read. */
  private static final class Noise extends InputStream {
    private final SplittableRandom random = new SplittableRandom(1);
    private final byte[] block = new byte[1 << 16];
    private long left;

    Noise(long size) {
      left = size;
      random.nextBytes(block);
    }

    @Override
    public int read() {
      throw new AssertionError("large uploads are not read byte by byte");
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (left == 0) {
        return -1;
      }
      int n = (int) Math.min(Math.min(length, block.length), left);
      block[(int) (left % block.length)]++;
      System.arraycopy(block, 0, target, offset, n);
      left -= n;
      return n;
    }
  }
}
