package dev.hfsm.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.memory.InMemoryBlobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A folder serves one cache of one process, whoever else tries. */
@Timeout(300)
class CacheFolderInUseTest {

  @TempDir Path temporary;

  /** Another process: says whether it was let in. */
  static final class Host {
    private Host() {}

    public static void main(String[] args) {
      try (CachingBlobStore cache = open(Path.of(args[0]))) {
        System.out.print("opened with " + cache.bytes() + " bytes");
      } catch (BlobStoreException e) {
        System.out.print(e.getMessage());
      }
    }
  }

  private static CachingBlobStore open(Path folder) {
    return CachingBlobStore.open(new InMemoryBlobStore(), folder, 1000);
  }

  private static String otherProcess(Path folder) throws IOException, InterruptedException {
    Process host =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Host.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(host.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(host.waitFor()).isZero();
    return said;
  }

  @Test
  void aSecondCacheThatIsRefusedHereLetsNoOtherProcessIn() throws Exception {
    Path folder = Files.createDirectory(temporary.resolve("cache"));
    Path alias = Files.createSymbolicLink(temporary.resolve("alias"), folder);
    try (CachingBlobStore first = open(folder)) {
      assertThat(first.bytes()).isZero();
      for (Path again : new Path[] {folder, alias}) {
        assertThatThrownBy(() -> open(again).close())
            .isInstanceOf(BlobStoreException.class)
            .hasMessageContaining("nobody uses");
      }
      assertThat(otherProcess(folder)).contains("nobody uses");
    }
    assertThat(otherProcess(folder)).startsWith("opened");
    open(alias).close();
  }
}
