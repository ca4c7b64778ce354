package dev.hfsm.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The secret that URLs are signed with, kept. */
class KeyFileTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void file() {
    file = folder.resolve("data/serve.key");
  }

  private static void needsPosix() {
    assumeThat(FileSystems.getDefault().supportedFileAttributeViews()).contains("posix");
  }

  @Test
  void itIsMadeOnceAndNobodyElseCanReadIt() throws Exception {
    byte[] secret = KeyFile.readOrMake(file);
    assertThat(secret).hasSize(32).isNotEqualTo(new byte[32]);
    assertThat(KeyFile.readOrMake(file)).isEqualTo(secret);
    try (var left = Files.list(file.getParent())) {
      assertThat(left).containsExactly(file);
    }
    needsPosix();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void ofManyWhoBeginAtOnceAllHaveTheSame() {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    IntStream.range(0, 20)
        .parallel()
        .forEach(
            i -> {
              try {
                seen.add(java.util.HexFormat.of().formatHex(KeyFile.readOrMake(file)));
              } catch (java.io.IOException e) {
                seen.add(e.toString());
              }
            });
    assertThat(seen).hasSize(1);
  }

  @Test
  void oneThatOthersCanReadIsRefused() throws Exception {
    needsPosix();
    KeyFile.readOrMake(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> KeyFile.readOrMake(file)).hasMessageContaining("chmod 600");
  }

  @Test
  void oneThatIsCutShortIsRefusedAndNotReplaced() throws Exception {
    KeyFile.readOrMake(file);
    Files.write(file, new byte[3]);
    assertThatThrownBy(() -> KeyFile.readOrMake(file)).hasMessageContaining("found 3");
    assertThat(Files.size(file)).isEqualTo(3);
  }
}
